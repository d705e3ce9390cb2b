// What happened in a recording, one thing after the other, as facts without words: for the list of events and for the transcript.
import { WEIGHTS } from '../analysis/worth.ts';
import type { Finding, Signal } from '../format/signal.ts';
import type { Clicked, Happening, HappeningKind } from './happening.ts';
import { placeOf, type Recording } from './recording.ts';
import { scrollRuns } from './scroll-runs.ts';
import { lastAt } from './search.ts';
import type { View } from './tracks.ts';

/** ms after a click within which another page is taken to come of it. */
const LED_MS = 1500;
/** Signals that are about the very clicks in them. */
const OF_CLICKS: ReadonlySet<Signal> = new Set(['rage_click', 'dead_click', 'error_click']);
/** ms by which a burst of clicks may have begun before what was found of it. */
const BURST_BEFORE_MS = 3000;
/** ms between a click and a field that is gone into because of it. */
const PRESS_MS = 500;
/** ms in which sizes of a window that is being drawn larger are one change. */
const RESIZE_MS = 2000;
/** Share of its height by which a window changes when a phone shows or hides its address bar, at most. */
const BAR = 0.25;
/** Of what happens at once, what comes first. */
const RANK: Record<HappeningKind, number> = {
  page: 0,
  return: 1,
  resize: 2,
  gap: 3,
  scroll: 4,
  click: 5,
  focus: 5,
  error: 6,
  custom: 6,
  signal: 7,
  away: 8,
};

/** In time order. Yields between its stages. */
export function* findHappenings(recording: Recording): Generator<void, Happening[]> {
  const found: Happening[] = [];
  addPages(recording, found);
  yield;
  addClicks(recording, found);
  yield;
  for (const run of scrollRuns(recording)) found.push({ ...run, kind: 'scroll', finding: null });
  yield;
  addMoments(recording, found);
  addFocused(recording, found);
  addSizes(recording, found);
  for (const { from, to } of recording.hidden) found.push({ kind: 'away', from, to, finding: null });
  for (const { from, to, reason } of recording.gaps) found.push({ kind: 'gap', from, to, reason, finding: null });
  yield;
  found.sort(inOrder);
  yield;
  findLed(found);
  const rest = attachFindings(recording, found);
  yield;
  return rest.length === 0 ? found : found.concat(rest).sort(inOrder);
}

function inOrder(a: Happening, b: Happening): number {
  return a.from - b.from || RANK[a.kind] - RANK[b.kind];
}

function addPages({ views, scenes, tabs }: Recording, found: Happening[]): void {
  const tabOf = new Uint32Array(views.length);
  if (tabs.length > 1) {
    for (const [i, { chapters }] of tabs.entries()) for (const { view } of chapters) tabOf[view] = i + 1;
  }
  const known = new Set<string>();
  let tab = tabOf[0] ?? 0;
  const see = (view: number) => {
    const now = tabOf[view] as number;
    const switched = now !== tab;
    tab = now;
    return { page: (views[view] as View).page, tab: now, switched, finding: null };
  };
  let turn = 0;
  const seen = (until: number) => {
    for (; turn < scenes.at.length && (scenes.at[turn] as number) < until; turn++) {
      const at = scenes.at[turn] as number;
      const view = scenes.view[turn] as number;
      // A page that was left may still tell of its last moments: only another tab can be come back to.
      if ((views[view] as View).at < at && tabOf[view] !== tab)
        found.push({ kind: 'return', from: at, to: at, ...see(view) });
    }
  };
  for (const [view, { at, page }] of views.entries()) {
    seen(at);
    found.push({ kind: 'page', from: at, to: at, again: known.has(page), ...see(view) });
    known.add(page);
  }
  seen(Number.POSITIVE_INFINITY);
}

function addClicks({ clicks }: Recording, found: Happening[]): void {
  for (let first = 0; first < clicks.at.length; ) {
    const element = clicks.element[first] as string;
    let last = first;
    let idle = clicks.idle[first] === 1;
    while ((clicks.count[last + 1] as number) > 1 && clicks.element[last + 1] === element) {
      last++;
      idle &&= clicks.idle[last] === 1;
    }
    const effect = clicks.effect[last] as number;
    const [from, to] = [clicks.at[first] as number, clicks.at[last] as number];
    const told = Number.isNaN(effect) ? null : effect;
    const unknown = { led: null, finding: null, others: 0 };
    found.push({ kind: 'click', from, to, element, first, last, idle, effect: told, ...unknown });
    first = last + 1;
  }
}

function addFocused({ focused, clicks }: Recording, found: Happening[]): void {
  for (const { at, element } of focused) {
    const before = lastAt(clicks.at, at);
    // A press gives the focus, and is told as a click when it is let go.
    const isPressed = [before, before + 1].some((i) => Math.abs((clicks.at[i] ?? Number.NaN) - at) <= PRESS_MS);
    if (!isPressed) found.push({ kind: 'focus', from: at, to: at, element, finding: null });
  }
}

/** Errors, and what the site reported itself; the same again and again is one. */
function addMoments({ moments }: Recording, found: Happening[]): void {
  let goesOn = false;
  for (const { at, kind, label } of moments) {
    if (kind !== 'error' && kind !== 'custom') {
      goesOn &&= kind !== 'click' && kind !== 'page';
      continue;
    }
    const before = found.at(-1);
    if (goesOn && before?.kind === kind && before.name === label) {
      found[found.length - 1] = { ...before, to: at, count: before.count + 1 };
    } else {
      found.push({ kind, from: at, to: at, name: label, count: 1, finding: null });
    }
    goesOn = true;
  }
}

function addSizes({ views, sizes }: Recording, found: Happening[]): void {
  for (const { sizeFrom, sizeTo } of views) {
    let last = Number.NEGATIVE_INFINITY;
    let [width, height] = [sizes.width[sizeFrom] as number, sizes.height[sizeFrom] as number];
    for (let i = sizeFrom + 1; i < sizeTo; i++) {
      const at = sizes.at[i] as number;
      const [w, h] = [sizes.width[i] as number, sizes.height[i] as number];
      if (Math.abs(w - width) < 1 && Math.abs(h - height) <= height * BAR) continue;
      [width, height] = [w, h];
      const goesOn = at - last <= RESIZE_MS;
      const from = goesOn ? (found.pop() as Happening).from : at;
      found.push({ kind: 'resize', from, to: at, width, height, finding: null });
      last = at;
    }
  }
}

/** Only the last click before a page can have led there. */
function findLed(found: Happening[]): void {
  let next = Number.POSITIVE_INFINITY;
  for (let i = found.length - 1; i >= 0; i--) {
    const one = found[i] as Happening;
    if (one.kind === 'page') next = one.from;
    if (one.kind !== 'click') continue;
    if (next >= one.to && next - one.to <= LED_MS) found[i] = { ...one, led: next - one.to };
    next = Number.POSITIVE_INFINITY;
  }
}

/** Ties what was found of clicks to the first of them; gives what has no such place. */
function attachFindings(recording: Recording, found: Happening[]): Happening[] {
  const { session } = recording;
  const rest: Happening[] = [];
  const starts = found.map(({ from }) => from);
  for (const [finding, { signal, reason, element, ...span }] of session.findings.entries()) {
    const from = placeOf(recording, span.from);
    const to = Math.max(from, placeOf(recording, span.to));
    // Told where the form was left, before the page that came then.
    const leaves = signal === 'abandoned_form';
    const place = OF_CLICKS.has(signal) ? clickWithin(found, starts, element, from, to) : -1;
    const clicked = found[place] as Clicked | undefined;
    if (clicked) {
      const known = clicked.finding === null ? undefined : session.findings[clicked.finding];
      // Of several that are about the same clicks the gravest says it all.
      const isGravest = !known || WEIGHTS[known.signal] < WEIGHTS[signal];
      const others = clicked.others + Number(known !== undefined);
      found[place] = { ...clicked, finding: isGravest ? finding : clicked.finding, others };
    } else
      rest.push({
        kind: 'signal',
        from: leaves ? Math.max(from, to - 1) : from,
        to,
        signal,
        reason,
        element,
        finding,
      });
  }
  return rest;
}

function clickWithin(
  found: readonly Happening[],
  starts: readonly number[],
  element: Finding['element'],
  from: number,
  to: number,
): number {
  for (
    let i = Math.max(0, lastAt(starts, from - BURST_BEFORE_MS));
    i < found.length && (starts[i] as number) <= to;
    i++
  ) {
    const one = found[i] as Happening;
    if (one.kind === 'click' && one.element === element && one.to >= from) return i;
  }
  return -1;
}
