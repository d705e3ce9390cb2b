// Which page is viewed: page views and routes inside one page load, with the page's sizes. Heard by main.
import { NAVIGATION, PAGE_VIEW } from '../../format/packed-row.ts';
import { guard } from '../guard.ts';
import { cut, geometry, place } from '../place.ts';
import { emit, flush, measure } from '../queue.ts';
import { settle, throttle } from '../throttle.ts';
import { RESIZE_EVERY_MS } from '../tuning.ts';

/** Reports that the visitor sees the page now. */
export const viewPage = (): void => {
  place[0] = cut(location.href);
  emit(PAGE_VIEW, geometry());
};

export const hearResize = throttle(RESIZE_EVERY_MS, measure);

/** Reports a new address. A change of the hash is a `popstate`, too. */
export const hearRoute = guard(() => {
  const [from] = place;
  const page = cut(location.href);
  if (from && page !== from) {
    settle();
    flush();
    place[0] = page;
    emit(NAVIGATION, [from, ...geometry()]);
  }
});

/** Hears the routes that no event tells. */
export const wrapHistory = (): void => {
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    // The page's own call comes first, with all its errors.
    history[name] = function (...args) {
      original.apply(this, args);
      hearRoute();
    };
  }
};
