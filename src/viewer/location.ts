// The address /replay#session=ID&t=SECONDS, and those that open without a key: reading it and keeping it in step. Nothing else is ever written there, a key least of all.
import type { Guest } from './share/guest.ts';

export interface Place {
  /** Null: no session is open. */
  session: string | null;
  /** What the address itself brings, whatever key there is. */
  guest?: Guest | null;
  /** ms. */
  position: number;
}

export function readPlace(hash: string): Place {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const seconds = Number(parameters.get('t') ?? 0);
  const share = parameters.get('share');
  const recording = parameters.get('recording');
  return {
    session: parameters.get('session') || null,
    guest: share ? { kind: 'share', token: share } : recording ? { kind: 'link', text: recording } : null,
    position: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0,
  };
}

/** Seconds to a tenth. */
export function placeHash({ session, guest, position }: Place): string {
  const opened =
    guest?.kind === 'share'
      ? `share=${encodeURIComponent(guest.token)}`
      : session && `session=${encodeURIComponent(session)}`;
  return opened ? `#${opened}&t=${Math.floor(position / 100) / 10}` : '';
}

/** The whole address to hand to someone else. */
export function placeAddress(place: Place): string {
  return location.origin + location.pathname + placeHash(place);
}

/** `step`: a step of its own in the history, for another session; else the present one is renamed. */
export function writePlace(place: Place, step: boolean): void {
  const address = location.pathname + location.search + placeHash(place);
  if (step) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}
