// For how long the pointer had been on an element before it was clicked. The transcript asks.
import type { Recording } from './recording.ts';
import { lastAt } from './search.ts';
import { POINTER_KINDS } from './tracks.ts';

/** `waited`: ms; 0: not worth telling. `moved`: it was seen to come. */
export interface Waited {
  readonly waited: number;
  readonly moved: boolean;
}

export const NOT_WAITED: Waited = { waited: 0, moved: false };

/** ms that are worth telling. */
const WAITED_MS = 2000;
/** px around a click within which the pointer is on what was clicked: at most, and where nobody told its box. */
const NEAR_PX = 150;
const NEARER_PX = 30;

/** For how long the pointer had been on what the click hit, at most back to `since`. */
export function waitedFor({ clicks, pointer, scrolled }: Recording, click: number, since: number): Waited {
  const at = clicks.at[click] as number;
  const box = clicks.box[click];
  const [x, y] = [clicks.x[click] as number, clicks.y[click] as number];
  const [left, top] = box
    ? [box.x - (clicks.scrollX[click] as number), box.y - (clicks.scrollY[click] as number)]
    : [x, y];
  // Of what is large only the surroundings of the click count.
  const near = box ? NEAR_PX : NEARER_PX;
  const isOn = (px: number, py: number) =>
    Math.abs(px - x) <= near &&
    Math.abs(py - y) <= near &&
    (!box || (px >= left && px <= left + box.width && py >= top && py <= top + box.height));
  const scroll = lastAt(scrolled, at);
  const earliest = Math.max(since, scroll < 0 ? 0 : (scrolled[scroll] as number));
  let arrived = at;
  let moved = false;
  for (let i = lastAt(pointer.at, at); i >= 0; i--) {
    const time = pointer.at[i] as number;
    moved = !isOn(pointer.x[i] as number, pointer.y[i] as number);
    if (moved || time < earliest || POINTER_KINDS[pointer.kind[i] as number] === 'touch') break;
    arrived = time;
  }
  return at - arrived >= WAITED_MS ? { waited: at - arrived, moved } : NOT_WAITED;
}
