// Session keys and ids: what they look like and what they tell. Used by the tracker (to make) and the parser (to check).
import { FormatError } from './format-error.ts';

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const SESSION_KEY = /^([0-9a-z]{1,11})-[A-Za-z0-9_-]{20,64}$/;
const IMPORTED_ID = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,128}$/;

/** True for 1 to 64 of `[A-Za-z0-9_-]`. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/** True for an id that an import may bring: 1 to 128 of `[A-Za-z0-9_.-]`, but not `.` or `..`. */
export function isImportedId(value: unknown): value is string {
  return typeof value === 'string' && IMPORTED_ID.test(value);
}

/**
 * The start that a session key carries: epoch ms by the visitor's clock.
 * A key is that number in base 36, `-`, and 20 to 64 random characters of `[A-Za-z0-9_-]`.
 * Throws FormatError for anything else.
 */
export function keyStart(key: unknown): number {
  const start = typeof key === 'string' ? SESSION_KEY.exec(key)?.[1] : undefined;
  if (start === undefined) {
    throw new FormatError('session_key', "must be a start time in base 36, '-' and 20 to 64 of A-Z a-z 0-9 _ -");
  }
  return Number.parseInt(start, 36);
}
