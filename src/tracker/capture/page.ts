// Which page is viewed: page views and routes inside one page load, with the page's sizes. Started by main.
import { NAVIGATION, PAGE_VIEW } from '../../format/packed-row.ts';
import { guard, listen } from '../guard.ts';
import { cut, geometry, place } from '../place.ts';
import { emit, measure } from '../queue.ts';
import { settle, throttle } from '../throttle.ts';
import { RESIZE_EVERY_MS } from '../tuning.ts';

/** Reports that the visitor sees the page now. */
export function viewPage(): void {
  place[0] = cut(location.href);
  emit(PAGE_VIEW, geometry(), true);
}

export function capturePage(): void {
  const route = guard(() => {
    const [from] = place;
    const page = cut(location.href);
    if (from && page !== from) {
      settle();
      place[0] = page;
      emit(NAVIGATION, [from, ...geometry()], false);
    }
  });
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    // The page's own call comes first, with all its errors.
    history[name] = function (...args) {
      original.apply(this, args);
      route();
    };
  }
  listen('popstate', route);
  listen('hashchange', route);
  listen<PageTransitionEvent>('pageshow', ({ persisted }) => {
    if (persisted) viewPage();
  });
  const resized = throttle(RESIZE_EVERY_MS, measure);
  listen('resize', ({ timeStamp }) => resized(timeStamp));
}
