// The marks of the timeline by key: from one to the next, with the preview that pointing at them shows. Keys and jumps call it, `ui/timeline.tsx` shows it.
import { computed, signal } from '@preact/signals';
import { type Mark, markAt, markBeside } from './draw/timeline-marks.ts';
import { xOf } from './draw/timeline-rows.ts';
import { isPlaying, position, seekTo } from './playback.ts';
import { drawing } from './timeline-state.ts';
import { tell } from './told.ts';

/** Where a key went last, ms, and the mark there; `text`: what is said of it, beside what the mark is. */
const reached = signal<{ at: number; mark: Mark | null; text?: string } | null>(null);
/** The same, while the playhead is still there and nobody sent it away. */
export const visited = computed(() => (reached.value?.at === position.value ? reached.value : null));

export function forgetVisited(): void {
  reached.value = null;
}

/** To the mark before or after, as marks are drawn now, or to where a page begins. */
export function goToMark(forward: boolean): void {
  const now = drawing.peek();
  if (!now) return;
  const found = markBeside(now, position.peek(), forward);
  if (!found) {
    tell(`No mark ${forward ? 'after' : 'before'} this`);
    return;
  }
  seekTo(found.at);
  reached.value = found;
}

/** A jump that began on the timeline shows where it ended. False: it does not. */
export function visit(at: number, text: string): boolean {
  const now = drawing.peek();
  if (!now || isPlaying.peek() || !document.activeElement?.matches('.lanes')) return false;
  reached.value = { at, mark: markAt(now, xOf(now, at), -1), text };
  return true;
}
