// Where the pointer was at a position, and the trail it left; `frame.ts` calls it.
import type { PointerKind } from '../format/event.ts';
import { type Glide, glideAt } from './glide.ts';
import type { Point } from './point.ts';
import { lastAt } from './search.ts';
import { POINTER_KINDS, type PointerTrack } from './tracks.ts';

/** Viewport px. */
export interface Cursor {
  x: number;
  y: number;
  kind: PointerKind;
}

/** `age` in ms, 0 at the cursor. */
export interface TrailPoint {
  x: number;
  y: number;
  age: number;
}

/** ms that a trail lasts. */
export const TRAIL_MS = 1500;
/** The trail is taken at whole multiples of this, so that its points stay put from frame to frame. */
const TRAIL_STEP_MS = 25;
/** ms after which a finger that gave no sample has left the glass. */
const TOUCH_MS = 600;
/** The tracker samples at most every 100 ms: what lies further apart than two and a half samples was a rest, then a movement. */
const POINTER: Glide = { close: 250, lead: 100 };

/** Null before the first sample, and while no finger touches. */
export function cursorAt(pointer: PointerTrack, position: number): Cursor | null {
  const i = lastAt(pointer.at, position);
  if (i < 0) return null;
  const kind = POINTER_KINDS[pointer.kind[i] as number] as PointerKind;
  if (kind === 'touch' && position - (pointer.at[i] as number) > TOUCH_MS) return null;
  return { ...pointAt(pointer, i, position), kind };
}

/** Oldest first; only the present stroke, without the rests. */
export function trailAt(pointer: PointerTrack, position: number): TrailPoint[] {
  const last = lastAt(pointer.at, position);
  if (last < 0) return [];
  const from = pointer.strokeFrom[last] as number;
  const begin = Math.max(pointer.at[from] as number, position - TRAIL_MS);
  let i = Math.max(from, lastAt(pointer.at, begin, from, last + 1));
  const trail: TrailPoint[] = [];
  for (let t = Math.ceil(begin / TRAIL_STEP_MS) * TRAIL_STEP_MS; t < position; t += TRAIL_STEP_MS) {
    while (i < last && (pointer.at[i + 1] as number) <= t) i++;
    addPoint(trail, pointAt(pointer, i, t), position - t);
  }
  addPoint(trail, pointAt(pointer, last, position), 0);
  return trail.length > 1 ? trail : [];
}

function addPoint(trail: TrailPoint[], { x, y }: Point, age: number): void {
  const before = trail.at(-1);
  if (before && before.x === x && before.y === y) before.age = age;
  else trail.push({ x, y, age });
}

function pointAt(pointer: PointerTrack, i: number, position: number): Point {
  const from = pointer.strokeFrom[i] as number;
  const to = pointer.strokeTo[i] as number;
  return {
    x: glideAt(pointer.at, pointer.x, from, to, i, position, POINTER),
    y: glideAt(pointer.at, pointer.y, from, to, i, position, POINTER),
  };
}
