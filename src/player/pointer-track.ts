// The pointer's samples as strokes, and the places where it rested. `resolve-geometry.ts` calls it.
import type { EventIndex } from './event-index.ts';
import { scrollAt } from './scroll.ts';
import { POINTER_KINDS, type PointerTrack, type RestTrack, type ScrollTrack, type View } from './tracks.ts';

/** ms up to which two samples of a finger or pen are one touch. */
const TOUCH_CLOSE_MS = 250;
/** ms without a sample that make a rest, and beyond which it grows no more. */
const REST_MIN_MS = 600;
const REST_MAX_MS = 10_000;

/** A finger that lifts and a tab that changes end a stroke: the next sample is reached by a jump. */
export function findStrokes({ pointer }: EventIndex): PointerTrack {
  const { at, view, kind } = pointer;
  const strokeFrom = new Uint32Array(at.length);
  const strokeTo = new Uint32Array(at.length);
  let from = 0;
  for (let i = 1; i <= at.length; i++) {
    const goesOn =
      i < at.length &&
      view[i] === view[i - 1] &&
      kind[i] === kind[i - 1] &&
      (kind[i] === 0 || (at[i] as number) - (at[i - 1] as number) <= TOUCH_CLOSE_MS);
    if (goesOn) continue;
    strokeFrom.fill(from, from, i);
    strokeTo.fill(i, from, i);
    from = i;
  }
  return {
    at: new Float64Array(at),
    x: new Float64Array(pointer.x),
    y: new Float64Array(pointer.y),
    kind: new Uint8Array(kind),
    view: new Uint32Array(view),
    strokeFrom,
    strokeTo,
  };
}

/** Rests of mouse and pen; the page's offset is taken from the time when the pointer arrived. */
export function findRests({ pointer }: EventIndex, views: View[], scrolls: ScrollTrack): RestTrack {
  const found: number[] = [];
  for (let i = 0; i + 1 < pointer.at.length; i++) {
    const stayed = (pointer.at[i + 1] as number) - (pointer.at[i] as number);
    if (stayed >= REST_MIN_MS && POINTER_KINDS[pointer.kind[i] as number] !== 'touch') found.push(i);
  }
  const rests: RestTrack = {
    at: new Float64Array(found.length),
    length: new Float64Array(found.length),
    x: new Float64Array(found.length),
    y: new Float64Array(found.length),
    view: new Uint32Array(found.length),
  };
  for (const [row, i] of found.entries()) {
    const at = pointer.at[i] as number;
    const view = pointer.view[i] as number;
    const offset = scrollAt(scrolls, views[view] as View, at);
    rests.at[row] = at;
    rests.length[row] = Math.min((pointer.at[i + 1] as number) - at, REST_MAX_MS);
    rests.x[row] = (pointer.x[i] as number) + offset.x;
    rests.y[row] = (pointer.y[i] as number) + offset.y;
    rests.view[row] = view;
  }
  return rests;
}
