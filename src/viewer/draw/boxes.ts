// Which boxes of a silhouette show, and how they look, in device pixels; `silhouette.ts` paints stage and pictures with it.
import type { Box, Rectangle } from '../../player/scene.ts';

/** Coats of paint that an area gets at most, on average: beyond that the lowest boxes are left out. */
export const COATS_MAX = 6;
/** What is round costs ten times as much as what is not. So much of it there may be at once, as counted below; further boxes have corners. */
const ROUND_MAX = 900;
const ROUND_LINE = 1;
const ROUND_FILL = 2;
const ROUND_EDGE = 3;
const QUIET = 'rgb(127 132 150 / 0.18)';
const QUIET_LINE = 'rgb(127 132 150 / 0.45)';
const INK = 'rgb(127 132 150)';
const FAINT = 'rgb(127 132 150 / 0.1)';
/** How strongly a text's bar shows in the text's own colour. */
const TEXT_ALPHA = 0.4;
/** px of the page: pictures up to this size are icons, and round. */
const ICON_MAX = 40;

/** Where content px lie: device px = px × scale + origin, then rounded, so that every edge is crisp. */
export interface Mapping {
  scale: number;
  /** Whole device px. */
  originX: number;
  originY: number;
  /** Device px of a hairline. */
  hairline: number;
  /** Nobody saw the boxes: they are drawn in colours that go with any theme, not in their own. */
  outline: boolean;
}

/** Boxes to be painted, the topmost first. */
export interface Chosen {
  indices: number[];
  /** Device px, of each. */
  places: Rectangle[];
  /** Device px that they cover, each by itself. */
  covered: number;
  /** Nothing below them is seen in the area. */
  isClosed: boolean;
}

/** Of `boxes` [from, to) what lies in `area` (device px), the lowest left out once the others cover more than `room` px. */
export function chooseBoxes(
  boxes: readonly Box[],
  from: number,
  to: number,
  mapping: Mapping,
  area: Rectangle,
  room = COATS_MAX * area.width * area.height,
): Chosen {
  const chosen: Chosen = { indices: [], places: [], covered: 0, isClosed: false };
  for (let i = to - 1; i >= from && chosen.covered < room && !chosen.isClosed; i--) {
    const box = boxes[i] as Box;
    const place = placeOf(box, mapping);
    const inside = meetArea(place, area);
    if (inside === 0) continue;
    chosen.indices.push(i);
    chosen.places.push(place);
    chosen.covered += inside;
    chosen.isClosed = inside === area.width * area.height && hides(box, place, area);
  }
  return chosen;
}

export function paintBoxes(
  context: CanvasRenderingContext2D,
  boxes: readonly Box[],
  { indices, places }: Chosen,
  mapping: Mapping,
  area: Rectangle,
): void {
  const brush: Brush = { context, mapping, round: ROUND_MAX };
  for (let i = indices.length - 1; i >= 0; i--) {
    const index = indices[i] as number;
    paint(brush, boxes[index] as Box, boxes[index + 1], cut(places[i] as Rectangle, area));
  }
}

interface Brush {
  context: CanvasRenderingContext2D;
  mapping: Mapping;
  /** How much may still be round. */
  round: number;
}

function placeOf({ x, y, width, height }: Box, { scale, originX, originY }: Mapping): Rectangle {
  const left = Math.round(x * scale) + originX;
  const top = Math.round(y * scale) + originY;
  const right = Math.round((x + width) * scale) + originX;
  const bottom = Math.round((y + height) * scale) + originY;
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

function meetArea(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Nothing below it is seen in the area, its round corners lying outside. */
function hides({ kind, fill, radius }: Box, place: Rectangle, area: Rectangle): boolean {
  const whole =
    radius === 0 ||
    (place.x + radius * 4 < area.x &&
      place.y + radius * 4 < area.y &&
      place.x + place.width - radius * 4 > area.x + area.width &&
      place.y + place.height - radius * 4 > area.y + area.height);
  return kind !== 1 && fill.length === 4 && whole;
}

/** Millions of px beyond the area are cut off; borders and corners there are not seen anyway. */
function cut(place: Rectangle, area: Rectangle): Rectangle {
  const reach = area.width + area.height;
  const x = Math.max(place.x, area.x - reach);
  const y = Math.max(place.y, area.y - reach);
  return {
    x,
    y,
    width: Math.min(place.x + place.width, area.x + area.width + reach) - x,
    height: Math.min(place.y + place.height, area.y + area.height + reach) - y,
  };
}

/** `next`: the box that is painted after it, if there is one. */
function paint(brush: Brush, box: Box, next: Box | undefined, place: Rectangle): void {
  const { context, mapping } = brush;
  const { x, y, width, height } = place;
  if (box.kind === 1) {
    // Text whose ink is clear mostly shows a gradient that lies behind it.
    const bar = Math.max(1, Math.round(height / 2));
    context.globalAlpha = TEXT_ALPHA;
    fillLine(brush, mapping.outline ? INK : box.fill || INK, x, y + Math.round((height - bar) / 2), width, bar);
    context.globalAlpha = 1;
    return;
  }
  const isIcon = box.kind === 2 && box.fill === '' && Math.max(box.width, box.height) <= ICON_MAX;
  const radius = Math.max(box.radius, isIcon ? Math.min(box.width, box.height) / 4 : 0) * mapping.scale;
  const ground = mapping.outline ? FAINT : box.fill || (box.kind === 2 ? QUIET : '');
  if (ground !== '') {
    context.fillStyle = ground;
    fill(brush, place, radius);
  }
  const around = box.line === '' || mapping.outline || box.around;
  const ink = mapping.outline ? QUIET_LINE : box.line || (box.kind === 3 && isEmpty(box, next) ? QUIET_LINE : '');
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

/** A field, or a box to tick: it may have no colours of its own, or those of what lies around, and is an edge then. A button shows what is in it. */
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

/** A bar with round ends, as a line: of all that is round browsers draw that the fastest, and most boxes are text. */
function fillLine(brush: Brush, ink: string, x: number, y: number, width: number, height: number): void {
  const { context } = brush;
  if (width <= height || !takesRound(brush, height / 2, ROUND_LINE)) {
    context.fillStyle = ink;
    context.fillRect(x, y, width, height);
    return;
  }
  context.strokeStyle = ink;
  context.lineWidth = height;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(x + height / 2, y + height / 2);
  context.lineTo(x + width - height / 2, y + height / 2);
  context.stroke();
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
