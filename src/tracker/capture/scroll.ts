// How far the page is scrolled, at most four times a second. Started by main.
import { SCROLL_EVERY_MS } from '../../format/limits.ts';
import { SCROLL } from '../../format/packed-row.ts';
import { listen } from '../guard.ts';
import { scroller } from '../place.ts';
import { emit } from '../queue.ts';
import { throttle } from '../throttle.ts';

export function captureScroll(): void {
  const sample = throttle(SCROLL_EVERY_MS, () => {
    const { scrollHeight } = scroller();
    const percent = (100 * scrollY) / (scrollHeight - innerHeight);
    // Some browsers scroll beyond both ends and spring back.
    emit(SCROLL, [Math.min(100, Math.max(0, percent || 0)), scrollX, scrollY, scrollHeight], true);
  });
  listen('scroll', ({ target, timeStamp }) => {
    // Not the boxes within the page.
    if (target === document) sample(timeStamp);
  });
}
