// The page under the cursor as its boxes tell it, in the page's own colours; outlines from an import lie over the plain page. `stage.ts` calls it.
import type { Frame } from '../../player/frame.ts';
import type { Rectangle, Run, Scene } from '../../player/scene.ts';
import { meet, type Shift, seenOf } from '../../player/shift.ts';
import { type Chosen, COATS_MAX, chooseBoxes, type Mapping, paintBoxes } from './boxes.ts';
import type { Fit } from './fit.ts';
import { beginFrame, EDGE, hasPicture, makePicture, pictureOf } from './pictures.ts';

/** A run that shows no more boxes than this is painted in every frame: that costs less than to keep pictures of it. */
const DIRECT_MAX = 250;
/** Pictures that are painted after a frame: in slices, so that no frame waits for all. Only one of them on a new canvas. */
const SLICE = 3;
/** Coats that showing a picture counts as. */
const PICTURE_COATS = 2;
const PAPER = '#fff';

/** A run in this frame. */
interface Part {
  run: Run;
  index: number;
  /** What of it is seen, device px of the stage. */
  area: Rectangle;
  mapping: Mapping;
  clip: boolean;
  /** Null: pictures show it. */
  chosen: Chosen | null;
}

/** Where runs stood in the frame before: they go on as they went. */
let before: { scene: Scene; scale: number; tops: Map<number, number> } | null = null;

/** Draws into the viewport's place; the context is clipped to it and translated there. */
export function drawSilhouette(context: CanvasRenderingContext2D, frame: Frame, scene: Scene, fit: Fit): void {
  for (const ground of scene.outline ? [] : [PAPER, scene.ground]) {
    context.fillStyle = ground || PAPER;
    context.fillRect(0, 0, fit.width, fit.height);
  }
  beginFrame();
  const { a: ratio, e, f } = context.getTransform();
  const corner = { x: Math.round(e), y: Math.round(f) };
  const scale = fit.scale * ratio;
  const parts = partsOf(scene, frame, corner, scale, Math.max(1, Math.round(ratio)));
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const part of parts) drawPart(context, scene, part);
  context.restore();
  if (before?.scene === scene && before.scale === scale) paintAhead(scene, parts, before.tops);
  before = { scene, scale, tops: new Map(parts.map(({ index, mapping }) => [index, mapping.originY])) };
}

/** What is seen of the runs, from the back; the lowest are left out once the others cover the viewport COATS_MAX times. */
function partsOf(
  scene: Scene,
  { shifts, viewport }: Frame,
  corner: { x: number; y: number },
  scale: number,
  hairline: number,
): Part[] {
  const window = { x: 0, y: 0, ...viewport };
  const parts: Part[] = [];
  let room = COATS_MAX * viewport.width * viewport.height * scale * scale;
  for (let index = scene.runs.length - 1; index >= 0 && room > 0; index--) {
    const run = scene.runs[index] as Run;
    const shift = shifts[run.layer] as Shift;
    const seen = meet(seenOf(run, shift), window);
    if (seen.width === 0 || seen.height === 0) continue;
    const area = outwards(seen, corner, scale);
    const originX = corner.x + Math.round(shift.x * scale);
    const originY = corner.y + Math.round(shift.y * scale);
    const mapping = { scale, hairline, originX, originY, outline: scene.outline };
    const part = { run, index, area, mapping, clip: shift.clip !== null };
    if (squaresOf(part).every((square) => hasPicture(keyOf(scene, part, square)))) {
      room -= PICTURE_COATS * area.width * area.height;
      parts.push({ ...part, chosen: null });
    } else {
      const chosen = chooseBoxes(scene.boxes, run.from, run.to, mapping, area, room);
      room -= chosen.covered;
      parts.push({ ...part, chosen });
      if (chosen.isClosed && seen.width >= window.width && seen.height >= window.height) break;
    }
  }
  return parts.reverse();
}

function drawPart(context: CanvasRenderingContext2D, scene: Scene, part: Part): void {
  const { area, mapping, chosen, clip } = part;
  if (clip) {
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.width, area.height);
    context.clip();
  }
  if (chosen) {
    paintBoxes(context, scene.boxes, chosen, mapping, area);
  } else {
    for (const square of squaresOf(part)) {
      const picture = pictureOf(keyOf(scene, part, square));
      if (picture) context.drawImage(picture, mapping.originX + square.x, mapping.originY + square.y);
    }
  }
  if (clip) context.restore();
}

/** Makes some of the pictures that the next frames can show: what is seen first, then what comes where the page is going. */
function paintAhead(scene: Scene, parts: readonly Part[], tops: ReadonlyMap<number, number>): void {
  let left = SLICE;
  for (const part of parts) {
    const { run, index, mapping, area, chosen } = part;
    if (chosen && chosen.indices.length <= DIRECT_MAX) continue;
    const way = mapping.originY - (tops.get(index) ?? mapping.originY);
    const next = { ...area, y: area.y - Math.sign(way) * area.height };
    for (const square of [...squaresOf(part), ...(way === 0 ? [] : squaresOf({ ...part, area: next }))]) {
      const key = keyOf(scene, part, square);
      if (left <= 0) return;
      if (hasPicture(key)) continue;
      const isNew = makePicture(key, (painting) => {
        const piece = { x: 0, y: 0, width: EDGE, height: EDGE };
        const moved = { ...mapping, originX: -square.x, originY: -square.y };
        paintBoxes(painting, scene.boxes, chooseBoxes(scene.boxes, run.from, run.to, moved, piece), moved, piece);
      });
      left -= isNew ? SLICE : 1;
    }
  }
}

interface Square {
  /** Device px of the layer's content. */
  x: number;
  y: number;
}

/** The squares of the run in which its area lies; none where the run itself does not reach. */
function squaresOf({ run, area, mapping }: Pick<Part, 'run' | 'area' | 'mapping'>): Square[] {
  const whole = outwards(run, { x: 0, y: 0 }, mapping.scale);
  const there = meet({ ...area, x: area.x - mapping.originX, y: area.y - mapping.originY }, whole);
  const squares: Square[] = [];
  for (let y = Math.floor(there.y / EDGE) * EDGE; y < there.y + there.height; y += EDGE)
    for (let x = Math.floor(there.x / EDGE) * EDGE; x < there.x + there.width; x += EDGE) squares.push({ x, y });
  return squares;
}

const numbers = new WeakMap<Scene, number>();
let scenes = 0;

function keyOf(scene: Scene, { index, mapping }: Pick<Part, 'index' | 'mapping'>, { x, y }: Square): string {
  let number = numbers.get(scene);
  if (number === undefined) {
    number = ++scenes;
    numbers.set(scene, number);
  }
  return `${number} ${index} ${mapping.scale} ${x} ${y}`;
}

/** The smallest rectangle of whole device px that holds it. */
function outwards(rectangle: Rectangle, corner: { x: number; y: number }, scale: number): Rectangle {
  const x = Math.floor(rectangle.x * scale);
  const y = Math.floor(rectangle.y * scale);
  const right = Math.ceil((rectangle.x + rectangle.width) * scale);
  const bottom = Math.ceil((rectangle.y + rectangle.height) * scale);
  return { x: x + corner.x, y: y + corner.y, width: right - x, height: bottom - y };
}
