// Where the pointer is, at most ten times a second. Heard by main.
import { MOUSEMOVE_EVERY_MS } from '../../format/limits.ts';
import { MOUSEMOVE } from '../../format/packed-row.ts';
import { place } from '../place.ts';
import { emit } from '../queue.ts';
import { throttle } from '../throttle.ts';

let last: PointerEvent;

const sample = throttle(MOUSEMOVE_EVERY_MS, () => {
  // Of several fingers the first.
  if (last.isPrimary) {
    place[1] = last.pointerType;
    emit(MOUSEMOVE, [last.clientX, last.clientY]);
  }
});

/** Only remembers: it runs up to a thousand times a second, and even looking into the event would cost more than all else. */
export const hearPointer = (event: PointerEvent): void => {
  last = event;
  sample();
};
