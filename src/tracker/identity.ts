// Who is recorded: visitor and session, shared by the tabs of a site through localStorage, kept in memory where that fails.
import { SESSION_IDLE_MS, SESSION_MAX_MS } from '../format/limits.ts';
import { options } from './options.ts';
import { SHARE_EVERY_MS } from './tuning.ts';

/** Undefined before it is needed; empty for a visitor who opted out. */
export let visitor: string | undefined;
/** The session's start in base 36, `-` and random characters; without those: a session that sampling left out. */
let key = '';
/** Epoch ms of the visitor's last act. */
let lastAct = 0;
/** Epoch ms at which other tabs were asked and told last. */
let sharedAt = 0;

/** Another tab told something. */
export const hearStorage = (): void => {
  sharedAt = 0;
};

/** Of which the server takes no more. */
let endedKey: string;

/** 128 random bits in base 36, 26 characters or a few less. */
export const randomId = (): string =>
  crypto.getRandomValues(new BigUint64Array(2)).reduce((id, bits) => id + bits.toString(36), '');

/** Epoch ms at which a session began; NaN for what is no key. */
export const startOf = (sessionKey: string): number => parseInt(sessionKey, 36);

// Distances either way, since a clock may be set back.
const isFresh = (now: number) =>
  key != endedKey && Math.abs(now - lastAct) < SESSION_IDLE_MS && Math.abs(now - startOf(key)) < SESSION_MAX_MS;

/** For the other tabs, and for later visits. */
const save = (): void => {
  try {
    localStorage._silhouette = `${visitor} ${key} ${lastAct}`;
  } catch {}
};

/**
 * The key of the session at `now` (epoch ms); without a `-` where there is none to record. An act of the visitor's
 * keeps it going or begins the next. What other tabs did is asked where it may matter, and now and then: each time
 * costs the page a millisecond.
 */
export const sessionAt = (now: number, isAct: boolean): string => {
  const isDue = !isFresh(now) || Math.abs(now - sharedAt) > SHARE_EVERY_MS;
  if (isDue) {
    try {
      // The last of them is the visitor's last act that any tab knows.
      [visitor, key, sharedAt] = localStorage._silhouette.split(' ');
      lastAct = Math.max(lastAct, sharedAt);
    } catch {}
    sharedAt = now;
    visitor ??= randomId();
    if (!isFresh(now))
      key =
        visitor && isAct ? now.toString(36) + (Math.random() >= (options.sample as never) ? '' : `-${randomId()}`) : '';
  }
  if (isAct) lastAct = now;
  if (isDue) save();
  return key;
};

/** Opts the visitor out. */
export const forget = (): void => {
  visitor = key = '';
  save();
};

/** The server takes no more of this session: the visitor's next act begins another. */
export const endSession = (sessionKey: string): void => {
  endedKey = sessionKey;
};
