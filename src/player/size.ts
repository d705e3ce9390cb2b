// How large viewport and document were in a view at a position.
import { lastAt } from './search.ts';
import type { SizeTrack, View } from './tracks.ts';

/** Row of the size track; every view has at least one, which also holds before its beginning. */
export function sizeIndexAt(sizes: SizeTrack, view: View, position: number): number {
  return Math.max(view.sizeFrom, lastAt(sizes.at, position, view.sizeFrom, view.sizeTo));
}
