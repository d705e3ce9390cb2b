// The keys of the whole page, in one table; what a focused control does with a key itself stays with it.
import { tinykeys } from 'tinykeys';
import { SPEEDS } from '../player/playhead.ts';
import { recording, STEP_MS, seekBy, setSpeed, togglePlay } from './playback.ts';
import { showTrail } from './preferences.ts';

/** For the help that the user sees; the handlers below do the same. */
export const KEYS = [
  { keys: 'Space', does: 'Start or stop' },
  { keys: '← →', does: '5 seconds back or on' },
  { keys: '1 2 3 4', does: 'Speed 1×, 2×, 4×, 8×' },
  { keys: 'T', does: 'Trail on or off' },
  { keys: '/', does: 'Search sessions' },
] as const;

export function keepKeys(focusSearch: () => void): void {
  const press =
    (action: () => void, repeats = true) =>
    (event: KeyboardEvent) => {
      event.preventDefault();
      if (recording.peek() && (repeats || !event.repeat)) action();
    };
  tinykeys(
    window,
    {
      Space: press(togglePlay, false),
      ArrowLeft: press(() => seekBy(-STEP_MS)),
      ArrowRight: press(() => seekBy(STEP_MS)),
      ...Object.fromEntries(SPEEDS.map((speed, i) => [String(i + 1), press(() => setSpeed(speed))])),
      t: press(() => {
        showTrail.value = !showTrail.value;
      }, false),
      '[Shift]+/': (event: KeyboardEvent) => {
        event.preventDefault();
        focusSearch();
      },
    },
    { ignore: belongsToControl },
  );
}

/** Typing takes every key; a button or link takes Space, a radio group Space and arrows. */
function belongsToControl(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return true;
  const control = event.target instanceof Element ? event.target : null;
  if (!control) return false;
  if (control.closest('dialog')) return true;
  const radio = control.matches('input[type="radio"]');
  if (control.matches('input, textarea, select, [contenteditable]') && !radio) return true;
  const pressing = event.key === ' ';
  const arrow = event.key.startsWith('Arrow');
  return (radio && (pressing || arrow)) || (pressing && control.closest('button, a, summary') !== null);
}
