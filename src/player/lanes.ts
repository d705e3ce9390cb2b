// What a timeline shows, sorted into lanes: the times of each, and what stands behind them. The timeline calls it once for a recording.
import type { Finding } from '../format/signal.ts';
import { placeOf, type Recording } from './recording.ts';
import type { Moment, Stretch } from './stretches.ts';
import type { Tab } from './tabs.ts';

export type LaneName = 'signals' | 'clicks' | 'scrolls' | 'others';

export interface Lanes {
  /** Times of each lane, ascending. */
  readonly at: Readonly<Record<LaneName, ArrayLike<number>>>;
  /** Behind the times of `signals`: ms from the start. */
  readonly signals: readonly { readonly from: number; readonly to: number; readonly finding: Finding }[];
  /** Behind those of `others`: errors and what the site itself reported. */
  readonly others: readonly Moment[];
  /** Where events are missing; no two overlap. */
  readonly gaps: readonly Stretch[];
}

export function lanesOf(recording: Recording): Lanes {
  const signals = recording.session.findings
    .map((finding) => ({ from: placeOf(recording, finding.from), to: placeOf(recording, finding.to), finding }))
    .sort((a, b) => a.from - b.from);
  const others = recording.moments.filter(({ kind }) => kind === 'error' || kind === 'custom');
  return {
    at: {
      signals: signals.map(({ from }) => from),
      clicks: recording.clicks.at,
      scrolls: recording.scrolled,
      others: others.map(({ at }) => at),
    },
    signals,
    others,
    gaps: joined(recording.gaps),
  };
}

function joined(stretches: readonly Stretch[]): Stretch[] {
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of stretches) {
    const before = found.at(-1);
    if (before && from <= before.to) before.to = Math.max(before.to, to);
    else found.push({ from, to });
  }
  return found;
}

/** Tabs that get a lane of their own, at most `most` with the lane that the others share: those in use for the longest time, in the order of their opening. */
export function chooseTabs(tabs: readonly Tab[], most: number): { own: readonly Tab[]; others: readonly Tab[] } {
  if (tabs.length <= most) return { own: tabs, others: [] };
  const used = (tab: Tab) => tab.active.reduce((sum, { from, to }) => sum + to - from, 0);
  const longest = new Set(
    tabs
      .map((tab) => ({ tab, ms: used(tab) }))
      .sort((a, b) => b.ms - a.ms)
      .slice(0, most - 1)
      .map(({ tab }) => tab),
  );
  return { own: tabs.filter((tab) => longest.has(tab)), others: tabs.filter((tab) => !longest.has(tab)) };
}

/** What several tabs show together, in time order; of pages that are there at once each ends where the next one is opened. */
export function joinTabs(tabs: readonly Tab[]): Tab {
  const inOrder = (a: { from: number }, b: { from: number }) => a.from - b.from;
  const chapters = tabs.flatMap(({ chapters }) => chapters).sort(inOrder);
  return {
    load: tabs[0]?.load ?? 0,
    chapters: chapters.map((chapter, i) => ({
      ...chapter,
      to: Math.min(chapter.to, chapters[i + 1]?.from ?? chapter.to),
    })),
    active: tabs.flatMap(({ active }) => active).sort(inOrder),
  };
}
