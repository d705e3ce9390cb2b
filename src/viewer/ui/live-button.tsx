// The mark of a running session, which is also the way to what the visitor does now. The line above the stage shows it.
import type { JSX } from 'preact';
import { keyed } from '../keyboard.ts';
import { goLive, isAtEdge } from '../playback.ts';

export function LiveButton(): JSX.Element {
  return (
    <button
      class="button"
      data-kind="live"
      type="button"
      aria-pressed={isAtEdge.value}
      {...keyed(
        isAtEdge.value ? 'You see what the visitor does, a few seconds later' : 'Go to what the visitor does now',
        'live',
      )}
      onClick={goLive}
    >
      <span class="live">Live</span>
    </button>
  );
}
