// What the stage says when there is nothing to see on it: hidden tab, idle time, missing events, the live edge, the end.
import { computed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { IDLE_TAIL_MS, type Moment } from '../../player/stretches.ts';
import { now } from '../now.ts';
import { duration, frame, isComing, lastSkip, playState, position, recording, seekTo } from '../playback.ts';
import { trouble } from '../session-open.ts';
import { tell, told } from '../told.ts';
import { gapText, lengthText } from '../transcript-words.ts';
import { agoText, clockText, pathText, shortText } from '../words.ts';
import { passing } from './focus.ts';
import { Icon } from './icons.tsx';
import { TheEnd } from './the-end.tsx';

/** ms for which it is told what just happened. */
const TOLD_MS = 2600;
const NAME_MAX = 40;

type State = 'coming' | 'empty' | 'ended' | 'waiting' | 'gap' | 'hidden' | 'idle' | 'reading' | 'none';

const state = computed<State>(() => {
  const seen = frame.value;
  if (!seen) return 'none';
  if (isComing.value) return 'coming';
  if (recording.value?.eventCount === 0 && !seen.gap) return 'empty';
  if (playState.value === 'waiting') return 'waiting';
  if (seen.ended && duration.value > 0 && recording.value?.session.status !== 'live') return 'ended';
  if (seen.gap) return 'gap';
  if (seen.hidden) return 'hidden';
  return seen.idle ? 'idle' : seen.reading ? 'reading' : 'none';
});
const gapReason = computed(() => frame.value?.gap?.reason);
const gapLength = computed(() => (frame.value?.gap ? lengthText(frame.value.gap.to - frame.value.gap.from) : ''));
const still = computed(() => frame.value?.idle ?? frame.value?.reading ?? null);
const stillLeft = computed(() => (still.value ? clockText(still.value.remaining + 999) : ''));
const doing = computed(() => (frame.value?.reading?.what === 'watching' ? 'Watching' : 'Reading'));
const waiting = computed(() => {
  const ago = agoText(recording.value?.session.ended_at ?? 0, now.value);
  return `Waiting for what the visitor does next${ago === 'now' ? '' : `, last seen ${ago}`}`;
});
const comesNext = computed(() => nextText(frame.value?.next ?? null));

export function Notices(): JSX.Element {
  return (
    <>
      <div class="notices" role="status">
        <Notice />
      </div>
      <Told />
    </>
  );
}

function Notice(): JSX.Element | null {
  switch (state.value) {
    case 'ended':
      return <TheEnd />;
    case 'empty':
      return <p class="notice">Nothing was recorded in this session</p>;
    case 'coming':
      return trouble.value ? <Trouble /> : <p class="notice">This moment is being loaded</p>;
    case 'waiting':
      return trouble.value ? (
        <Trouble />
      ) : (
        <p class="notice">
          <span class="live">Live</span> {waiting}
        </p>
      );
    case 'gap':
      return (
        <p class="notice" data-kind="warning">
          <Icon name="gap" />
          {gapLength} of events are missing: {gapText(gapReason.value ?? 'lost')}
        </p>
      );
    case 'hidden':
      return (
        <div class="veil">
          <Icon name="hidden" />
          <p class="veil-title">The visitor is in another tab</p>
          <Onwards />
        </div>
      );
    case 'idle':
      return (
        <div class="notice" aria-live="off">
          <Icon name="idle" />
          <span>
            No activity for another {stillLeft}
            {comesNext}
          </span>
          <Onwards />
        </div>
      );
    case 'reading':
      return (
        <div class="notice" aria-live="off">
          <Icon name="eye" />
          <span>
            {doing}, it seems: no move for another {stillLeft}
            {comesNext}
          </span>
          <Onwards />
        </div>
      );
    default:
      return null;
  }
}

function Trouble(): JSX.Element {
  return (
    <p class="notice" data-kind="warning">
      <Icon name="gap" />
      {trouble} It is asked again every few seconds.
    </p>
  );
}

/** Over the rest of the stretch, whether skipping is switched on or not. */
function Onwards(): JSX.Element | null {
  const stretch = still.value;
  if (!stretch) return null;
  return (
    <button
      class="button"
      data-kind="small"
      type="button"
      onClick={passing(() => seekTo(Math.max(position.value, stretch.to - IDLE_TAIL_MS)))}
    >
      Skip
    </button>
  );
}

/** What a key, a button or skipping did; it stays in the page, so that a screen reader hears what comes into it. */
function Told(): JSX.Element {
  const text = useSignal('');
  // Of the session that was left nothing is told in the next one.
  useEffect(() => () => tell(''), []);
  useSignalEffect(() => {
    const skip = lastSkip.value;
    if (skip) tell(`Skipped ${clockText(skip.length)} without activity`);
  });
  useSignalEffect(() => {
    text.value = told.value?.text ?? '';
    const timer = setTimeout(() => {
      text.value = '';
    }, TOLD_MS);
    return () => clearTimeout(timer);
  });
  return (
    <p class="notice notice-told" role="status">
      {text}
    </p>
  );
}

function nextText(next: Moment | null): string {
  switch (next?.kind) {
    case 'click':
      return `, then a click on ${shortText(next.label, NAME_MAX)}`;
    case 'page':
      return `, then ${shortText(pathText(next.label), NAME_MAX)}`;
    default:
      return '';
  }
}
