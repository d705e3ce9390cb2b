// Fingers, mouse and wheel on the stage: taps, two taps, drags, pinches and turns of the wheel, told to whoever owns the stage. `ui/stage.tsx` uses it.
import type { Point } from '../player/point.ts';
import { listenToWheel, placeIn } from './wheel.ts';

export interface Gestures {
  /** One short press, once it is certain that no second one follows. px from the element's upper left corner. */
  tap(at: Point, kind: string): void;
  doubleTap(at: Point): void;
  /** px; false: there is nothing to be moved that way, and the page may have the gesture. */
  move(x: number, y: number): boolean;
  zoom(factor: number, at: Point): void;
  /** By how much two fingers move while they zoom. */
  drift(x: number, y: number): void;
}

/** px that a press may move and is none the less one. */
const STILL_PX = 6;
/** ms within which a second press makes the two a double one. */
const DOUBLE_MS = 260;
const DOUBLE_PX = 40;

/** Returns stop. */
export function listen(element: HTMLElement, gestures: Gestures): () => void {
  const pressed = new Map<number, Point>();
  let isPress = false;
  let waiting: { at: Point; timer: ReturnType<typeof setTimeout> } | null = null;

  const place = (event: MouseEvent) => placeIn(element, event);

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || isControl(event)) return;
    pressed.set(event.pointerId, place(event));
    isPress = pressed.size === 1;
    element.setPointerCapture(event.pointerId);
  };

  const move = (event: PointerEvent) => {
    const before = pressed.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    if (isPress && Math.hypot(now.x - before.x, now.y - before.y) <= STILL_PX) return;
    isPress = false;
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      const spread = Math.hypot(before.x - other.x, before.y - other.y);
      if (spread > 0) gestures.zoom(Math.hypot(now.x - other.x, now.y - other.y) / spread, middle);
      gestures.drift((now.x - before.x) / 2, (now.y - before.y) / 2);
    } else {
      gestures.move(now.x - before.x, now.y - before.y);
    }
    pressed.set(event.pointerId, now);
  };

  const up = (event: PointerEvent) => {
    if (!pressed.delete(event.pointerId) || !isPress || event.type !== 'pointerup') return;
    isPress = false;
    const at = place(event);
    const first = waiting;
    if (first) clearTimeout(first.timer);
    waiting = null;
    if (first && Math.hypot(at.x - first.at.x, at.y - first.at.y) <= DOUBLE_PX) {
      gestures.doubleTap(at);
      return;
    }
    const timer = setTimeout(() => {
      waiting = null;
      gestures.tap(at, event.pointerType);
    }, DOUBLE_MS);
    waiting = { at, timer };
  };

  const turn = ({ shiftKey, deltaX, deltaY }: WheelEvent, unit: number) => {
    const isSideways = shiftKey && deltaX === 0;
    const [x, y] = isSideways ? [deltaY, 0] : [deltaX, deltaY];
    return gestures.move(-x * unit, -y * unit);
  };

  // Else Chromium takes a drag's end for a throw, and the next tap for its stop.
  const keep = (event: TouchEvent) => event.preventDefault();

  const listening = new AbortController();
  const { signal } = listening;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  element.addEventListener('touchmove', keep, { signal, passive: false });
  listenToWheel(element, signal, {
    page: () => element.clientHeight,
    isTouched: () => pressed.size > 0,
    zoom: gestures.zoom,
    turn,
  });
  return () => {
    listening.abort();
    clearTimeout(waiting?.timer);
  };
}

/** Buttons over the stage keep their presses. */
function isControl({ target }: Event): boolean {
  return target instanceof Element && target.closest('button, a, input, label') !== null;
}
