// What the pass over a session's events collects, and what each event adds to it. `index-events.ts` fills it, `recording.ts` and what it calls read it.
import type { ClickEvent, Geometry, PointerKind, SessionEvent } from '../format/event.ts';
import type { FoundLayout } from './index-layouts.ts';
import type { Rectangle } from './scene.ts';
import type { Moment } from './stretches.ts';
import type { Life } from './tabs.ts';
import { POINTER_KINDS } from './tracks.ts';

/** Columns of one length each, NaN for what an event did not say. Times in ms from the start. */
export interface EventIndex {
  lastAt: number;
  views: { at: number; page: string; tab: number }[];
  scenes: { at: number[]; view: number[] };
  sizes: {
    view: number[];
    at: number[];
    width: number[];
    height: number[];
    documentWidth: number[];
    documentHeight: number[];
  };
  scrolls: { view: number[]; at: number[]; x: number[]; y: number[]; percent: number[] };
  pointer: { view: number[]; at: number[]; x: number[]; y: number[]; kind: number[] };
  clicks: {
    view: number[];
    at: number[];
    x: number[];
    y: number[];
    count: number[];
    element: string[];
    box: (Rectangle | undefined)[];
    fixed: boolean[];
    idle: boolean[];
    effect: number[];
  };
  layouts: FoundLayout[];
  activity: number[];
  scrolled: number[];
  moments: Moment[];
  /** Fields that the visitor went into. */
  focused: { at: number; element: string }[];
  /** Times at which the watched tab was hidden, shown, hidden … */
  hidden: number[];
  /** When which page load was there, in the order of their beginnings; one that came back from the browser's cache has several. */
  lives: Life[];
}

/** Clicks that follow each other this fast (ms), this close (px), are counted as one burst. */
const BURST_MS = 1000;
const BURST_PX = 30;
/** A viewport of which an event says nothing. */
const UNTOLD = { width: Number.NaN, height: Number.NaN };

export function emptyIndex(): EventIndex {
  return {
    lastAt: 0,
    views: [],
    scenes: { at: [], view: [] },
    sizes: { view: [], at: [], width: [], height: [], documentWidth: [], documentHeight: [] },
    scrolls: { view: [], at: [], x: [], y: [], percent: [] },
    pointer: { view: [], at: [], x: [], y: [], kind: [] },
    clicks: { view: [], at: [], x: [], y: [], count: [], element: [], box: [], fixed: [], idle: [], effect: [] },
    layouts: [],
    activity: [],
    scrolled: [],
    moments: [],
    focused: [],
    hidden: [],
    lives: [],
  };
}

/** What the event says by itself, of the view it belongs to. */
export function addEvent(index: EventIndex, event: SessionEvent, view: number, at: number): void {
  switch (event.event_type) {
    case 'mousemove':
      addPointer(index, view, at, event);
      break;
    case 'click':
      addPointer(index, view, at, event);
      addClick(index, view, at, event);
      break;
    case 'scroll':
      index.scrolled.push(at);
      addScroll(index, view, at, event.scroll_x, event.scroll_y, event.scroll_percent);
      if (event.document_height !== undefined)
        addSize(index, UNTOLD, view, at, { document_height: event.document_height });
      break;
    case 'page_view':
    case 'navigation':
      index.moments.push({ at, kind: 'page', label: event.page, count: 1 });
      break;
    case 'focus':
      index.focused.push({ at, element: event.element });
      break;
    case 'visibility_change':
      index.moments.push({ at, kind: event.state, label: '', count: 1 });
      break;
    case 'error':
    case 'custom':
      index.moments.push({ at, kind: event.event_type, label: event.name, count: 1 });
      break;
  }
}

/** `known`: the viewport's, where the event does not say. */
export function addSize(
  index: EventIndex,
  known: { width: number; height: number },
  view: number,
  at: number,
  geometry: Geometry,
): void {
  index.sizes.view.push(view);
  index.sizes.at.push(at);
  index.sizes.width.push(geometry.viewport_width ?? known.width);
  index.sizes.height.push(geometry.viewport_height ?? known.height);
  index.sizes.documentWidth.push(geometry.document_width ?? Number.NaN);
  index.sizes.documentHeight.push(geometry.document_height ?? Number.NaN);
}

/** Nothing where the event does not say. */
export function addScroll(
  index: EventIndex,
  view: number,
  at: number,
  x: number | undefined,
  y: number | undefined,
  percent: number,
): void {
  if (y === undefined && Number.isNaN(percent)) return;
  index.scrolls.view.push(view);
  index.scrolls.at.push(at);
  index.scrolls.x.push(x ?? 0);
  index.scrolls.y.push(y ?? Number.NaN);
  index.scrolls.percent.push(percent);
}

function addPointer(
  index: EventIndex,
  view: number,
  at: number,
  event: SessionEvent & { x: number; y: number; pointer?: PointerKind },
): void {
  index.pointer.view.push(view);
  index.pointer.at.push(at);
  index.pointer.x.push(event.x);
  index.pointer.y.push(event.y);
  index.pointer.kind.push(POINTER_KINDS.indexOf(event.pointer ?? 'mouse'));
}

function addClick({ clicks, moments }: EventIndex, view: number, at: number, event: ClickEvent): void {
  const last = clicks.at.length - 1;
  const again =
    last >= 0 &&
    clicks.view[last] === view &&
    at - (clicks.at[last] as number) <= BURST_MS &&
    Math.hypot(event.x - (clicks.x[last] as number), event.y - (clicks.y[last] as number)) <= BURST_PX;
  const before = moments.at(-1);
  const isIdle = event.effect_ms === null && { idle: true as const };
  if (again && before?.kind === 'click' && before.label === event.element) {
    const { idle: _, ...others } = before;
    moments[moments.length - 1] = { ...others, count: before.count + 1, ...(before.idle && isIdle) };
  } else {
    moments.push({ at, kind: 'click', label: event.element, count: 1, ...isIdle });
  }
  clicks.view.push(view);
  clicks.at.push(at);
  clicks.x.push(event.x);
  clicks.y.push(event.y);
  clicks.count.push(again ? (clicks.count[last] as number) + 1 : 1);
  clicks.element.push(event.element);
  clicks.box.push(event.element_box);
  clicks.fixed.push(event.fixed === true);
  clicks.idle.push(event.effect_ms === null);
  clicks.effect.push(event.effect_ms ?? Number.NaN);
}
