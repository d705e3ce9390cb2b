// What of a scene's runs is seen in a frame, in squares: those that pictures show, and the rest, whose boxes are painted. `silhouette.ts` calls it.
import type { Point } from '../../player/point.ts';
import type { Rectangle, Run, Scene } from '../../player/scene.ts';
import { meet, type Shift, seenOf } from '../../player/shift.ts';
import { type Chosen, COATS_MAX, chooseBoxes, type Mapping } from './choose.ts';
import { EDGE, hasPicture } from './pictures.ts';

/** Coats that showing a picture counts as. */
const PICTURE_COATS = 2;

/** A run in this frame. */
export interface Part {
  run: Run;
  index: number;
  /** What of it is seen, device px of the stage. */
  area: Rectangle;
  mapping: Mapping;
  clip: boolean;
  /** The lowest run: its pictures hold the ground, and hide it. */
  isBase: boolean;
  /** The squares in which it is seen. */
  squares: Square[];
  /** What pictures show of it, and what they do not yet: then it is painted. */
  shown: Square[];
  rest: Rectangle;
  chosen: Chosen | null;
}

/** EDGE × EDGE device px of a run's layer, at `x`, `y` of its content. */
export interface Square {
  x: number;
  y: number;
  key: string;
}

/** The page on the stage: where the viewport's upper left corner lies, device px. */
export interface Window {
  x: number;
  y: number;
  /** What of the page is on the stage: device px, and px of the viewport. */
  area: Rectangle;
  seen: Rectangle;
  scale: number;
  hairline: number;
}

/** What is seen of the runs, from the back; the lowest are left out once the others cover the viewport COATS_MAX times. */
export function partsOf(scene: Scene, shifts: readonly Shift[], window: Window): Part[] {
  const { scale, hairline, seen: view } = window;
  const parts: Part[] = [];
  let room = COATS_MAX * window.area.width * window.area.height;
  for (let index = scene.runs.length - 1; index >= 0 && room > 0; index--) {
    const run = scene.runs[index] as Run;
    const shift = shifts[run.layer] as Shift;
    const seen = meet(seenOf(run, shift), view);
    if (seen.width === 0 || seen.height === 0) continue;
    const area = outwards(seen, window, scale);
    const originX = window.x + Math.round(shift.x * scale);
    const originY = window.y + Math.round(shift.y * scale);
    const mapping = { scale, hairline, originX, originY, outline: scene.outline };
    const squares = squaresOf(scene, index, mapping, area);
    const missing = around(squares.filter(({ key }) => !hasPicture(key)));
    const rest = meet({ ...missing, x: missing.x + originX, y: missing.y + originY }, area);
    const isWhole = rest.width === area.width && rest.height === area.height;
    const shown = isWhole ? [] : squares.filter((square) => !holds(missing, square));
    room -= PICTURE_COATS * (area.width * area.height - rest.width * rest.height);
    // Beside pictures it gets as many coats as they have.
    const most = isWhole ? room : Math.min(room, COATS_MAX * rest.width * rest.height);
    const chosen = most > 0 ? chooseBoxes(scene.boxes, run.from, run.to, mapping, rest, most) : null;
    room -= chosen?.covered ?? 0;
    const isBase = index === 0 && shift.clip === null && !scene.outline;
    parts.push({ run, index, area, mapping, clip: shift.clip !== null, isBase, squares, shown, rest, chosen });
    // Up to a device px: what is seen is told in whole ones.
    const fills = (length: number, whole: number) => (length + 1e-6) * scale > whole * scale - 1;
    if (isWhole && chosen?.isClosed && fills(seen.width, view.width) && fills(seen.height, view.height)) break;
  }
  return parts.reverse();
}

/** The squares of a run in which the area lies, from the upper left; none where the run itself does not reach. */
export function squaresOf(scene: Scene, index: number, mapping: Mapping, area: Rectangle): Square[] {
  const whole = outwards(scene.runs[index] as Run, { x: 0, y: 0 }, mapping.scale);
  const there = meet({ ...area, x: area.x - mapping.originX, y: area.y - mapping.originY }, whole);
  const prefix = `${numberOf(scene)} ${index} ${mapping.scale}`;
  const squares: Square[] = [];
  for (let y = Math.floor(there.y / EDGE) * EDGE; y < there.y + there.height; y += EDGE)
    for (let x = Math.floor(there.x / EDGE) * EDGE; x < there.x + there.width; x += EDGE)
      squares.push({ x, y, key: `${prefix} ${x} ${y}` });
  return squares;
}

const numbers = new WeakMap<Scene, number>();
let scenes = 0;

function numberOf(scene: Scene): number {
  let number = numbers.get(scene);
  if (number === undefined) {
    number = ++scenes;
    numbers.set(scene, number);
  }
  return number;
}

/** The rectangle around squares, px of the content. */
function around(squares: readonly Square[]): Rectangle {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of squares) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + EDGE);
    bottom = Math.max(bottom, y + EDGE);
  }
  return squares.length === 0
    ? { x: 0, y: 0, width: 0, height: 0 }
    : { x: left, y: top, width: right - left, height: bottom - top };
}

function holds({ x, y, width, height }: Rectangle, square: Square): boolean {
  return square.x >= x && square.y >= y && square.x < x + width && square.y < y + height;
}

/** The smallest rectangle of whole device px that holds it. */
function outwards(rectangle: Rectangle, corner: Point, scale: number): Rectangle {
  const x = Math.floor(rectangle.x * scale);
  const y = Math.floor(rectangle.y * scale);
  const right = Math.ceil((rectangle.x + rectangle.width) * scale);
  const bottom = Math.ceil((rectangle.y + rectangle.height) * scale);
  return { x: x + corner.x, y: y + corner.y, width: right - x, height: bottom - y };
}
