// A frame in little, for the preview over the timeline: the page, where the cursor came from, and a click. It shares nothing with the stage.
import type { Frame } from '../../player/frame.ts';
import { fitViewport } from './fit.ts';
import type { Look } from './look.ts';
import { drawPlainPage } from './page.ts';
import { drawCursor, drawPulses, drawTrail } from './pointer.ts';
import { drawSilhouette } from './silhouette.ts';
import type { Size } from './surface.ts';

/** Of cursor and pulse against those of the stage. The size has the shape of the visitor's viewport. */
const SMALL = 0.62;

export function drawThumbnail(pen: CanvasRenderingContext2D, size: Size, frame: Frame, look: Look): void {
  // What is written on plain paper could not be read.
  const little = { ...look, rem: look.rem * SMALL, colour: { ...look.colour, 'paper-ink': 'transparent' } };
  const fit = { ...fitViewport(frame.viewport, size), seen: { x: 0, y: 0, ...size } };
  pen.save();
  pen.beginPath();
  pen.rect(0, 0, size.width, size.height);
  pen.clip();
  if (!frame.scene || frame.scene.outline) drawPlainPage(pen, frame, fit, little);
  if (frame.scene) drawSilhouette(pen, frame, frame.scene, fit, true);
  drawTrail(pen, frame, fit, little);
  drawPulses(pen, frame, fit, little, true);
  if (frame.cursor) drawCursor(pen, frame.cursor, fit, little);
  pen.restore();
}
