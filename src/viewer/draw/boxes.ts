// How the boxes of a silhouette look, in device pixels; `silhouette.ts` paints stage and pictures with it.
import type { Box, Rectangle } from '../../player/scene.ts';
import type { Chosen, Mapping } from './choose.ts';
import { paintedColour } from './colour.ts';

/** What is round costs several times as much as what is not. So much of it there may be at once, as counted below; further boxes have corners. */
const ROUND_MAX = 1200;
const ROUND_LINE = 1;
const ROUND_FILL = 2;
const ROUND_EDGE = 2;
/** Lines of text that are painted as one, where they follow each other in one colour. */
const LINES_MAX = 64;
const QUIET = 'rgb(127 132 150 / 0.18)';
const QUIET_LINE = 'rgb(127 132 150 / 0.45)';
const FIELD_LINE = 'rgb(127 132 150 / 0.25)';
const INK = 'rgb(127 132 150)';
const FAINT = 'rgb(127 132 150 / 0.1)';
/** How strongly a text's bar shows in the text's own colour. */
const TEXT_ALPHA = 0.4;
/** px of the page: pictures up to this size are icons, and round. */
const ICON_MAX = 40;
/** px of the page: from this size on a picture shows a sign that it is one, of at most that size. */
const SIGN_FROM = 96;
const SIGN_MAX = 96;

export function paintBoxes(
  context: CanvasRenderingContext2D,
  boxes: readonly Box[],
  { indices, places }: Chosen,
  mapping: Mapping,
): void {
  const brush: Brush = { context, mapping, round: ROUND_MAX, lines: 0, ink: '', thick: 0 };
  for (let i = indices.length - 1; i >= 0; i--) {
    const index = indices[i] as number;
    paint(brush, boxes[index] as Box, boxes[index + 1], places[i] as Rectangle);
  }
  endLines(brush);
}

interface Brush {
  context: CanvasRenderingContext2D;
  mapping: Mapping;
  /** How much may still be round. */
  round: number;
  /** Lines in the path that waits to be painted, their colour and height. */
  lines: number;
  ink: string;
  thick: number;
}

/** `next`: the box that is painted after it, if there is one. */
function paint(brush: Brush, box: Box, next: Box | undefined, place: Rectangle): void {
  const { context, mapping } = brush;
  const { x, y, width, height } = place;
  if (box.kind === 1) {
    // Text whose ink is clear mostly shows a gradient that lies behind it.
    const bar = Math.max(1, Math.round(height / 2));
    paintLine(
      brush,
      mapping.outline ? INK : paintedColour(box.fill) || INK,
      x,
      y + Math.round((height - bar) / 2),
      width,
      bar,
    );
    return;
  }
  endLines(brush);
  const isIcon = box.kind === 2 && box.fill === '' && Math.max(box.width, box.height) <= ICON_MAX;
  const radius = Math.max(box.radius, isIcon ? Math.min(box.width, box.height) / 4 : 0) * mapping.scale;
  const ground = mapping.outline ? FAINT : paintedColour(box.fill) || (box.kind === 2 ? QUIET : '');
  if (ground !== '') {
    context.fillStyle = ground;
    fill(brush, place, radius);
  }
  if (box.kind === 2 && !mapping.outline && isEmpty(box, next)) paintSign(brush, box, place);
  const around = box.line === '' || mapping.outline || box.around;
  const ink = mapping.outline
    ? QUIET_LINE
    : paintedColour(box.line) || (box.kind === 3 && isEmpty(box, next) ? emptyLine(box) : '');
  if (ink === '') return;
  const thick = mapping.hairline;
  if (around && width > 2 * thick && height > 2 * thick) {
    context.strokeStyle = ink;
    context.lineWidth = thick;
    edge(
      brush,
      { x: x + thick / 2, y: y + thick / 2, width: width - thick, height: height - thick },
      radius - thick / 2,
    );
  } else {
    context.fillStyle = ink;
    context.fillRect(x, y + height - thick, width, thick);
  }
}

/** Two hills and a sun. */
function paintSign(brush: Brush, box: Box, { x, y, width, height }: Rectangle): void {
  if (Math.min(box.width, box.height) < SIGN_FROM || !takesRound(brush, 1, ROUND_EDGE)) return;
  const { context, mapping } = brush;
  const size = Math.min(SIGN_MAX, Math.min(box.width, box.height) / 3) * mapping.scale;
  const [middle, ground] = [x + width / 2, y + height / 2 + size * 0.35];
  context.fillStyle = QUIET;
  context.beginPath();
  context.moveTo(middle - size / 2, ground);
  context.lineTo(middle - size * 0.16, ground - size * 0.55);
  context.lineTo(middle + size * 0.06, ground - size * 0.2);
  context.lineTo(middle + size * 0.2, ground - size * 0.36);
  context.lineTo(middle + size / 2, ground);
  context.closePath();
  context.moveTo(middle + size * 0.3, ground - size * 0.58);
  context.arc(middle + size * 0.2, ground - size * 0.58, size * 0.1, 0, Math.PI * 2);
  context.fill();
}

/** What is there to be ticked is small and must be found; a field is seen by its size, and often lies in another one's border. */
function emptyLine({ width, height }: Box): string {
  return Math.max(width, height) <= ICON_MAX ? QUIET_LINE : FIELD_LINE;
}

/** Nothing is painted in it: of controls a field, or a box to tick, which may have no colours of its own, or those of what lies around; a button shows what is in it. */
function isEmpty({ x, y, width, height, layer }: Box, next: Box | undefined): boolean {
  return !(
    next?.layer === layer &&
    next.x >= x &&
    next.y >= y &&
    next.x + next.width <= x + width &&
    next.y + next.height <= y + height
  );
}

/** Whether it is to be round, and may be: then `cost` is taken. */
function takesRound(brush: Brush, radius: number, cost: number): boolean {
  if (radius < 0.5 || brush.round < cost) return false;
  brush.round -= cost;
  return true;
}

/** A bar with round ends, as a line: of all that is round browsers draw that the fastest, several at once most of all, and most boxes are text. */
function paintLine(brush: Brush, ink: string, x: number, y: number, width: number, height: number): void {
  const { context } = brush;
  if (width <= height || !takesRound(brush, height / 2, ROUND_LINE)) {
    endLines(brush);
    context.globalAlpha = TEXT_ALPHA;
    context.fillStyle = ink;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
    return;
  }
  if (brush.lines === LINES_MAX || brush.ink !== ink || brush.thick !== height) endLines(brush);
  if (brush.lines === 0) context.beginPath();
  brush.lines++;
  brush.ink = ink;
  brush.thick = height;
  context.moveTo(x + height / 2, y + height / 2);
  context.lineTo(x + width - height / 2, y + height / 2);
}

function endLines(brush: Brush): void {
  if (brush.lines === 0) return;
  const { context } = brush;
  context.globalAlpha = TEXT_ALPHA;
  context.strokeStyle = brush.ink;
  context.lineWidth = brush.thick;
  context.lineCap = 'round';
  context.stroke();
  context.globalAlpha = 1;
  brush.lines = 0;
}

function fill(brush: Brush, { x, y, width, height }: Rectangle, radius: number): void {
  const { context } = brush;
  if (!takesRound(brush, radius, ROUND_FILL)) {
    context.fillRect(x, y, width, height);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
  context.fill();
}

function edge(brush: Brush, { x, y, width, height }: Rectangle, radius: number): void {
  const { context } = brush;
  if (!takesRound(brush, radius, ROUND_EDGE)) {
    context.strokeRect(x, y, width, height);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
  context.stroke();
}
