// The address /replay#session=ID&t=SECONDS, with the filters of the list, and those that open without a key: reading it and keeping it in step. A key is never written there.
import { viewPart } from './filters.ts';
import { carriedText, type Guest } from './share/guest.ts';

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
    guest: guestOf(share, recording),
    position: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0,
  };
}

function guestOf(share: string | null, recording: string | null): Guest | null {
  if (carriedText() !== null) return { kind: 'file' };
  if (share) return { kind: 'share', token: share };
  return recording ? { kind: 'link', text: recording } : null;
}

/** Seconds to a tenth. `list`: what the list beside it is asked for, see filters.ts. */
export function placeHash({ session, guest, position }: Place, list = ''): string {
  const opened = guest ? openedBy(guest) : session && `session=${encodeURIComponent(session)}`;
  const time = `t=${Math.floor(position / 100) / 10}`;
  const parts = [opened, (opened || guest) && time, list].filter(Boolean);
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}

function openedBy(guest: Guest): string {
  if (guest.kind === 'file') return '';
  return guest.kind === 'share' ? `share=${encodeURIComponent(guest.token)}` : `recording=${guest.text}`;
}

/** The whole address to hand to someone else. */
export function placeAddress(place: Place): string {
  return location.href.replace(/[?#].*/s, '') + placeHash(place);
}

/** The hash as it was last read or written; another one is a change that `hashchange` has yet to tell. */
let seen = '';

/** `isElsewhere`: another position than it said before. */
export function readAddress(): Place & { isElsewhere: boolean } {
  const before = readPlace(seen);
  seen = location.hash;
  const place = readPlace(seen);
  return { ...place, isElsewhere: place.session !== before.session || place.position !== before.position };
}

export function isAddressRead(): boolean {
  return location.hash === seen;
}

/** What the address says of the list stays. `step`: a step of its own in the history, for another session; else the present one is renamed. */
export function writePlace(place: Place, step: boolean): void {
  write(placeHash(place, place.guest ? '' : viewPart(location.hash)), step);
}

/** What is open stays. */
export function writeList(list: string, step: boolean): void {
  const place = readPlace(location.hash);
  if (!place.guest && list !== viewPart(location.hash)) write(placeHash(place, list), step);
}

function write(hash: string, step: boolean): void {
  const address = location.pathname + location.search + hash;
  if (step) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  seen = location.hash;
}
