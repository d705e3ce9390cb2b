// Where the document stood under the viewport at a position, and nested scrollers within it.
import { type Glide, glideAt } from './glide.ts';
import type { Point } from './point.ts';
import { lastAt } from './search.ts';
import type { ScrollTrack, View } from './tracks.ts';

/** The tracker samples at most every 250 ms: what lies closer than two and a half samples was one movement. */
export const SCROLL: Glide = { close: 625, lead: 250 };

/** Where a nested scroller stood; its track begins at 0. */
export function offsetAt(track: ScrollTrack, position: number): Point {
  const i = Math.max(0, lastAt(track.at, position));
  return {
    x: glideAt(track.at, track.x, 0, track.at.length, i, position, SCROLL),
    y: glideAt(track.at, track.y, 0, track.at.length, i, position, SCROLL),
  };
}

/** px; before a view's first sample the page stood where that sample says. */
export function scrollAt(scrolls: ScrollTrack, view: View, position: number): Point {
  const { scrollFrom: from, scrollTo: to } = view;
  if (from === to) return { x: 0, y: 0 };
  const i = lastAt(scrolls.at, position, from, to);
  if (i < from) return { x: scrolls.x[from] as number, y: scrolls.y[from] as number };
  return {
    x: glideAt(scrolls.at, scrolls.x, from, to, i, position, SCROLL),
    y: glideAt(scrolls.at, scrolls.y, from, to, i, position, SCROLL),
  };
}
