// Which page is viewed: page views and routes inside one page load, with the page's sizes. Heard by main.
import { NAVIGATION } from '../../format/packed-row.ts';
import { guard } from '../guard.ts';
import { cut, geometry, place } from '../place.ts';
import { emit, look } from '../queue.ts';
import { seeEffect } from './click.ts';

/** Reports a new address. A change of the hash is a `popstate`, too. */
export const hearRoute = guard(() => {
  const [from] = place;
  const page = cut(location.href);
  if (from && page != from) {
    look();
    seeEffect();
    place[0] = page;
    emit(NAVIGATION, [from, ...geometry()]);
  }
});
