// Whether the tab is to be seen, and the last moment to send what is left. Heard by main.
import { VISIBILITY_CHANGE } from '../../format/packed-row.ts';
import { depart, retry } from '../outbox.ts';
import { place } from '../place.ts';
import { close, emit, tick } from '../queue.ts';
import { settle } from '../throttle.ts';
import { viewPage } from './page.ts';

/** As it was heard last. */
export let visibility: string = document.visibilityState;

export const hearVisibility = (_: unknown, state: string = document.visibilityState): void => {
  if (state !== visibility) {
    visibility = state;
    settle();
    if (place[0]) emit(VISIBILITY_CHANGE, [state]);
    else {
      // Opened in the background, prerendered, or back from the browser's cache: it is seen now.
      retry();
      viewPage();
    }
    tick();
  }
};

/** A page that is left hears this before it is hidden. */
export const hearPagehide = (event: unknown): void => {
  hearVisibility(event, 'hidden');
  close();
  depart();
  place[0] = undefined;
};
