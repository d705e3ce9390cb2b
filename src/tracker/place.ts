// Where the visitor stands: the page's address, its geometry, the pointer. Read by the captures and the queue.
import { PAGE_MAX } from '../format/limits.ts';
import type { Values } from '../format/packed.ts';
import type { RESIZE } from '../format/packed-row.ts';
import { cutUrl } from '../format/url.ts';
import { params } from './options.ts';

/** The page's address, cut, and the pointer's kind. Undefined: nobody has seen the page yet (or it is not http or https); no pointer yet. */
export const place: [page: string | undefined, pointer: string | undefined] = [undefined, undefined];

/** An address, cut; undefined for one that is not http or https. */
export const cut = (address: string): string | undefined => cutUrl(address, params)?.slice(0, PAGE_MAX);

/** Of the document: quirks mode keeps its height elsewhere. */
export const scroller = (): Element => document.scrollingElement ?? document.documentElement;

/** The sizes that `geometry` gave last. */
export let shape: string;

/** As the columns of a packed event have it. */
export function geometry(): Values<typeof RESIZE> {
  const { scrollWidth, scrollHeight } = scroller();
  const sizes = [innerWidth, innerHeight, scrollWidth, scrollHeight, 100 * devicePixelRatio || undefined] as const;
  shape = sizes.join();
  return [...sizes, scrollX, scrollY];
}
