// On what the pointer rested while a visitor looked at a page. `transcript.ts` calls it.
import { frameAt } from './frame.ts';
import type { Recording } from './recording.ts';
import { lastAt } from './search.ts';
import { topmost } from './shift.ts';
import { POINTER_KINDS } from './tracks.ts';

/** `element`: the name of one that was clicked at some time; else what kind of box the silhouette has there. */
export interface Rested {
  element: string | null;
  what: 'text' | 'picture' | 'control' | null;
  ms: number;
}

/** ms that make a rest. */
const REST_MS = 3000;
const KINDS = [null, 'text', 'picture', 'control'] as const;

/** Rests of one stretch that are looked at, the longest first. */
const LOOKS_MAX = 3;

/** The longest rest between two times of which is known where it was; null: there is none. */
export function longestRest(recording: Recording, from: number, to: number): Rested | null {
  const { pointer, scrolled } = recording;
  const rests: { at: number; ms: number }[] = [];
  for (let i = Math.max(0, lastAt(pointer.at, from)); i < pointer.at.length && (pointer.at[i] as number) < to; i++) {
    if (POINTER_KINDS[pointer.kind[i] as number] === 'touch') continue;
    const at = Math.max(from, pointer.at[i] as number);
    // What scrolls under the pointer is something else.
    const moved = scrolled[lastAt(scrolled, at) + 1] ?? to;
    const ms = Math.min(to, pointer.at[i + 1] ?? to, moved) - at;
    if (ms >= REST_MS) rests.push({ at, ms });
  }
  for (const { at, ms } of rests.sort((a, b) => b.ms - a.ms).slice(0, LOOKS_MAX)) {
    const under = underPointer(recording, at + ms / 2);
    if (under) return { ...under, ms };
  }
  return null;
}

function underPointer(recording: Recording, position: number): Omit<Rested, 'ms'> | null {
  const { cursor, scene, shifts, elements } = frameAt(recording, position);
  if (!cursor) return null;
  const known = elements
    .filter(({ x, y, width, height }) => isIn(cursor.x - x, width) && isIn(cursor.y - y, height))
    .sort((a, b) => a.width * a.height - b.width * b.height)[0];
  const what = (scene && KINDS[topmost(scene, shifts, cursor.x, cursor.y)?.kind ?? 0]) ?? null;
  return known || what ? { element: known?.element ?? null, what } : null;
}

function isIn(offset: number, length: number): boolean {
  return offset >= 0 && offset <= length;
}
