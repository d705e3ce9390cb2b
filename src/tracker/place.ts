// Where the visitor stands: the page's address, its geometry, the pointer. Read by the captures and the queue.
import { PAGE_MAX } from '../format/limits.ts';
import { maskEmail } from '../format/mask.ts';
import type { Values } from '../format/packed.ts';
import type { RESIZE } from '../format/packed-row.ts';
import { params } from './options.ts';

/**
 * The page's address, cut, and the pointer's kind. Undefined: nobody has seen the page yet (or it is not http or
 * https); no pointer yet.
 */
export const place: [page?: string | undefined, pointer?: string | undefined] = [];

/**
 * What of a browser's own address may leave it, by the same rules as `cutUrl`: no query but allowed parameters, no
 * fragment but a hash route's path. Undefined for one that is not http or https.
 */
export const cut = (address: string): string | undefined => {
  const [, base, query, route = ''] = /^(https?:[^?#]*)\??([^#]*)(#!?\/[^?]*)?/.exec(address) ?? [];
  if (!base) return;
  const kept = query!
    .split('&')
    .filter((pair) => params.includes(pair.split('=')[0]!))
    .join('&');
  return (maskEmail(base) + (kept && `?${kept}`) + maskEmail(route)).slice(0, PAGE_MAX);
};

/** A number within 0 and `max`. */
export const within = (max: number, number: number): number => Math.max(0, Math.min(max, number));

/** What `geometry` gave last; at first no sizes, and where a page begins. */
export let seen: Values<typeof RESIZE> = [0, 0, 0, 0, 0, 0, 0];

/** The page's sizes and scroll position, as the columns of a packed event have them. */
export const geometry = (): Values<typeof RESIZE> => {
  const page = document.documentElement;
  seen = [innerWidth, innerHeight, page.scrollWidth, page.scrollHeight, 100 * devicePixelRatio, scrollX, scrollY];
  return seen;
};

/** Of each element where it was last, the boxes of it and all in it, and its id. */
export const known = new WeakMap<EventTarget, [place: string, boxes: number[][], id: number]>();
/** The boxes within the page that scroll whose place is to be told. */
export const moved = new Set<Element>();
