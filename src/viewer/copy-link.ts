// The link to this moment of the open session, into the clipboard; for the key that does it.
import { placeAddress } from './location.ts';
import { position, recording } from './playback.ts';
import { guest } from './share/guest.ts';
import { tell } from './told.ts';

export function placeLink(): string {
  return placeAddress({
    session: recording.peek()?.session.session_id ?? null,
    guest: guest.peek(),
    position: position.peek(),
  });
}

export async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(placeLink());
    tell('Link copied');
  } catch {
    tell('Copy the address above');
  }
}
