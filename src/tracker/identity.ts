// Who is recorded: visitor and session, shared by the tabs of a site through localStorage, kept in memory where that fails.
import { SESSION_IDLE_MS, SESSION_MAX_MS } from '../format/limits.ts';
import { options } from './options.ts';

/** Undefined before it is needed; empty for a visitor who opted out. */
export let visitor: string | undefined;
/** The session's start in base 36, `-` and random characters; without those: a session that sampling left out. */
let key = '';
/** Epoch ms of the visitor's last act. */
let lastAct = 0;
let endedKey: string;

/** Random characters of `[A-Za-z0-9_]`, just under 6 bits each. */
export const randomId = (length: number): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(length))))
    .replace(/\W/g, '_')
    .slice(0, length);

// Distances either way, since a clock may be set back.
const isFresh = (now: number) =>
  key !== endedKey &&
  Math.abs(now - lastAct) < SESSION_IDLE_MS &&
  Math.abs(now - Number.parseInt(key, 36)) < SESSION_MAX_MS;

/** Takes over what another tab did since. */
function load(): void {
  try {
    const [storedVisitor, storedKey, storedAct] = localStorage.silhouette.split(' ');
    visitor = storedVisitor;
    if (storedKey !== key || storedAct > lastAct) {
      key = storedKey;
      lastAct = Number(storedAct);
    }
  } catch {}
}

function save(): void {
  try {
    localStorage.silhouette = `${visitor} ${key} ${lastAct}`;
  } catch {}
}

/**
 * The key of the session at `now` (epoch ms); empty where there is none, or none to record. An act of the visitor's
 * keeps it going or begins the next. `isShared`: what other tabs did counts, too.
 */
export function sessionAt(now: number, isAct: boolean, isShared: boolean): string {
  const isDue = isShared || !isFresh(now);
  if (isDue) {
    load();
    visitor ??= randomId(22);
    if (!isFresh(now)) {
      key = visitor && isAct ? now.toString(36) : '';
      if (Math.random() < Number(options.sample ?? 1)) key += key && `-${randomId(22)}`;
    }
  }
  if (isAct) lastAct = now;
  if (isDue) save();
  return key.includes('-') ? key : '';
}

/** Opts the visitor out. */
export function forget(): void {
  visitor = key = '';
  save();
}

/** The server takes no more of this session: the visitor's next act begins another. */
export function endSession(sessionKey: string): void {
  endedKey = sessionKey;
}
