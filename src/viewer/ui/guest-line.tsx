// One line above a session that someone shared: what it is, and until when. The page shows it to whoever came without a key.
import type { JSX } from 'preact';
import { openFailure } from '../session-open.ts';
import { guest, shared } from '../share/guest.ts';
import { untilText } from '../words.ts';

export function GuestLine(): JSX.Element | null {
  // Then the page says what became of it.
  if (openFailure.value) return null;
  return (
    <p class="guest-line" role="status">
      {sentence()}
    </p>
  );
}

function sentence(): string {
  switch (guest.value?.kind) {
    case 'file':
      return 'A session in a file: it plays offline, and nothing is asked of any server.';
    case 'link':
      return 'A session in a link: the recording is in the address, nothing of it is stored or sent.';
    default: {
      const { expires, isStretch } = shared.value ?? { expires: Number.NaN, isStretch: false };
      const what = isStretch ? 'A stretch of a session, shared with you' : 'A session, shared with you';
      return Number.isFinite(expires) ? `${what} until ${untilText(expires)}.` : `${what}.`;
    }
  }
}
