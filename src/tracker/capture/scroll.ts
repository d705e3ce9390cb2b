// How far the page is scrolled, at most four times a second. Heard by main.
import { SCROLL_EVERY_MS } from '../../format/limits.ts';
import { SCROLL } from '../../format/packed-row.ts';
import { within } from '../place.ts';
import { emit } from '../queue.ts';
import { throttle } from '../throttle.ts';

const sample = throttle(SCROLL_EVERY_MS, () => {
  const { scrollHeight } = document.documentElement;
  // Some browsers scroll beyond both ends and spring back.
  const percent = within(100, (100 * scrollY) / (scrollHeight - innerHeight));
  emit(SCROLL, [percent, scrollX, scrollY, scrollHeight]);
});

export const hearScroll = (event: Event): void => {
  // Not the boxes within the page.
  if (event.target === document) sample();
};
