// Play, step, speed, and the switches of the player.
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { SPEEDS } from '../../player/playhead.ts';
import { placeAddress } from '../location.ts';
import {
  duration,
  isPlaying,
  playState,
  position,
  recording,
  STEP_MS,
  seekBy,
  setSpeed,
  speed,
  togglePlay,
} from '../playback.ts';
import { showTrail, skipIdle } from '../preferences.ts';
import { clockText } from '../words.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon, type IconName } from './icons.tsx';

const elapsed = computed(() => clockText(position.value));
const whole = computed(() => clockText(duration.value));

export function Controls(): JSX.Element {
  const off = recording.value === null;
  return (
    <div class="controls">
      <button
        class="button"
        data-kind="play"
        type="button"
        title={`${isPlaying.value ? 'Pause' : 'Play'} (Space)`}
        aria-keyshortcuts="Space"
        disabled={off}
        onClick={togglePlay}
      >
        <Icon name={isPlaying.value ? 'pause' : playState.value === 'ended' ? 'again' : 'play'} />
        <span class="unseen">{isPlaying.value ? 'Pause' : 'Play'}</span>
      </button>
      <StepButton name="5 seconds back" shortcut="ArrowLeft" icon="back" by={-STEP_MS} off={off} />
      <StepButton name="5 seconds on" shortcut="ArrowRight" icon="on" by={STEP_MS} off={off} />
      <p class="clock">
        <span class="unseen">Time </span>
        <b>{elapsed}</b> / {whole}
      </p>
      <div class="speeds" role="radiogroup" aria-label="Speed">
        {SPEEDS.map((choice, i) => (
          <label class="speed" key={choice} title={`Speed ${choice}× (${i + 1})`}>
            <input
              type="radio"
              name="speed"
              aria-keyshortcuts={String(i + 1)}
              checked={speed.value === choice}
              onChange={() => setSpeed(choice)}
            />
            <span>{choice}×</span>
          </label>
        ))}
      </div>
      <Switch name="Skip idle" icon="skip" title="Jump over stretches without activity" value={skipIdle} />
      <Switch name="Trail" icon="trail" title="Show where the cursor came from (T)" value={showTrail} />
      <span class="controls-space" />
      <CopyButton
        name="Copy link"
        icon="link"
        text={() => placeAddress({ session: recording.value?.session.session_id ?? null, position: position.value })}
        refused="Copy the address above"
      />
      {document.fullscreenEnabled && (
        <button class="button" data-kind="icon" type="button" title="Full screen" onClick={toggleFullScreen}>
          <Icon name="expand" />
          <span class="unseen">Full screen</span>
        </button>
      )}
    </div>
  );
}

function StepButton(props: {
  name: string;
  shortcut: 'ArrowLeft' | 'ArrowRight';
  icon: IconName;
  by: number;
  off: boolean;
}): JSX.Element {
  return (
    <button
      class="button"
      data-kind="icon"
      type="button"
      title={`${props.name} (${props.shortcut === 'ArrowLeft' ? '←' : '→'})`}
      aria-keyshortcuts={props.shortcut}
      disabled={props.off}
      onClick={() => seekBy(props.by)}
    >
      <Icon name={props.icon} />
      <span class="unseen">{props.name}</span>
    </button>
  );
}

function Switch(props: { name: string; icon: IconName; title: string; value: { value: boolean } }): JSX.Element {
  const flip = () => {
    props.value.value = !props.value.value;
  };
  return (
    <button
      class="button"
      data-kind="switch"
      type="button"
      title={props.title}
      aria-pressed={props.value.value}
      onClick={flip}
    >
      <Icon name={props.icon} />
      <span class="button-text">{props.name}</span>
    </button>
  );
}

function toggleFullScreen(): void {
  const change = document.fullscreenElement
    ? document.exitFullscreen()
    : document.querySelector('.player')?.requestFullscreen();
  // A browser may refuse, and the page is as usable without.
  change?.catch(() => undefined);
}
