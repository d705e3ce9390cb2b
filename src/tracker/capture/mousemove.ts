// Where the pointer is, at most ten times a second. Heard by main.
import { MOUSEMOVE_EVERY_MS } from '../../format/limits.ts';
import { MOUSEMOVE } from '../../format/packed-row.ts';
import { place } from '../place.ts';
import { emit } from '../queue.ts';
import { throttle } from '../throttle.ts';

let last: PointerEvent;

const sample = throttle(MOUSEMOVE_EVERY_MS, () => {
  place[1] = last.pointerType;
  emit(MOUSEMOVE, [last.clientX, last.clientY]);
});

/** Only remembers: it runs up to a thousand times a second. Of several fingers it follows the first. */
export const hearPointer = (event: PointerEvent): void => {
  if (event.isPrimary) {
    last = event;
    sample();
  }
};
