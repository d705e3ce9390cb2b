// The captures of each page load as chains of steps that build on each other, ready to be looked up by time. `recording.ts` calls it.
import type { LayoutEvent } from '../format/event.ts';
import { Statements, type Told } from './statements.ts';
import type { ScrollTrack } from './tracks.ts';

/** A layout and the page load it came from; an outline belongs to its page, whatever the tab. */
export interface FoundLayout {
  tab: number;
  at: number;
  event: LayoutEvent;
}

/** What changed from one step to the next. Trackers take a second between two: captures that come closer are one step. */
export interface Step {
  /** The step on which all of this one builds: itself, or at most 64 steps and BUILT_MAX rows before it. */
  base: number;
  /** Of a base all there is, else what changed: null where an element is gone. */
  told: ReadonlyMap<number, Told | null>;
  /** The last capture of it: the sizes of viewport and document. */
  event: LayoutEvent;
}

/** What was captured of one page load, in time order. Captures that build on something lost are left out. */
export interface Chain {
  readonly at: ArrayLike<number>;
  readonly steps: readonly Step[];
  /** Where the nested scrollers stood, by their element. */
  readonly scrolled: ReadonlyMap<number, ScrollTrack>;
}

export interface Layouts {
  readonly byTab: ReadonlyMap<number, Chain>;
  readonly byPage: ReadonlyMap<string, Chain>;
}

/** What was captured of a page in a tab; an import's outline belongs to the page alone. */
export function chainOf(layouts: Layouts, { tab, page }: { tab: number; page: string }): Chain | undefined {
  return layouts.byTab.get(tab) ?? layouts.byPage.get(page);
}

/** Differences in a row that are followed. */
const DIFFERENCES_MAX = 64;
/** ms between two steps at least, so that what is seen changes a bounded number of times a second, whatever was recorded. */
const STEP_MS = 500;
/** Rows that a step may build on, those of its base left out: with more it tells all there is and is a base itself. */
const BUILT_MAX = 6000;
/** Nested scrollers of one page load whose way is kept. */
const SCROLLERS_MAX = 1000;
/** Rows indexed between two yields: a few ms of work. */
const ROWS_AT_ONCE = 10_000;

interface Growing {
  at: number[];
  steps: Step[];
  /** Of the last step, as long as it may grow. */
  told: Map<number, Told | null>;
  all: Statements;
  number: number;
  /** Since the last whole capture. */
  differences: number;
  /** Rows told since the base. */
  built: number;
  scrolled: Map<number, { at: number[]; x: number[]; y: number[] }>;
}

/** Yields now and then, so that whoever runs it can let others work. */
export function* indexLayouts(found: readonly FoundLayout[]): Generator<void, Layouts> {
  const byTab = new Map<number, Growing>();
  const byPage = new Map<string, Growing>();
  let rows = 0;
  for (const { tab, at, event } of found) {
    if (event.outline) add(growingOf(byPage, event.page), at, event);
    else add(growingOf(byTab, tab), at, event);
    rows += 10 + (event.boxes?.length ?? 0) + (event.removed?.length ?? 0) + (event.scrolled?.length ?? 0);
    if (rows < ROWS_AT_ONCE) continue;
    rows = 0;
    yield;
  }
  return { byTab: finished(byTab), byPage: finished(byPage) };
}

function growingOf<K>(chains: Map<K, Growing>, key: K): Growing {
  const known = chains.get(key);
  if (known) return known;
  const chain: Growing = {
    at: [],
    steps: [],
    told: new Map(),
    all: new Statements(),
    number: Number.NaN,
    differences: 0,
    built: 0,
    scrolled: new Map(),
  };
  chains.set(key, chain);
  return chain;
}

function add(chain: Growing, at: number, event: LayoutEvent): void {
  addScrolled(chain, at, event);
  if (event.number === undefined) return;
  // After a break the number never fits again: what follows is left out until the next whole.
  const follows = event.number === chain.number + 1 && chain.differences < DIFFERENCES_MAX;
  if (!event.whole && !follows) return;
  chain.number = event.number;
  chain.differences = event.whole ? 0 : chain.differences + 1;
  const last = chain.steps.length - 1;
  const isNew = last < 0 || at - (chain.at[last] as number) >= STEP_MS;
  if (isNew && last >= 0) close(chain, last);
  if (event.whole) chain.all = new Statements();
  if (event.whole || isNew) chain.told = new Map();
  chain.built += chain.all.add(event, chain.told);

  const step = isNew ? last + 1 : last;
  let base = isNew ? (chain.steps[last]?.base ?? 0) : (chain.steps[step] as Step).base;
  if (event.whole || chain.built > BUILT_MAX) base = step;
  if (base === step) chain.built = 0;
  chain.steps[step] = { base, told: base === step ? chain.all.live : chain.told, event };
  if (isNew) chain.at.push(at);
}

/** Nothing is added to this step any more: what a base tells is all there is now, whatever changes later. */
function close({ steps, all }: Growing, last: number): void {
  const step = steps[last] as Step;
  if (step.base === last) steps[last] = { ...step, told: new Map(all.live) };
}

function addScrolled(chain: Growing, at: number, event: LayoutEvent): void {
  for (const [element = 0, x = 0, y = 0] of event.scrolled ?? []) {
    let track = chain.scrolled.get(element);
    if (!track) {
      if (chain.scrolled.size >= SCROLLERS_MAX) continue;
      track = { at: [0], x: [0], y: [0] };
      chain.scrolled.set(element, track);
    }
    track.at.push(at);
    track.x.push(x);
    track.y.push(y);
  }
}

function finished<K>(growing: Map<K, Growing>): Map<K, Chain> {
  const chains = new Map<K, Chain>();
  for (const [key, { at, steps, scrolled }] of growing) {
    if (steps.length === 0) continue;
    const tracks = new Map<number, ScrollTrack>();
    for (const [element, track] of scrolled) {
      tracks.set(element, {
        at: new Float64Array(track.at),
        x: new Float64Array(track.x),
        y: new Float64Array(track.y),
      });
    }
    chains.set(key, { at: new Float64Array(at), steps, scrolled: tracks });
  }
  return chains;
}
