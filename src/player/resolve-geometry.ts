// Turns what events said of sizes and offsets into columns without holes, guessing only where nothing was said. `recording.ts` calls it.
import type { SessionRecord } from '../format/session.ts';
import type { EventIndex } from './event-index.ts';
import { elementsByPage, lowestTouched } from './known-elements.ts';
import { findRests, findStrokes } from './pointer-track.ts';
import { scrollAt } from './scroll.ts';
import { sizeIndexAt } from './size.ts';
import type { ClickTrack, PointerTrack, RestTrack, ScrollTrack, SizeTrack, View } from './tracks.ts';

export interface Geometry {
  views: View[];
  scrolls: ScrollTrack;
  sizes: SizeTrack;
  pointer: PointerTrack;
  rests: RestTrack;
  clicks: ClickTrack;
  guessed: boolean;
}

/** What a page is taken to measure, in viewports, where only a scroll share is known. */
const ASSUMED_VIEWPORTS = 3;

/** Yields between its stages. */
export function* resolveGeometry(index: EventIndex, session: SessionRecord): Generator<void, Geometry> {
  const { order: sizeOrder, offsets: sizeOffsets } = group(index.sizes.view, index.views.length);
  const { order: scrollOrder, offsets: scrollOffsets } = group(index.scrolls.view, index.views.length);
  const fallback = fallbackViewport(index, session);

  const sizes: SizeTrack = {
    at: pick(index.sizes.at, sizeOrder),
    width: pick(index.sizes.width, sizeOrder),
    height: pick(index.sizes.height, sizeOrder),
    documentWidth: pick(index.sizes.documentWidth, sizeOrder),
    documentHeight: pick(index.sizes.documentHeight, sizeOrder),
    documentKnown: new Uint8Array(sizeOrder.length),
  };
  const scrolls: ScrollTrack = {
    at: pick(index.scrolls.at, scrollOrder),
    x: pick(index.scrolls.x, scrollOrder),
    y: pick(index.scrolls.y, scrollOrder),
  };
  yield;
  const percents = pick(index.scrolls.percent, scrollOrder);
  const touched = lowestTouched(index);

  const views: View[] = index.views.map((view, v) => {
    const resolved: View = {
      at: view.at,
      page: view.page,
      tab: view.tab,
      sizeFrom: sizeOffsets[v] as number,
      sizeTo: sizeOffsets[v + 1] as number,
      scrollFrom: scrollOffsets[v] as number,
      scrollTo: scrollOffsets[v + 1] as number,
      elements: [],
    };
    resolveSizes(sizes, scrolls, percents, resolved, fallback, session, touched.get(view.page) ?? 0);
    resolveScrolls(sizes, scrolls, percents, resolved);
    return resolved;
  });

  yield;
  const clicks = place(index, views, scrolls, sizes);
  yield;
  const elements = elementsByPage(index, clicks);
  yield;
  return {
    views: views.map((view) => ({ ...view, elements: elements.get(view.page) ?? [] })),
    scrolls,
    sizes,
    guessed: fallback.guessed,
    pointer: findStrokes(index),
    rests: findRests(index, views, scrolls),
    clicks,
  };
}

/** Fills a view's holes: from before, else from after; a document's height also from the scroll shares, the header, or what was touched. */
function resolveSizes(
  sizes: SizeTrack,
  scrolls: ScrollTrack,
  percents: Float64Array,
  view: View,
  fallback: { width: number; height: number },
  session: SessionRecord,
  touched: number,
): void {
  const { sizeFrom: from, sizeTo: to } = view;
  const { below, scrolled } = estimateBelow(scrolls, percents, view);
  for (const column of [sizes.width, sizes.height, sizes.documentWidth, sizes.documentHeight]) carry(column, from, to);
  for (let i = from; i < to; i++) {
    if (Number.isNaN(sizes.width[i])) sizes.width[i] = fallback.width;
    if (Number.isNaN(sizes.height[i])) sizes.height[i] = fallback.height;
    const width = sizes.width[i] as number;
    const height = sizes.height[i] as number;
    if (Number.isNaN(sizes.documentWidth[i])) sizes.documentWidth[i] = session.document?.width ?? width;
    if (!Number.isNaN(sizes.documentHeight[i])) {
      sizes.documentKnown[i] = 1;
      continue;
    }
    const assumed = session.document?.height ?? (scrolled ? height * ASSUMED_VIEWPORTS : 0);
    sizes.documentHeight[i] = Math.max(height, below > 0 ? height + below : assumed, touched);
  }
}

/** Where a page's height is not known: what lies below the viewport, from the lowest scroll sample that gives both offset and share. */
function estimateBelow(scrolls: ScrollTrack, percents: Float64Array, view: View): { below: number; scrolled: boolean } {
  let lowest = 0;
  let below = 0;
  for (let i = view.scrollFrom; i < view.scrollTo; i++) {
    const percent = percents[i] as number;
    if (!(percent > lowest)) continue;
    const y = scrolls.y[i] as number;
    lowest = percent;
    below = Number.isNaN(y) ? 0 : (y * 100) / percent;
  }
  return { below, scrolled: lowest > 0 };
}

/** Offsets from shares where only those are known; nothing outside the document. */
function resolveScrolls(sizes: SizeTrack, scrolls: ScrollTrack, percents: Float64Array, view: View): void {
  for (let i = view.scrollFrom; i < view.scrollTo; i++) {
    const size = sizeIndexAt(sizes, view, scrolls.at[i] as number);
    const room = Math.max(0, (sizes.documentHeight[size] as number) - (sizes.height[size] as number));
    const y = scrolls.y[i] as number;
    if (Number.isNaN(y)) scrolls.y[i] = (room * (percents[i] as number)) / 100;
  }
}

/** Clicks with the offset of the page under them, held within the viewport of their time. */
function place(index: EventIndex, views: View[], scrolls: ScrollTrack, sizes: SizeTrack): ClickTrack {
  const { at, x, y, view, count, element, fixed } = index.clicks;
  const track: ClickTrack = {
    at: new Float64Array(at),
    x: new Float64Array(x),
    y: new Float64Array(y),
    scrollX: new Float64Array(at.length),
    scrollY: new Float64Array(at.length),
    view: new Uint32Array(view),
    count: new Uint32Array(count),
    fixed: Uint8Array.from(fixed, Number),
    element,
    box: index.clicks.box,
    idle: Uint8Array.from(index.clicks.idle, Number),
    effect: new Float64Array(index.clicks.effect),
  };
  for (let i = 0; i < at.length; i++) {
    const on = views[view[i] as number] as View;
    const size = sizeIndexAt(sizes, on, at[i] as number);
    track.x[i] = Math.min(Math.max(0, x[i] as number), sizes.width[size] as number);
    track.y[i] = Math.min(Math.max(0, y[i] as number), sizes.height[size] as number);
    const offset = scrollAt(scrolls, on, at[i] as number);
    track.scrollX[i] = offset.x;
    track.scrollY[i] = offset.y;
  }
  return track;
}

/** The first size any event reported, else the header's, else a common one at which every point fits. */
function fallbackViewport(
  index: EventIndex,
  session: SessionRecord,
): { width: number; height: number; guessed: boolean } {
  const first = index.sizes.width.findIndex((width) => width > 0);
  if (first >= 0) {
    const height = index.sizes.height.find((height) => height > 0) ?? (index.sizes.width[first] as number) / WIDE;
    return { width: index.sizes.width[first] as number, height, guessed: false };
  }
  if (session.viewport) return { ...session.viewport, guessed: false };
  const phone = session.device === 'mobile';
  let width = phone ? 390 : 1280;
  const ratio = phone ? 1 / WIDE : WIDE;
  for (const x of index.pointer.x) width = Math.max(width, Math.min(x, GUESS_MAX));
  for (const y of index.pointer.y) width = Math.max(width, Math.min(y, GUESS_MAX) * ratio);
  return { width: Math.ceil(width), height: Math.ceil(width / ratio), guessed: true };
}

const WIDE = 16 / 9;
/** px: a point further out does not make the guessed viewport any larger. */
const GUESS_MAX = 3840;

/** Order in which rows of one view lie together, in time order within it; view v has [offsets[v], offsets[v + 1]). */
function group(view: readonly number[], views: number): { order: Uint32Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(views + 1);
  for (const v of view) offsets[v + 1] = (offsets[v + 1] as number) + 1;
  for (let v = 0; v < views; v++) offsets[v + 1] = (offsets[v + 1] as number) + (offsets[v] as number);
  const next = offsets.slice();
  const order = new Uint32Array(view.length);
  for (let row = 0; row < view.length; row++) {
    const v = view[row] as number;
    order[next[v] as number] = row;
    next[v] = (next[v] as number) + 1;
  }
  return { order, offsets };
}

function pick(values: readonly number[], order: Uint32Array): Float64Array {
  const column = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) column[i] = values[order[i] as number] as number;
  return column;
}

function carry(column: Float64Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) if (Number.isNaN(column[i])) column[i] = column[i - 1] as number;
  for (let i = to - 2; i >= from; i--) if (Number.isNaN(column[i])) column[i] = column[i + 1] as number;
}
