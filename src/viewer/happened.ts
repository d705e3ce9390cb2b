// What happened in the open recording, as a list and as a transcript: made anew whenever the recording is another one or has grown. The panel shows it.
import { computed, effect, signal } from '@preact/signals';
import { type Happened, transcribe } from '../player/transcript.ts';
import { lineAt } from '../player/transcript-line.ts';
import { createBreather } from './breathe.ts';
import { position, recording } from './playback.ts';
import { announces, isPanelOpen } from './preferences.ts';

const NOTHING: Happened = { happenings: [], lines: [] };

/** Of a running session that of the moment before, until the new one is made. */
export const happened = signal<Happened>(NOTHING);
/** The transcript's line at the playhead; -1 before the first. */
export const reachedLine = computed(() => lineAt(happened.value.lines, position.value));

/** Starts following the recording. */
export function keepHappened(): void {
  let shown: string | null = null;
  effect(() => {
    const loaded = recording.value;
    const id = loaded?.session.session_id ?? null;
    if (id !== shown) happened.value = NOTHING;
    shown = id;
    // Of a part nothing can be told: what went before it is not known. And a running session grows every few seconds: not for nobody.
    const isWanted = isPanelOpen.value || announces.value;
    if (!loaded || loaded.part || !isWanted) return;
    let stopped = false;
    void (async () => {
      // The first frame comes first.
      await new Promise((resolve) => setTimeout(resolve));
      const breathe = createBreather();
      const steps = transcribe(loaded);
      for (let step = steps.next(); !stopped; step = steps.next()) {
        if (step.done) {
          happened.value = step.value;
          return;
        }
        await breathe();
      }
    })();
    return () => {
      stopped = true;
    };
  });
}
