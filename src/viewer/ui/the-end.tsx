// What the stage says at the end of a session: again, or on to the next one, which begins by itself only where the user asked for that.
import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { playOnceOpen, playState, recording, togglePlay } from '../playback.ts';
import { playsNext } from '../preferences.ts';
import { loadMore, nextOf } from '../session-list.ts';
import { choose } from '../session-open.ts';
import { guest } from '../share/guest.ts';
import { pathText } from '../words.ts';
import { passing } from './focus.ts';
import { Icon } from './icons.tsx';

/** Seconds in which the user can say no. */
const WAIT_S = 5;

export function TheEnd(): JSX.Element {
  const next = useComputed(() => {
    const open = recording.value?.session.session_id;
    return open === undefined || guest.value ? null : nextOf(open);
  }).value;
  // The list may go on below what is loaded of it.
  useEffect(() => {
    if (!next && !guest.peek()) void loadMore();
  }, [next]);
  /** Seconds left; null: nothing begins by itself. Only who watched up to the end is taken on, not who went there. */
  const left = useSignal(playsNext.value && playState.value === 'ended' ? WAIT_S : null);
  const counting = next !== null && left.value !== null;

  const goOn = () => {
    if (!next) return;
    playOnceOpen(next.session_id);
    choose(next.session_id);
  };
  useEffect(() => {
    if (!counting) return;
    if (left.value === 0) goOn();
    const timer = setTimeout(() => {
      left.value = Math.max(0, (left.value ?? 0) - 1);
    }, 1000);
    return () => clearTimeout(timer);
  }, [counting, left.value]);

  return (
    <div class="veil">
      <p class="veil-title">End of the session</p>
      {counting && (
        <p class="veil-text">
          The next one begins in <span aria-live="off">{left}</span> s
        </p>
      )}
      <div class="veil-actions">
        <button class="button" data-kind={counting ? undefined : 'main'} type="button" onClick={passing(togglePlay)}>
          <Icon name="again" />
          Watch again
        </button>
        {next && (
          <button
            class="button"
            data-kind={counting ? 'main' : undefined}
            type="button"
            title={pathText(next.entry_page)}
            onClick={passing(goOn)}
          >
            <Icon name="play" />
            Play the next one
          </button>
        )}
        {counting && (
          <button class="button" type="button" onClick={passing(() => (left.value = null))}>
            Cancel
          </button>
        )}
      </div>
      {next && (
        <label class="veil-setting">
          <input
            class="toggle"
            type="checkbox"
            checked={playsNext.value}
            onChange={(event) => {
              playsNext.value = event.currentTarget.checked;
              left.value = event.currentTarget.checked ? WAIT_S : null;
            }}
          />
          Always play the next one
        </label>
      )}
    </div>
  );
}
