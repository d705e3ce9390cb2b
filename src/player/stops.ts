// Where the keys for next and previous go: events, clicks, signals and pages of a recording, each a list of stops. The viewer asks.
import type { Recording } from './recording.ts';
import { lastAt } from './search.ts';
import type { MomentKind } from './stretches.ts';

export type StopKind = 'event' | 'click' | 'signal' | 'page';

/** `at` in ms from the start, within the recording; `label` as a moment's, of a signal the reason why it was found. */
export interface Stop {
  readonly at: number;
  readonly kind: MomentKind | 'signal';
  readonly label: string;
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

/** The stop that comes next after `position`, or before it; null where there is none. `index` from 0. */
export function stopFrom(
  recording: Recording,
  kind: StopKind,
  position: number,
  forward: boolean,
): { stop: Stop; index: number } | null {
  const { at, all } = stops(recording, kind);
  const reached = lastAt(at, position);
  const index = forward ? reached + 1 : at[reached] === position ? reached - 1 : reached;
  const stop = all[index];
  return stop ? { stop, index } : null;
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

function find({ session, duration, moments }: Recording, kind: StopKind): Stop[] {
  const found: Stop[] = [];
  if (kind !== 'signal') found.push(...moments.filter((moment) => kind === 'event' || moment.kind === kind));
  if (kind === 'signal' || kind === 'event') {
    for (const { from, reason } of session.findings) {
      const at = Math.min(Math.max(0, from - session.started_at), duration);
      found.push({ at, kind: 'signal', label: reason });
    }
  }
  // Of what happened at once a finding says the most.
  found.sort((a, b) => a.at - b.at || Number(b.kind === 'signal') - Number(a.kind === 'signal'));
  return found.filter((stop, i) => stop.at !== found[i - 1]?.at);
}
