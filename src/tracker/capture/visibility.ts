// Whether the tab is to be seen, and the last moment to send what is left. Started by main.
import { VISIBILITY_CHANGE } from '../../format/packed-row.ts';
import { listen } from '../guard.ts';
import { depart } from '../outbox.ts';
import { place } from '../place.ts';
import { close, emit, tick } from '../queue.ts';
import { settle } from '../throttle.ts';
import { viewPage } from './page.ts';

export function captureVisibility(): void {
  let before: string = document.visibilityState;
  const change = (state: string) => {
    if (state === before) return;
    before = state;
    settle();
    if (place[0]) emit(VISIBILITY_CHANGE, [state], state === 'visible');
    else viewPage();
    tick();
  };
  listen('visibilitychange', () => change(document.visibilityState));
  // A page that is left hears this before it is hidden.
  listen('pagehide', () => {
    change('hidden');
    close();
    depart();
  });
}
