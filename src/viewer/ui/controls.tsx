// Play, step, speed, the switches of the player, and the way to the next click and signal.
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { SPEEDS } from '../../player/playhead.ts';
import { type CommandName, isHelpOpen } from '../commands.ts';
import { isFull, toggleFull } from '../full-screen.ts';
import { clickCount, jump, signalCount } from '../jump.ts';
import { keyed } from '../keyboard.ts';
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
import { clockText, numberText } from '../words.ts';
import { keepArranged } from './arrange.ts';
import { IconButton } from './icon-button.tsx';
import { Icon, type IconName } from './icons.tsx';
import { ShareButton } from './share.tsx';

const elapsed = computed(() => clockText(position.value));
const whole = computed(() => clockText(duration.value));
/** Playing begins anew from here. */
const isAtEnd = computed(
  () =>
    playState.value === 'ended' ||
    (playState.value === 'paused' && duration.value > 0 && position.value >= duration.value),
);

export function Controls(): JSX.Element {
  const off = recording.value === null;
  const row = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => keepArranged(row.current!), []);
  return (
    <div class="controls" ref={row}>
      <div class="controls-play">
        <button
          class="button"
          data-kind="play"
          type="button"
          {...keyed(isPlaying.value ? 'Pause' : 'Play', 'play')}
          aria-disabled={off}
          onClick={togglePlay}
        >
          <Icon name={isPlaying.value ? 'pause' : isAtEnd.value ? 'again' : 'play'} />
          <span class="unseen">{isPlaying.value ? 'Pause' : 'Play'}</span>
        </button>
        <p class="clock">
          <span class="unseen">Time </span>
          <b style={{ minWidth: `${whole.value.length}ch` }}>{elapsed}</b> / {whole}
        </p>
        <IconButton name="5 seconds back" command="step" icon="back" off={off} run={() => seekBy(-STEP_MS)} />
        <IconButton name="5 seconds on" command="step" which={1} icon="on" off={off} run={() => seekBy(STEP_MS)} />
      </div>
      <div class="controls-set">
        <div class="speeds" role="radiogroup" aria-label="Speed">
          {SPEEDS.map((choice, i) => (
            <label class="speed" key={choice} title={keyed(`Speed ${choice}×`, 'speed', i).title}>
              <input
                type="radio"
                name="speed"
                aria-keyshortcuts={keyed('', 'speed', i)['aria-keyshortcuts']}
                checked={speed.value === choice}
                onChange={() => setSpeed(choice)}
              />
              <span>{choice}×</span>
            </label>
          ))}
        </div>
        <Switch name="Skip idle" icon="skip" command="skipIdle" value={skipIdle} />
        <Switch name="Trail" icon="trail" command="trail" value={showTrail} />
      </div>
      <div class="controls-go">
        <Jumps kind="click" count={clickCount.value} off={off} />
        <Jumps kind="signal" count={signalCount.value} off={off} />
      </div>
      <div class="controls-more">
        <ShareButton />
        <IconButton
          name="Keys and settings"
          command="help"
          icon="keys"
          run={() => {
            isHelpOpen.value = true;
          }}
        />
        <IconButton
          name={isFull.value ? 'Leave full screen' : 'Full screen'}
          command="full"
          icon={isFull.value ? 'contract' : 'expand'}
          run={toggleFull}
        />
      </div>
    </div>
  );
}

/** The one before, how many there are, and the next one. */
function Jumps({ kind, count, off }: { kind: 'click' | 'signal'; count: number; off: boolean }): JSX.Element {
  const none = off || count === 0;
  return (
    <fieldset class="jumps" aria-label={kind === 'click' ? 'Clicks' : 'Signals'} data-kind={kind}>
      <IconButton name={`Previous ${kind}`} command={kind} icon="before" off={none} run={() => jump(kind, false)} />
      <button
        class="button"
        data-kind="jump"
        type="button"
        {...keyed(`Next ${kind}`, kind, 1)}
        aria-disabled={none}
        onClick={() => jump(kind, true)}
      >
        <i class="jump-dot" aria-hidden="true" />
        <span class="unseen">Next {kind} of </span>
        <span class="jump-count">{numberText(count)}</span>
        <span class="jump-what">{count === 1 ? kind : `${kind}s`}</span>
        <Icon name="after" />
      </button>
    </fieldset>
  );
}

function Switch(props: { name: string; icon: IconName; command: CommandName; value: { value: boolean } }): JSX.Element {
  const flip = () => {
    props.value.value = !props.value.value;
  };
  return (
    <button
      class="button"
      data-kind="switch"
      type="button"
      {...keyed(props.name, props.command)}
      aria-pressed={props.value.value}
      onClick={flip}
    >
      <Icon name={props.icon} />
      <span class="button-text">{props.name}</span>
    </button>
  );
}
