// One pass over a session's events in time order: sorts them out by tab, page and kind. `recording.ts` calls it.
import { type Geometry, type LayoutEvent, pageLoadOf, type SessionEvent } from '../format/event.ts';
import { addEvent, addScroll, addSize, type EventIndex, emptyIndex } from './event-index.ts';
import type { Life } from './tabs.ts';

/** One page load in one tab, as far as the events' ids tell them apart. */
interface Tab {
  number: number;
  view: number;
  before: number;
  /** Its first view began with another event than the one that tells of it. */
  early: boolean;
  width: number;
  height: number;
  life: Life;
  hidden: boolean;
}

/** ms in which an event of the page before may still come in after a page change. */
const STRAGGLER_MS = 1000;
/** ms in which a page that was asked for comes, as a rule. */
const LOADING_MS = 10_000;
/** Events indexed between two yields: a few ms of work. */
const STEP = 2000;

/** Yields now and then, so that whoever runs it can let others work. */
export function* indexEvents(events: readonly SessionEvent[], startedAt: number): Generator<void, EventIndex> {
  const index = emptyIndex();
  const tabs = new Map<string, Tab>();
  let lastId = '';
  let tab: Tab | undefined;
  let width = Number.NaN;
  let height = Number.NaN;

  for (let i = 0; i < events.length; i++) {
    if (i % STEP === STEP - 1) yield;
    const event = events[i] as SessionEvent;
    const at = Math.max(0, event.timestamp - startedAt);
    index.lastAt = Math.max(index.lastAt, at);

    const id = pageLoadOf(event.event_id);
    if (!tab || id !== lastId) {
      tab = tabs.get(id) ?? openTab(index, tabs.size, at, width, height);
      tabs.set(id, tab);
      lastId = id;
    }
    keepAlive(index, tab, at, event);

    if (event.event_type === 'layout') {
      addLayout(index, tab, at, event);
      continue;
    }
    const opens = event.event_type === 'page_view' || event.event_type === 'navigation';
    if (opens || event.event_type === 'resize') {
      tab.width = width = event.viewport_width ?? tab.width;
      tab.height = height = event.viewport_height ?? tab.height;
    }
    const early = tab.view < 0 && !opens;
    const view = opens ? openView(index, tab, event.page, at, event) : viewOf(index, tab, event.page, at);
    tab.early ||= early;
    if (event.event_type === 'resize') {
      addSize(index, tab, view, at, event);
      addScroll(index, view, at, event.scroll_x, event.scroll_y, Number.NaN);
    }

    const watched = index.scenes.view.at(-1);
    if (isActivity(event)) {
      index.activity.push(at);
      if (index.hidden.length % 2 === 1) endHidden(index, event, at);
      if (view !== watched && view === tab.view) showView(index, view, at);
    } else if (event.event_type === 'visibility_change') {
      const watching = watched === undefined || index.views[watched]?.tab === tab.number;
      const isHidden = index.hidden.length % 2 === 1;
      if (event.state === 'hidden' ? watching && !isHidden : isHidden) index.hidden.push(at);
      if (event.state === 'visible' && view !== watched) showView(index, view, at);
    } else if (watched === undefined) {
      showView(index, view, at);
    }

    addEvent(index, event, view, at);
  }
  return index;
}

function openTab(index: EventIndex, number: number, at: number, width: number, height: number): Tab {
  return {
    number,
    view: -1,
    before: -1,
    early: false,
    width,
    height,
    life: beginLife(index, number, at),
    hidden: false,
  };
}

function beginLife({ lives }: EventIndex, load: number, at: number): Life {
  const life = { load, from: at, to: at };
  lives.push(life);
  return life;
}

/** Until the next page has come, the one that was left is hidden: nobody was elsewhere. */
function endHidden({ hidden }: EventIndex, { event_type }: SessionEvent, at: number): void {
  if (event_type === 'page_view' && at - (hidden.at(-1) as number) < LOADING_MS) hidden.pop();
  else hidden.push(at);
}

/** A page that was hidden and then tells that it was opened had been left, and came back. */
function keepAlive(index: EventIndex, tab: Tab, at: number, event: SessionEvent): void {
  if (event.event_type === 'page_view') {
    if (tab.hidden) tab.life = beginLife(index, tab.number, at);
    tab.hidden = false;
  } else if (event.event_type === 'visibility_change') {
    tab.hidden = event.state === 'hidden';
  }
  tab.life.to = at;
}

/** Opens no page: it may come before the event that does. */
function addLayout(index: EventIndex, tab: Tab, at: number, event: LayoutEvent): void {
  index.layouts.push({ tab: tab.number, at, event });
  if (event.number === undefined) {
    index.activity.push(at);
    index.scrolled.push(at);
  }
  if (index.views[tab.view]?.page === event.page && !event.outline) addSize(index, tab, tab.view, at, event);
}

/** What a visitor does himself. */
function isActivity({ event_type }: SessionEvent): boolean {
  return (
    event_type === 'mousemove' ||
    event_type === 'click' ||
    event_type === 'scroll' ||
    event_type === 'focus' ||
    event_type === 'page_view' ||
    event_type === 'navigation'
  );
}

function showView(index: EventIndex, view: number, at: number): void {
  index.scenes.at.push(at);
  index.scenes.view.push(view);
}

function openView(index: EventIndex, tab: Tab, page: string, at: number, geometry: Geometry): number {
  const known = index.views[tab.view];
  // Going back scrolls a page before it tells that it is there.
  const isKnown = tab.early && known?.page === page && at - known.at < STRAGGLER_MS;
  const view = isKnown ? tab.view : index.views.length;
  tab.early = false;
  if (!isKnown) {
    index.views.push({ at, page, tab: tab.number });
    tab.before = tab.view;
    tab.view = view;
  }
  addSize(index, tab, view, at, geometry);
  addScroll(index, view, at, geometry.scroll_x ?? 0, geometry.scroll_y ?? 0, Number.NaN);
  return view;
}

/** The view an event belongs to; opens one where the page changed and no event said so. */
function viewOf(index: EventIndex, tab: Tab, page: string, at: number): number {
  const current = index.views[tab.view];
  if (current?.page === page) return tab.view;
  if (current && at - current.at < STRAGGLER_MS && index.views[tab.before]?.page === page) return tab.before;
  return openView(index, tab, page, at, {});
}
