// Where the keys for next and previous go: events, clicks, signals and pages of a recording, each a list of stops. The viewer asks.
import { placeOf, type Recording } from './recording.ts';
import { lastAt } from './search.ts';
import type { MomentKind } from './stretches.ts';

export type StopKind = 'event' | 'click' | 'signal' | 'page';

/** `at` in ms from the start, within the recording; `label` as a moment's, of signals the reasons why they were found. */
export interface Stop {
  readonly at: number;
  readonly kind: MomentKind | 'signal';
  readonly label: string;
  /** Its place among all there are of its kind, from 1, and how many it is: a burst of clicks is several, as are signals of one time. */
  readonly first: number;
  readonly count: number;
}

interface Stops {
  readonly at: Float64Array;
  readonly all: readonly Stop[];
}

/** Only saves work: what a recording holds never changes. */
const memos = new WeakMap<Recording, Map<StopKind, Stops>>();

/** In time order, one for each time. */
export function stopsOf(recording: Recording, kind: StopKind): readonly Stop[] {
  return stops(recording, kind).all;
}

/** How many there are of a kind: clicks, and not bursts of them. */
export function countOf(recording: Recording, kind: StopKind): number {
  const last = stopsOf(recording, kind).at(-1);
  return last ? last.first + last.count - 1 : 0;
}

/** The stop that comes next after `position`, or before it; null where there is none. */
export function stopFrom(recording: Recording, kind: StopKind, position: number, forward: boolean): Stop | null {
  const { at, all } = stops(recording, kind);
  const reached = lastAt(at, position);
  const index = forward ? reached + 1 : at[reached] === position ? reached - 1 : reached;
  return all[index] ?? null;
}

function stops(recording: Recording, kind: StopKind): Stops {
  let memo = memos.get(recording);
  if (!memo) {
    memo = new Map();
    memos.set(recording, memo);
  }
  let known = memo.get(kind);
  if (!known) {
    const all = find(recording, kind);
    known = { at: Float64Array.from(all, ({ at }) => at), all };
    memo.set(kind, known);
  }
  return known;
}

type Found = Omit<Stop, 'first'>;

function find(recording: Recording, kind: StopKind): Stop[] {
  const { session, moments } = recording;
  const found: Found[] = [];
  if (kind !== 'signal') {
    for (const { at, kind: what, label, count } of moments) {
      if (kind === 'event' || what === kind) found.push({ at, kind: what, label, count: kind === 'event' ? 1 : count });
    }
  }
  if (kind === 'signal' || kind === 'event') {
    for (const { from, reason } of session.findings) {
      found.push({ at: placeOf(recording, from), kind: 'signal', label: reason, count: 1 });
    }
  }
  // Of what happened at once a signal says the most.
  found.sort((a, b) => a.at - b.at || Number(b.kind === 'signal') - Number(a.kind === 'signal'));
  const joined: Stop[] = [];
  let first = 1;
  for (const one of found) {
    const before = joined.at(-1);
    if (before?.at === one.at) {
      const label = before.kind === one.kind && one.label !== '' ? `${before.label}; ${one.label}` : before.label;
      joined[joined.length - 1] = { ...before, label, count: before.count + one.count };
    } else {
      joined.push({ ...one, first });
    }
    first += one.count;
  }
  return joined;
}
