// Paints boxes of a silhouette into device pixels, from the back; `silhouette.ts` calls it for the stage and for its pictures.
import type { Box, Rectangle } from '../../player/scene.ts';

/** Coats of paint that one place gets at most: beyond that the lowest boxes are left out. */
const COATS_MAX = 8;
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

/** Of `boxes` [from, to) what lies in `area` (device px), as many coats as are allowed. */
export function paintBoxes(
  context: CanvasRenderingContext2D,
  boxes: readonly Box[],
  from: number,
  to: number,
  mapping: Mapping,
  area: Rectangle,
): void {
  const chosen: Rectangle[] = [];
  const painted: number[] = [];
  let room = COATS_MAX * area.width * area.height;
  for (let i = to - 1; i >= from && room > 0; i--) {
    const box = boxes[i] as Box;
    const place = placeOf(box, mapping);
    const inside = meetArea(place, area);
    if (inside === 0) continue;
    room -= inside;
    chosen.push(place);
    painted.push(i);
    if (inside === area.width * area.height && hides(box, place, area)) break;
  }
  for (let i = painted.length - 1; i >= 0; i--) {
    const place = painted[i] as number;
    paint(context, boxes[place] as Box, boxes[place + 1], cut(chosen[i] as Rectangle, area), mapping);
  }
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
function paint(
  context: CanvasRenderingContext2D,
  box: Box,
  next: Box | undefined,
  place: Rectangle,
  mapping: Mapping,
): void {
  const { x, y, width, height } = place;
  if (box.kind === 1) {
    // Text whose ink is clear mostly shows a gradient that lies behind it.
    const ink = mapping.outline ? INK : box.fill || INK;
    const bar = Math.max(1, Math.round(height / 2));
    context.globalAlpha = TEXT_ALPHA;
    context.fillStyle = ink;
    fill(context, x, y + Math.round((height - bar) / 2), width, bar, bar / 2);
    context.globalAlpha = 1;
    return;
  }
  const isIcon = box.kind === 2 && box.fill === '' && Math.max(box.width, box.height) <= ICON_MAX;
  const radius = Math.max(box.radius, isIcon ? Math.min(box.width, box.height) / 4 : 0) * mapping.scale;
  const ground = mapping.outline ? FAINT : box.fill || (box.kind === 2 ? QUIET : '');
  if (ground !== '') {
    context.fillStyle = ground;
    fill(context, x, y, width, height, radius);
  }
  const around = box.line === '' || mapping.outline || box.around;
  const ink = mapping.outline ? QUIET_LINE : box.line || (box.kind === 3 && isEmpty(box, next) ? QUIET_LINE : '');
  if (ink === '') return;
  const thick = mapping.hairline;
  if (around && width > 2 * thick && height > 2 * thick) {
    context.strokeStyle = ink;
    context.lineWidth = thick;
    context.beginPath();
    context.roundRect(x + thick / 2, y + thick / 2, width - thick, height - thick, Math.max(0, radius - thick / 2));
    context.stroke();
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

function fill(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): void {
  if (radius < 0.5) {
    context.fillRect(x, y, width, height);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
  context.fill();
}
