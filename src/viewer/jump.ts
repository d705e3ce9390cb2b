// From one event, click, signal or page to the next, as keys and buttons ask; it tells where it went.
import { computed } from '@preact/signals';
import { countOf, type Stop, type StopKind, stopFrom } from '../player/stops.ts';
import { visit } from './mark-keys.ts';
import { frame, isPlaying, position, recording, seekTo, speed, stayOn } from './playback.ts';
import { tell } from './told.ts';
import { numberText, pathText, shortText } from './words.ts';

/** ms of playing after which the stop before is this one: until then it is the one before it. */
const JUST_MS = 700;
const LABEL_MAX = 90;

export function jump(kind: StopKind, forward: boolean): void {
  const loaded = recording.peek();
  if (!loaded) return;
  const passed = !forward && isPlaying.peek() ? JUST_MS * speed.peek() : 0;
  const found = stopFrom(loaded, kind, position.peek() - passed, forward);
  if (!found) {
    const count = countOf(loaded, kind);
    const where = loaded.part ? ' in what is loaded so far' : '';
    tell(
      count === 0 && !where
        ? `This session has no ${kind}s`
        : `No ${kind} ${forward ? 'after' : 'before'} this${where}`,
    );
    return;
  }
  seekTo(found.at);
  // It happened in another tab than the one on which the user stays.
  if (stayOn.peek() !== null && frame.peek()?.hidden) stayOn.value = null;
  const text = stopText(kind, found, loaded.part ? null : countOf(loaded, kind));
  if (!visit(found.at, text)) tell(text);
}

/** While only a part is there, as many as the server counted. */
export const clickCount = computed(() => {
  const loaded = recording.value;
  return loaded ? (loaded.part ? loaded.session.click_count : countOf(loaded, 'click')) : 0;
});
export const signalCount = computed(() => (recording.value ? countOf(recording.value, 'signal') : 0));

/** `Click 3 of 41: BUTTON#pay`, `Clicks 4–6 of 41: …`; `all` null: nobody knows yet. */
function stopText(kind: StopKind, { kind: what, label, first, count }: Stop, all: number | null): string {
  const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  const which =
    count > 1 ? `${name}s ${numberText(first)}–${numberText(first + count - 1)}` : `${name} ${numberText(first)}`;
  const text = shortText(what === 'page' ? pathText(label) : label, LABEL_MAX);
  return `${all === null ? name : `${which} of ${numberText(all)}`}${text === '' ? '' : `: ${text}`}`;
}
