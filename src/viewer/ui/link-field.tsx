// A link that is to be copied: its text, and a button. The parts of the share dialog show it.
import type { JSX } from 'preact';
import { CopyButton } from './copy-button.tsx';

/** Characters of a link that are shown: a browser lays out every character that a field holds. */
const SHOWN_MAX = 2000;

/** Read and copied, never typed. */
export function LinkField({ name, text }: { name: string; text: string }): JSX.Element {
  return (
    <div class="share-link">
      <input
        class="input"
        type="text"
        readOnly
        aria-label={name}
        value={text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text}
        onFocus={(event) => event.currentTarget.select()}
        onCopy={(event) => {
          // All of it, also where no more than its beginning is shown.
          event.clipboardData?.setData('text/plain', text);
          event.preventDefault();
        }}
      />
      <CopyButton name="Copy" icon="link" text={() => text} refused="Copy it from the field" />
    </div>
  );
}
