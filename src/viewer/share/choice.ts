// What is to be shared: all of the open session or a stretch of it, as the share dialog's fields say. The dialog's parts read it.
import { computed, signal } from '@preact/signals';
import type { Range } from '../../analysis/clip.ts';
import type { Stretch } from '../../player/stretches.ts';
import { recording } from '../playback.ts';
import { clockOf } from './clock-of.ts';

export const isShareOpen = signal(false);
export const isStretch = signal(false);
/** As they are typed: `12:34`. */
export const fromText = signal('0:00');
export const toText = signal('0:00');

/** ms of the recording; null: the fields make no sense. */
export const stretch = computed<Stretch | null>(() => {
  const duration = recording.value?.duration ?? 0;
  if (!isStretch.value) return { from: 0, to: duration };
  const [from, to] = [clockOf(fromText.value), clockOf(toText.value)];
  // The end that is shown is a whole second, the recording's may lie behind it.
  if (from === null || to === null || from >= to || from >= duration) return null;
  return { from, to: Math.min(duration, to) };
});

/** The same in epoch ms, for what begins and ends there. */
export function chosenRange(): Range {
  const startedAt = recording.peek()?.session.started_at ?? 0;
  const chosen = stretch.peek();
  if (!isStretch.peek() || !chosen) return { from: null, to: null };
  return { from: Math.floor(startedAt + chosen.from), to: Math.ceil(startedAt + chosen.to) };
}
