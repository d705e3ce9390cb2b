// The player on the whole screen, or, where a browser does not allow that, on the whole page; its controls go while it plays and nobody moves.
import { effect, signal } from '@preact/signals';
import { isPlaying } from './playback.ts';

export const isFull = signal(false);
/** Nobody moved for a while: only the stage is to be seen. */
export const isResting = signal(false);

/** By performance.now(): when the controls came back. */
let wokeAt = Number.NEGATIVE_INFINITY;
/** ms within which a tap is the one that brought them back, and does nothing else. */
const WAKING_MS = 700;

export function hasJustWoken(): boolean {
  return performance.now() - wokeAt < WAKING_MS;
}

/** ms without a move or a key after which the controls go. */
const REST_MS = 3000;

export function toggleFull(): void {
  if (!isFull.peek()) {
    isFull.value = true;
    // A browser may refuse, as those of iPhones do; the page alone is used then.
    document.documentElement.requestFullscreen?.({ navigationUI: 'hide' }).catch(() => undefined);
    return;
  }
  isFull.value = false;
  if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
}

/** Follows the browser's own way out, and the user's moves. */
export function keepFull(): void {
  document.addEventListener('fullscreenchange', () => {
    if (!document.fullscreenElement) isFull.value = false;
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && isFull.peek() && !document.fullscreenElement)
      isFull.value = false;
  });
  effect(() => {
    isResting.value = false;
    if (!isFull.value || !isPlaying.value) return;
    let timer = setTimeout(rest, REST_MS);
    const wake = () => {
      if (isResting.peek()) wokeAt = performance.now();
      isResting.value = false;
      clearTimeout(timer);
      timer = setTimeout(rest, REST_MS);
    };
    const kinds = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;
    for (const kind of kinds) addEventListener(kind, wake);
    return () => {
      clearTimeout(timer);
      for (const kind of kinds) removeEventListener(kind, wake);
    };
  });
}

/** Whoever walks the controls with the Tab key must see where he is. */
function rest(): void {
  const isWalking = document.activeElement?.matches('.player-bars :focus-visible, .player-bars:focus-visible');
  if (!isWalking && !document.querySelector('dialog[open], :popover-open')) isResting.value = true;
}
