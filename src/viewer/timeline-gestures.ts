// Fingers, mouse and wheel on the timeline: scrubbing, presses, pinches, wheel; told in px from its left and top. `ui/timeline.tsx` uses it.
import type { Point } from '../player/point.ts';
import { listenToWheel, placeIn } from './wheel.ts';

export interface TimelineGestures {
  /** One finger or button is down, or moves while it is. */
  scrub(x: number): void;
  /** Let go; `isPress`: it did not move. */
  release(x: number, y: number, isPress: boolean): void;
  /** Null: nothing points at it any more. */
  point(x: number | null, y: number): void;
  /** The mouse left over the upper edge, where the preview is. */
  leaveUp(): void;
  /** `factor` above 1 comes closer. */
  zoom(factor: number, x: number): void;
  /** px to the right; false: there is nothing to be moved, and the page may have the turn of the wheel. */
  pan(px: number): boolean;
}

/** px that a press may move and is none the less one. */
const STILL_PX = 4;

/** Returns stop. */
export function listenTo(element: HTMLElement, gestures: TimelineGestures): () => void {
  const pressed = new Map<number, Point>();
  let began: Point | null = null;
  /** Two fingers were down: what is left of them scrubs no more. */
  let isPinch = false;
  /** The middle button drags the window. */
  let dragged: Point | null = null;

  const place = (event: MouseEvent) => placeIn(element, event);

  const down = (event: PointerEvent) => {
    const at = place(event);
    if (event.button === 1) {
      event.preventDefault();
      element.setPointerCapture(event.pointerId);
      dragged = at;
    }
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, at);
    if (pressed.size > 1) {
      isPinch = true;
      began = null;
      gestures.release(at.x, at.y, false);
      gestures.point(null, 0);
      return;
    }
    began = at;
    gestures.point(at.x, at.y);
    // A finger may be the first of two.
    if (event.pointerType !== 'touch') gestures.scrub(at.x);
  };

  const move = (event: PointerEvent) => {
    const now = place(event);
    if (dragged) {
      gestures.pan(now.x - dragged.x);
      dragged = now;
      return;
    }
    const before = pressed.get(event.pointerId);
    if (!isPinch) gestures.point(now.x, now.y);
    if (!before) return;
    pressed.set(event.pointerId, now);
    if (!isPinch) {
      if (began && Math.hypot(now.x - began.x, now.y - began.y) <= STILL_PX) return;
      began = null;
      gestures.scrub(now.x);
      return;
    }
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const spread = Math.abs(before.x - other.x);
    const middle = (now.x + other.x) / 2;
    if (spread > 0) gestures.zoom(Math.abs(now.x - other.x) / spread || 1, middle);
    gestures.pan((now.x - before.x) / 2);
  };

  const up = (event: PointerEvent) => {
    dragged = null;
    if (!pressed.delete(event.pointerId)) return;
    const at = place(event);
    const isPress = began !== null && event.type === 'pointerup';
    if (isPress && event.pointerType === 'touch') gestures.scrub(at.x);
    if (!isPinch) gestures.release(at.x, at.y, isPress);
    if (pressed.size === 0) isPinch = false;
    began = null;
    // A finger that was lifted points at nothing.
    if (event.pointerType !== 'mouse') gestures.point(null, 0);
  };

  const leave = (event: PointerEvent) => {
    if (pressed.size > 0) return;
    if (event.pointerType === 'mouse' && place(event).y <= 0) gestures.leaveUp();
    else gestures.point(null, 0);
  };

  const turn = ({ deltaX, deltaY }: WheelEvent, unit: number) =>
    gestures.pan(-unit * (Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : deltaY));

  const listening = new AbortController();
  const { signal } = listening;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  element.addEventListener('pointerleave', leave, { signal });
  listenToWheel(element, signal, {
    page: () => element.clientWidth,
    isTouched: () => pressed.size > 0,
    zoom: (factor, { x }) => gestures.zoom(factor, x),
    turn,
  });
  return () => listening.abort();
}
