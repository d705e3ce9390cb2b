// Which boxes of a silhouette show in an area, and where they lie, in device pixels. `silhouette.ts` asks it for the stage and for pictures.
import type { Box, Rectangle } from '../../player/scene.ts';

/** Coats of paint that an area gets at most, on average: beyond that the lowest boxes are left out. */
export const COATS_MAX = 6;

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
  /** Device px, of each; what lies millions of px beyond the area is cut off, for nobody sees the borders and corners there. */
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
  { scale, originX, originY }: Mapping,
  area: Rectangle,
  room = COATS_MAX * area.width * area.height,
): Chosen {
  const chosen: Chosen = { indices: [], places: [], covered: 0, isClosed: false };
  const right = area.x + area.width;
  const bottom = area.y + area.height;
  const reach = area.width + area.height;
  for (let i = to - 1; i >= from && chosen.covered < room && !chosen.isClosed; i--) {
    const box = boxes[i] as Box;
    // Nothing is made of the many that are not seen: this runs for all boxes of a page in every frame.
    const top = Math.round(box.y * scale) + originY;
    const low = Math.max(top + 1, Math.round((box.y + box.height) * scale) + originY);
    if (top >= bottom || low <= area.y) continue;
    const left = Math.round(box.x * scale) + originX;
    const far = Math.max(left + 1, Math.round((box.x + box.width) * scale) + originX);
    if (left >= right || far <= area.x) continue;
    const inside = (Math.min(far, right) - Math.max(left, area.x)) * (Math.min(low, bottom) - Math.max(top, area.y));
    chosen.covered += inside;
    chosen.isClosed =
      inside === area.width * area.height &&
      hides(box, { x: left, y: top, width: far - left, height: low - top }, area);
    const x = Math.max(left, area.x - reach);
    const y = Math.max(top, area.y - reach);
    chosen.indices.push(i);
    chosen.places.push({ x, y, width: Math.min(far, right + reach) - x, height: Math.min(low, bottom + reach) - y });
  }
  return chosen;
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
