// The page under the cursor as its boxes tell it, in the page's own colours; outlines from an import lie over the plain page. `stage.ts` calls it.
import type { Frame } from '../../player/frame.ts';
import type { Rectangle, Run, Scene } from '../../player/scene.ts';
import { meet, type Shift, seenOf } from '../../player/shift.ts';
import { paintBoxes } from './boxes.ts';
import type { Fit } from './fit.ts';
import { beginFrame, pictureOf } from './pictures.ts';

/** Runs of so few boxes are painted in every frame; larger ones once, as pictures. */
const DIRECT_MAX = 40;
/** Viewports that a frame's runs may cover together; what is painted later is left out. */
const COVERED_MAX = 8;
const PAPER = '#fff';

/** Draws into the viewport's place; the context is clipped to it and translated there. */
export function drawSilhouette(context: CanvasRenderingContext2D, frame: Frame, scene: Scene, fit: Fit): void {
  for (const ground of scene.outline ? [] : [PAPER, scene.ground]) {
    context.fillStyle = ground || PAPER;
    context.fillRect(0, 0, fit.width, fit.height);
  }
  beginFrame();
  const { a: ratio, e: left, f: top } = context.getTransform();
  const scale = fit.scale * ratio;
  const place = { left: Math.round(left), top: Math.round(top), scale, hairline: Math.max(1, Math.round(ratio)) };
  const window = { x: 0, y: 0, ...frame.viewport };
  let room = COVERED_MAX * window.width * window.height;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const [i, run] of scene.runs.entries()) {
    const shift = frame.shifts[run.layer] as Shift;
    const seen = meet(seenOf(run, shift), window);
    if (seen.width === 0 || seen.height === 0) continue;
    room -= seen.width * seen.height;
    if (room < 0) break;
    drawRun(context, scene, i, shift, seen, place, window);
  }
  context.restore();
}

interface Place {
  /** The viewport's corner, device px. */
  left: number;
  top: number;
  /** Device px per px of the page. */
  scale: number;
  hairline: number;
}

/** `seen`: what of the run is seen, viewport px. */
function drawRun(
  context: CanvasRenderingContext2D,
  scene: Scene,
  index: number,
  shift: Shift,
  seen: Rectangle,
  place: Place,
  window: Rectangle,
): void {
  const run = scene.runs[index] as Run;
  const originX = place.left + Math.round(shift.x * place.scale);
  const originY = place.top + Math.round(shift.y * place.scale);
  const area = outwards(seen, place);
  if (shift.clip) {
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.width, area.height);
    context.clip();
  }
  if (run.to - run.from <= DIRECT_MAX) {
    const mapping = { scale: place.scale, hairline: place.hairline, originX, originY, outline: scene.outline };
    paintBoxes(context, scene.boxes, run.from, run.to, mapping, area);
  } else {
    drawPictures(context, scene, index, originX, originY, area, place, window);
  }
  if (shift.clip) context.restore();
}

/** In pieces of half a viewport's height, cut to the run; a piece's edges are whole device px of the layer's content. */
function drawPictures(
  context: CanvasRenderingContext2D,
  scene: Scene,
  index: number,
  originX: number,
  originY: number,
  area: Rectangle,
  { scale, hairline }: Place,
  window: Rectangle,
): void {
  const run = scene.runs[index] as Run;
  const wide = Math.max(64, Math.ceil(window.width * scale));
  const high = Math.max(64, Math.ceil((window.height * scale) / 2));
  const whole = outwards(run, { left: 0, top: 0, scale });
  const [left, top] = [area.x - originX, area.y - originY];
  for (let row = Math.floor(top / high); row * high < top + area.height; row++) {
    for (let column = Math.floor(left / wide); column * wide < left + area.width; column++) {
      const piece = meet({ x: column * wide, y: row * high, width: wide, height: high }, whole);
      if (piece.width === 0 || piece.height === 0) continue;
      const key = `${index} ${column} ${row} ${scale} ${wide} ${high}`;
      const picture = pictureOf(scene, key, piece, (painting) => {
        const mapping = { scale, hairline, originX: -piece.x, originY: -piece.y, outline: scene.outline };
        paintBoxes(painting, scene.boxes, run.from, run.to, mapping, { ...piece, x: 0, y: 0 });
      });
      if (picture) context.drawImage(picture, originX + piece.x, originY + piece.y);
    }
  }
}

/** The smallest rectangle of whole device px that holds it. */
function outwards(rectangle: Rectangle, { left, top, scale }: Pick<Place, 'left' | 'top' | 'scale'>): Rectangle {
  const x = Math.floor(rectangle.x * scale);
  const y = Math.floor(rectangle.y * scale);
  const right = Math.ceil((rectangle.x + rectangle.width) * scale);
  const bottom = Math.ceil((rectangle.y + rectangle.height) * scale);
  return { x: x + left, y: y + top, width: right - x, height: bottom - y };
}
