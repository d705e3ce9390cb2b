// When the preview over the timeline is shown to a mouse: where it points, until it leaves the preview too, or Escape sends it away. `ui/timeline.tsx` keeps it.
import type { Signal } from '@preact/signals';
import type { Point } from '../player/point.ts';
import { forgetVisited, visited } from './mark-keys.ts';
import { recording } from './playback.ts';

export interface Preview {
  /** Null: nothing is pointed at any more. */
  point(at: Point | null): void;
  /** The mouse left over the upper edge, maybe towards the preview. */
  leaveUp(): void;
  /** After it was sent away. */
  allow(): void;
  stop(): void;
}

/** `pointer` in px from the left and top of the timeline; `lift`: px by which the preview stands aside, so that the mouse that left towards it finds the controls. */
export function keepPreview(box: HTMLElement, pointer: Signal<Point | null>, lift: Signal<number>): Preview {
  /** Sent away, until the mouse comes back or something is pressed. */
  let isDismissed = false;
  const point = (at: Point | null) => {
    if (!at) isDismissed = false;
    pointer.value = isDismissed || !recording.peek() ? null : at;
    lift.value = 0;
    forgetVisited();
  };
  // Until the mouse leaves the preview and what lies between it and the timeline: https://www.w3.org/TR/WCAG22/#content-on-hover-or-focus
  const hold = ({ clientX, clientY }: PointerEvent) => {
    const card = lift.peek() > 0 && box.querySelector('.peek')?.getBoundingClientRect();
    if (!card) return;
    const isOver = clientX >= card.left && clientX <= card.right && clientY >= card.top;
    if (!isOver || clientY > box.getBoundingClientRect().bottom) point(null);
  };
  const dismiss = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !(pointer.peek() || visited.peek())) return;
    event.preventDefault();
    const isPointed = pointer.peek() !== null;
    point(null);
    isDismissed = isPointed;
  };
  // The preview would hide what is walked to, or pressed.
  const yieldTo = ({ target }: Event) => {
    if (!(target instanceof Node && box.contains(target))) point(null);
  };
  const listening = new AbortController();
  const { signal } = listening;
  document.addEventListener('pointermove', hold, { signal });
  document.addEventListener('keydown', dismiss, { signal });
  document.addEventListener('focusin', yieldTo, { signal });
  document.addEventListener('pointerdown', yieldTo, { signal });
  return {
    point,
    leaveUp() {
      const bars = box.closest('.player-bars');
      if (bars && pointer.peek())
        lift.value = Math.max(1, box.getBoundingClientRect().top - bars.getBoundingClientRect().top);
      else point(null);
    },
    allow() {
      isDismissed = false;
    },
    stop() {
      listening.abort();
    },
  };
}
