// Draws one frame on the stage: page below, pointer above. A function of the frame and the look; called once per animation frame.
import type { Frame } from '../../player/frame.ts';
import { boxAt } from '../../player/hover.ts';
import type { Point } from '../../player/point.ts';
import { type Camera, FITTING, type Fit, lookAt } from './fit.ts';
import type { Look } from './look.ts';
import { drawPlainPage, drawRests, drawScrollbar, drawViewport } from './page.ts';
import { drawCursor, drawHover, drawLabels, drawPulses, drawTrail } from './pointer.ts';
import { drawSilhouette } from './silhouette.ts';
import type { Size } from './surface.ts';

export interface StageOptions {
  trail: boolean;
  /** Nothing grows or fades more than it must. */
  still: boolean;
  /** Where the user points, px of the visitor's viewport; null: nowhere. */
  pointed: Point | null;
  /** Absent: it shows the visitor's viewport, whole. */
  camera?: Camera;
}

/** `frame` null: there is nothing on the stage yet. */
export function drawStage(
  context: CanvasRenderingContext2D,
  stage: Size,
  frame: Frame | null,
  look: Look,
  options: StageOptions,
): void {
  context.fillStyle = look.colour.stage;
  if (!frame) {
    context.fillRect(0, 0, stage.width, stage.height);
    return;
  }
  const camera = options.camera ?? FITTING;
  const place = alignToDevice(lookAt(frame, stage, camera), context);
  const { left, top, seen } = place;
  if (left + seen.x > 0 || top + seen.y > 0 || seen.width < stage.width || seen.height < stage.height)
    context.fillRect(0, 0, stage.width, stage.height);
  context.save();
  context.translate(left, top);
  context.beginPath();
  context.rect(seen.x, seen.y, seen.width, seen.height);
  context.clip();
  if (!frame.scene || frame.scene.outline) drawPlainPage(context, frame, place, look);
  if (frame.scene) drawSilhouette(context, frame, frame.scene, place);
  if (camera.free) drawViewport(context, place, look);
  drawRests(context, frame, place, look);
  if (options.trail) drawTrail(context, frame, place, look);
  drawPulses(context, frame, place, look, options.still);
  drawScrollbar(context, frame, place, look);
  drawLabels(context, frame, place, look);
  const hovered = options.pointed && boxAt(frame, options.pointed.x, options.pointed.y);
  if (hovered) drawHover(context, hovered, place, look);
  if (frame.cursor) drawCursor(context, frame.cursor, place, look);
  context.restore();
}

/** To whole device px, in which a clip costs nothing and edges are crisp; the scale stays. */
function alignToDevice(fit: Fit, context: CanvasRenderingContext2D): Fit {
  const { a, d } = context.getTransform();
  const left = Math.round(fit.left * a) / a;
  const top = Math.round(fit.top * d) / d;
  const right = Math.round((fit.left + fit.width) * a) / a;
  const bottom = Math.round((fit.top + fit.height) * d) / d;
  const x = Math.round(fit.seen.x * a) / a;
  const y = Math.round(fit.seen.y * d) / d;
  const seen = {
    x,
    y,
    width: Math.round((fit.seen.x + fit.seen.width) * a) / a - x,
    height: Math.round((fit.seen.y + fit.seen.height) * d) / d - y,
  };
  return { scale: fit.scale, left, top, width: right - left, height: bottom - top, seen };
}
