// Where the pointer is, at most ten times a second. Started by main.
import { MOUSEMOVE_EVERY_MS } from '../../format/limits.ts';
import { MOUSEMOVE } from '../../format/packed-row.ts';
import { listen } from '../guard.ts';
import { place } from '../place.ts';
import { emit } from '../queue.ts';
import { throttle } from '../throttle.ts';

export function captureMousemove(): void {
  let x: number;
  let y: number;
  let before = '';
  const sample = throttle(MOUSEMOVE_EVERY_MS, () => {
    const now = `${x} ${y}`;
    // Scrolling moves the page under a pointer that rests, and browsers say so.
    if (now !== before) emit(MOUSEMOVE, [x, y], true);
    before = now;
  });
  // Does nothing but remember: it runs up to a thousand times a second.
  const hear = (event: PointerEvent) => {
    // Of several fingers the first.
    if (event.isPrimary) {
      x = event.clientX;
      y = event.clientY;
      place[1] = event.pointerType;
      sample(event.timeStamp);
    }
  };
  listen('pointermove', hear);
  listen('pointerdown', hear);
}
