// Where the pointer is, at most ten times a second. Heard by main.
import { MOUSEMOVE_EVERY_MS } from '../../format/limits.ts';
import { remember } from '../queue.ts';
import { throttle } from '../throttle.ts';

let last: PointerEvent;

const sample = throttle(MOUSEMOVE_EVERY_MS, () => remember(last));

/** Only remembers: it runs up to a thousand times a second, and even looking into the event would cost more than all else. */
export const hearPointer = (event: PointerEvent): void => {
  last = event;
  sample();
};
