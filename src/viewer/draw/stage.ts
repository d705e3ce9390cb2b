// Draws one frame on the stage: page below, pointer above. A function of the frame and the look; called once per animation frame.
import type { Frame } from '../../player/frame.ts';
import { boxAt } from '../../player/hover.ts';
import { fitViewport } from './fit.ts';
import type { Look } from './look.ts';
import { drawPlainPage, drawRests, drawScrollbar } from './page.ts';
import { drawCursor, drawHover, drawLabels, drawPulses, drawTrail } from './pointer.ts';
import { drawSilhouette } from './silhouette.ts';
import type { Size } from './surface.ts';

export interface StageOptions {
  trail: boolean;
  /** Nothing grows or fades more than it must. */
  still: boolean;
  /** Where the user points, px of the visitor's viewport; null: nowhere. */
  pointed: { x: number; y: number } | null;
}

export function drawStage(
  context: CanvasRenderingContext2D,
  stage: Size,
  frame: Frame,
  look: Look,
  options: StageOptions,
): void {
  const place = fitViewport(frame.viewport, stage);
  context.fillStyle = look.colour.stage;
  context.fillRect(0, 0, stage.width, stage.height);
  context.save();
  context.beginPath();
  context.rect(place.left, place.top, place.width, place.height);
  context.clip();
  context.translate(place.left, place.top);
  if (!frame.scene || frame.scene.outline) drawPlainPage(context, frame, place, look);
  if (frame.scene) drawSilhouette(context, frame, frame.scene, place);
  drawRests(context, frame, place, look);
  if (options.trail) drawTrail(context, frame, place, look);
  drawPulses(context, frame, place, look, options.still);
  drawLabels(context, frame, place, look);
  const hovered = options.pointed && boxAt(frame, options.pointed.x, options.pointed.y);
  if (hovered) drawHover(context, hovered, place, look);
  if (frame.cursor) drawCursor(context, frame.cursor, place, look);
  drawScrollbar(context, frame, place, look);
  context.restore();
}
