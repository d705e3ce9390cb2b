// What clicks tell of a page: the boxes of the elements that were hit. `resolve-geometry.ts` calls it.
import type { EventIndex } from './event-index.ts';
import type { ClickTrack, KnownElement } from './tracks.ts';

/** Boxes kept of one page. */
const ELEMENTS_MAX = 300;

/** px: the lower edge of the lowest element clicked on each page. */
export function lowestTouched({ clicks, views }: EventIndex): Map<string, number> {
  const lowest = new Map<string, number>();
  for (const [i, box] of clicks.box.entries()) {
    if (!box || clicks.fixed[i]) continue;
    const page = views[clicks.view[i] as number]?.page ?? '';
    lowest.set(page, Math.max(lowest.get(page) ?? 0, box.y + box.height));
  }
  return lowest;
}

/** A fixed element's box is reported in page px too; what it keeps is its place in the viewport. */
export function elementsByPage({ clicks, views }: EventIndex, track: ClickTrack): Map<string, KnownElement[]> {
  const pages = new Map<string, Map<string, KnownElement>>();
  for (const [i, box] of clicks.box.entries()) {
    if (!box) continue;
    const page = views[clicks.view[i] as number]?.page ?? '';
    const known = pages.get(page) ?? new Map<string, KnownElement>();
    pages.set(page, known);
    if (known.size >= ELEMENTS_MAX) continue;
    const element = clicks.element[i] as string;
    const fixed = clicks.fixed[i] === true;
    const x = box.x - (fixed ? (track.scrollX[i] as number) : 0);
    const y = box.y - (fixed ? (track.scrollY[i] as number) : 0);
    known.set(`${element} ${Math.round(x)} ${Math.round(y)}`, { ...box, x, y, element, fixed });
  }
  return new Map([...pages].map(([page, known]) => [page, [...known.values()]]));
}
