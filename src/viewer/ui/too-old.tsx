// What a browser without something that the viewer needs is told instead of it. app.tsx shows it.
import type { JSX } from 'preact';

/** The latest of what it needs came with Chrome 123, Firefox 125 and Safari 17.5. */
export const isTooOld = !(
  'popover' in HTMLElement.prototype &&
  'any' in AbortSignal &&
  CSS.supports('color', 'light-dark(red, red)')
);

export function TooOld(): JSX.Element {
  return (
    <main class="prompt">
      <p class="prompt-card" role="alert">
        This browser is too old for the viewer. Chrome and Edge from 123, Firefox from 125 and Safari from 17.5 can show
        it.
      </p>
    </main>
  );
}
