// The page under the cursor as its boxes tell it, in the page's own colours; outlines from an import lie over the plain page. `stage.ts` calls it.
import type { Frame } from '../../player/frame.ts';
import type { Rectangle, Scene } from '../../player/scene.ts';
import { paintAhead } from './ahead.ts';
import { paintBoxes } from './boxes.ts';
import { paintedColour } from './colour.ts';
import type { Fit } from './fit.ts';
import { type Part, partsOf } from './parts.ts';
import { beginFrame, pictureOf } from './pictures.ts';

const PAPER = '#fff';

/**
 * The context is translated to the viewport's upper left corner, to whole device px, and clipped to what is seen. `isApart`: not on the stage; no pictures
 * are made for it, and those of the stage stay.
 */
export function drawSilhouette(
  context: CanvasRenderingContext2D,
  frame: Frame,
  scene: Scene,
  fit: Fit,
  isApart = false,
): void {
  if (!isApart) beginFrame();
  const { a: ratio, d, e, f } = context.getTransform();
  const scale = fit.scale * ratio;
  const { x, y, width, height } = fit.seen;
  const window = {
    x: Math.round(e),
    y: Math.round(f),
    area: {
      x: Math.round(e + x * ratio),
      y: Math.round(f + y * d),
      width: Math.round(width * ratio),
      height: Math.round(height * d),
    },
    seen: { x: x / fit.scale, y: y / fit.scale, width: width / fit.scale, height: height / fit.scale },
    scale,
    hairline: Math.max(1, Math.round(scale)),
  };
  const parts = partsOf(scene, frame.shifts, window);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  if (!scene.outline && !parts.some((part) => hidesGround(part, window.area))) paintGround(context, scene, window.area);
  for (const part of parts) drawPart(context, scene, part);
  context.restore();
  if (!isApart) paintAhead({ scene, scale, parts }, paintGround);
}

/** Pictures of the lowest run lie all over the window. */
function hidesGround({ isBase, area, rest }: Part, window: Rectangle): boolean {
  return (
    isBase &&
    rest.width * rest.height === 0 &&
    area.x <= window.x &&
    area.y <= window.y &&
    area.x + area.width >= window.x + window.width &&
    area.y + area.height >= window.y + window.height
  );
}

function paintGround(context: CanvasRenderingContext2D, { ground }: Scene, area: Rectangle): void {
  const isOpaque = ground.length === 4;
  for (const coat of isOpaque ? [ground] : [PAPER, ground]) {
    context.fillStyle = paintedColour(coat) || PAPER;
    context.fillRect(area.x, area.y, area.width, area.height);
  }
}

function drawPart(context: CanvasRenderingContext2D, scene: Scene, part: Part): void {
  const { area, mapping, clip, shown, rest, chosen } = part;
  if (clip) clipTo(context, area);
  for (const { x, y, key } of shown) {
    const picture = pictureOf(key);
    if (picture) context.drawImage(picture, mapping.originX + x, mapping.originY + y);
  }
  if (clip) context.restore();
  if (!chosen) return;
  const isCut = clip || shown.length > 0;
  if (isCut) clipTo(context, rest);
  paintBoxes(context, scene.boxes, chosen, mapping);
  if (isCut) context.restore();
}

/** Whole px: an edge that is smooth makes all that is painted within it slow. */
function clipTo(context: CanvasRenderingContext2D, { x, y, width, height }: Rectangle): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
}
