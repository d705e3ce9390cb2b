// From one event, click, signal or page to the next, as keys and buttons ask; it tells where it went.
import { computed } from '@preact/signals';
import { type Stop, type StopKind, stopFrom, stopsOf } from '../player/stops.ts';
import { isPlaying, position, recording, seekTo, speed } from './playback.ts';
import { tell } from './told.ts';
import { numberText, pathText, shortText } from './words.ts';

/** ms of playing after which the stop before is this one: until then it is the one before it. */
const JUST_MS = 700;
const LABEL_MAX = 90;

const NAMES: Record<StopKind, string> = { event: 'event', click: 'click', signal: 'signal', page: 'page' };

export function jump(kind: StopKind, forward: boolean): void {
  const loaded = recording.peek();
  if (!loaded) return;
  const passed = !forward && isPlaying.peek() ? JUST_MS * speed.peek() : 0;
  const found = stopFrom(loaded, kind, position.peek() - passed, forward);
  if (!found) {
    const count = stopsOf(loaded, kind).length;
    const name = NAMES[kind];
    tell(count === 0 ? `This session has no ${name}s` : `No ${name} ${forward ? 'after' : 'before'} this`);
    return;
  }
  seekTo(found.stop.at);
  tell(stopText(kind, found.stop, found.index, stopsOf(loaded, kind).length));
}

export const clickCount = computed(() => (recording.value ? stopsOf(recording.value, 'click').length : 0));
export const signalCount = computed(() => (recording.value ? stopsOf(recording.value, 'signal').length : 0));

function stopText(kind: StopKind, { kind: what, label }: Stop, index: number, count: number): string {
  const name = NAMES[kind];
  const place = `${name.charAt(0).toUpperCase()}${name.slice(1)} ${index + 1} of ${numberText(count)}`;
  const text = shortText(what === 'page' ? pathText(label) : label, LABEL_MAX);
  return text === '' ? place : `${place}: ${text}`;
}
