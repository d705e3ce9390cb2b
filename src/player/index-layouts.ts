// The captures of each page load as chains: rows that build on each other, ready to be looked up by time. `recording.ts` calls it.
import type { LayoutEvent } from '../format/event.ts';
import type { ScrollTrack } from './tracks.ts';

/** A layout and the page load it came from; an outline belongs to its page, whatever the tab. */
export interface FoundLayout {
  tab: number;
  at: number;
  event: LayoutEvent;
}

/** What was captured of one page load, in time order. Rows that build on something lost are left out. */
export interface Chain {
  readonly at: ArrayLike<number>;
  readonly event: readonly LayoutEvent[];
  /** The row of the whole on which each row builds: at most 64 before it. */
  readonly whole: ArrayLike<number>;
  /** Where the nested scrollers stood, by their element. */
  readonly scrolled: ReadonlyMap<number, ScrollTrack>;
}

export interface Layouts {
  readonly byTab: ReadonlyMap<number, Chain>;
  readonly byPage: ReadonlyMap<string, Chain>;
}

/** Differences in a row that are followed. */
const DIFFERENCES_MAX = 64;
/** Nested scrollers of one page load whose way is kept. */
const SCROLLERS_MAX = 1000;

interface Growing {
  at: number[];
  event: LayoutEvent[];
  whole: number[];
  number: number;
  scrolled: Map<number, { at: number[]; x: number[]; y: number[] }>;
}

export function indexLayouts(found: readonly FoundLayout[]): Layouts {
  const byTab = new Map<number, Growing>();
  const byPage = new Map<string, Growing>();
  for (const { tab, at, event } of found) {
    if (event.outline) add(chainOf(byPage, event.page), at, event);
    else add(chainOf(byTab, tab), at, event);
  }
  return { byTab: finished(byTab), byPage: finished(byPage) };
}

function chainOf<K>(chains: Map<K, Growing>, key: K): Growing {
  const known = chains.get(key);
  if (known) return known;
  const chain: Growing = { at: [], event: [], whole: [], number: Number.NaN, scrolled: new Map() };
  chains.set(key, chain);
  return chain;
}

function add(chain: Growing, at: number, event: LayoutEvent): void {
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
  if (event.number === undefined) return;
  const row = chain.event.length;
  const whole = event.whole ? row : (chain.whole.at(-1) ?? -1);
  // After a break the number never fits again: what follows is left out until the next whole.
  if (!event.whole && (event.number !== chain.number + 1 || row - whole > DIFFERENCES_MAX)) return;
  chain.number = event.number;
  chain.at.push(at);
  chain.event.push(event);
  chain.whole.push(whole);
}

function finished<K>(growing: Map<K, Growing>): Map<K, Chain> {
  const chains = new Map<K, Chain>();
  for (const [key, { at, event, whole, scrolled }] of growing) {
    if (event.length === 0) continue;
    const tracks = new Map<number, ScrollTrack>();
    for (const [element, track] of scrolled) {
      tracks.set(element, {
        at: new Float64Array(track.at),
        x: new Float64Array(track.x),
        y: new Float64Array(track.y),
      });
    }
    chains.set(key, { at: new Float64Array(at), event, whole: new Uint32Array(whole), scrolled: tracks });
  }
  return chains;
}
