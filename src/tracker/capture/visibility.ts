// Whether the tab is to be seen, and the last moment to send what is left. Heard by main.
import { PAGE_VIEW, VISIBILITY_CHANGE } from '../../format/packed-row.ts';
import { depart, retry } from '../outbox.ts';
import { cut, geometry, place } from '../place.ts';
import { close, emit, look, tick } from '../queue.ts';
import { hear } from './settle.ts';

/** As it was heard last. */
export let visibility: string = document.visibilityState;

export const hearVisibility = (event: Event, state: string = document.visibilityState): void => {
  if (state != visibility) {
    visibility = state;
    look(Infinity);
    hear(event);
    if (place[0]) emit(VISIBILITY_CHANGE, [state]);
    else {
      // Opened in the background, prerendered, or back from the browser's cache: it is seen now.
      retry();
      place[0] = cut(location.href);
      emit(PAGE_VIEW, geometry());
    }
    tick();
  }
};

/** A page that is left hears this before it is hidden. */
export const hearPagehide = (event: Event): void => {
  hearVisibility(event, 'hidden');
  close();
  depart();
  place[0] = '';
};
