// Where the visitor scrolled, run by run: from where to where of the page, or only that a part of it moved. `happenings.ts` calls it.
import type { Recording } from './recording.ts';
import { sizeIndexAt } from './size.ts';
import type { Scrolling } from './transcript-line.ts';

/** ms from the start. */
interface ScrollRun extends Scrolling {
  from: number;
  to: number;
}

/** ms without a sample that end a run. */
const PAUSE_MS = 2000;
/** A page that moves by less was not scrolled. */
const LEAST = 0.01;

export function scrollRuns(recording: Recording): ScrollRun[] {
  const runs: ScrollRun[] = [];
  const { scrolls, sizes, views, scrolled } = recording;
  for (const view of views) {
    let run: ScrollRun | null = null;
    let before = 0;
    for (let i = view.scrollFrom; i < view.scrollTo; i++) {
      const at = scrolls.at[i] as number;
      const size = sizeIndexAt(sizes, view, at);
      const room = (sizes.documentHeight[size] as number) - (sizes.height[size] as number);
      const share = room > 0 ? Math.min(1, Math.max(0, (scrolls.y[i] as number) / room)) : 0;
      // The first sample says where the page stood when it was opened.
      if (i > view.scrollFrom) {
        if (!run || at - run.to > PAUSE_MS) {
          run = { from: at, to: at, start: before, furthest: before, end: share, nested: false };
          runs.push(run);
        }
        run.to = at;
        run.end = share;
        if (Math.abs(share - run.start) > Math.abs(run.furthest - run.start)) run.furthest = share;
      }
      before = share;
    }
  }
  const moved = runs.filter(({ start, furthest }) => Math.abs(furthest - start) >= LEAST);
  const known = new Set(scrolls.at);
  let run: ScrollRun | null = null;
  for (const at of scrolled) {
    if (known.has(at)) continue;
    if (!run || at - run.to > PAUSE_MS) {
      run = { from: at, to: at, start: 0, furthest: 0, end: 0, nested: true };
      moved.push(run);
    }
    run.to = at;
  }
  return moved;
}
