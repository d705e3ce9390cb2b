// Which page loads belong to one tab of the browser, and when each tab was in use. `recording.ts` calls it.
import { lastAt } from './search.ts';
import type { Stretch } from './stretches.ts';

/** When a page load was there; ms from the start. */
export interface Life {
  readonly load: number;
  readonly from: number;
  to: number;
}

/** A page in its tab. `view`: its place in the recording's views. */
export interface Chapter extends Stretch {
  readonly view: number;
}

/** A tab of the browser: page loads that followed each other. */
export interface Tab {
  /** Number of its first page load: it stays the same while a session grows. */
  readonly load: number;
  /** In time order; between two of them the tab may have been elsewhere. */
  readonly chapters: readonly Chapter[];
  /** When it was the one in use; in time order. */
  readonly active: readonly Stretch[];
}

/** ms by which the next page of a tab may begin before the last event of the one before. */
const OVERLAP_MS = 250;
/** ms without a page in a tab that are still the way from one page to the next. */
const WAY_MS = 5000;

interface Known {
  views: readonly { readonly at: number; readonly tab: number }[];
  scenes: { at: ArrayLike<number>; view: ArrayLike<number> };
  lives: readonly Life[];
}

export function findTabs(known: Known, hidden: readonly Stretch[], duration: number): Tab[] {
  const { views, scenes, lives } = known;
  const tabOf = joinLoads(lives);
  const first: number[] = [];
  for (const { load } of lives) first[tabOf.get(load) as number] ??= load;
  const inTab = (view: number) => tabOf.get(views[view]?.tab ?? -1) ?? 0;

  const chapters = first.map((): { from: number; view: number; until: number }[] => []);
  const until = endsOf(views, lives);
  for (const [view, { at }] of views.entries()) {
    chapters[inTab(view)]?.push({ from: at, view, until: until[view] as number });
  }
  const last = scenes.view[scenes.view.length - 1];
  const active = first.map((): { from: number; to: number }[] => []);
  for (let i = 0; i < scenes.at.length; i++) {
    const stretches = active[inTab(scenes.view[i] as number)] as { from: number; to: number }[];
    const [from, to] = [scenes.at[i] as number, scenes.at[i + 1] ?? duration];
    const before = stretches.at(-1);
    if (before && before.to === from) before.to = to;
    else stretches.push({ from, to });
  }
  return first.map((load, tab) => ({
    load,
    chapters: (chapters[tab] ?? []).map(({ from, view, until }, i, all) => {
      const next = all[i + 1]?.from;
      const end = view === last ? duration : until;
      return { from, view, to: next !== undefined && next - end <= WAY_MS ? next : Math.max(from, end) };
    }),
    active: without(active[tab] ?? [], hidden),
  }));
}

/** The tab of each page load: a load that begins when another one has ended follows it, that which ended last. */
function joinLoads(lives: readonly Life[]): Map<number, number> {
  const tabOf = new Map<number, number>();
  /** Of each tab: when what is known of it so far ends. */
  const until: number[] = [];
  const byEnd = [...lives].sort((a, b) => a.to - b.to);
  /** Tabs by when they ended, the last on top; of those that went on since, only the entry with their present end counts. */
  const ended: { tab: number; to: number }[] = [];
  let next = 0;
  for (const { load, from, to } of lives) {
    for (let life = byEnd[next]; life && life.to <= from + OVERLAP_MS; life = byEnd[++next]) {
      const tab = tabOf.get(life.load);
      // It begins later itself: it is looked at again when it has.
      if (tab === undefined) break;
      ended.push({ tab, to: life.to });
    }
    let tab = tabOf.get(load);
    while (tab === undefined && ended.length > 0) {
      const free = ended.pop() as { tab: number; to: number };
      if (until[free.tab] === free.to) tab = free.tab;
    }
    tab ??= until.length;
    tabOf.set(load, tab);
    until[tab] = Math.max(until[tab] ?? 0, to);
  }
  return tabOf;
}

/** When the page load of each view ended, as far as that view goes. */
function endsOf(views: Known['views'], lives: readonly Life[]): number[] {
  const ofLoad = new Map<number, Life[]>();
  for (const life of lives) {
    const known = ofLoad.get(life.load);
    if (known) known.push(life);
    else ofLoad.set(life.load, [life]);
  }
  return views.map(({ at, tab }) => {
    const own = ofLoad.get(tab) ?? [];
    const begun = own.map(({ from }) => from);
    return own[Math.max(0, lastAt(begun, at))]?.to ?? at;
  });
}

/** What of `stretches` lies in none of `others`; both in time order. */
function without(stretches: readonly Stretch[], others: readonly Stretch[]): Stretch[] {
  const left: Stretch[] = [];
  let next = 0;
  for (const { from, to } of stretches) {
    while (next < others.length && (others[next] as Stretch).to <= from) next++;
    let begin = from;
    for (let i = next; i < others.length && (others[i] as Stretch).from < to; i++) {
      const other = others[i] as Stretch;
      if (other.from > begin) left.push({ from: begin, to: other.from });
      begin = Math.max(begin, other.to);
    }
    if (begin < to) left.push({ from: begin, to });
  }
  return left;
}
