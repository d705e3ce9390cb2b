// Checks of single fields: each takes `unknown` and gives a value of a known type or throws FormatError. Used by parse-event and parse-batch.
import { FormatError } from './format-error.ts';
import { PIXELS_MAX } from './limits.ts';

export type Fields = Record<string, unknown>;

export function object(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FormatError(field, 'must be an object');
  }
  return value as Fields;
}

/** A finite number within [min, max]; -0 becomes 0. */
export function number(value: unknown, field: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new FormatError(field, `must be a number from ${min} to ${max}`);
  }
  return value + 0;
}

/** A coordinate in px, within ± PIXELS_MAX. */
export function pixels(value: unknown, field: string): number {
  return number(value, field, -PIXELS_MAX, PIXELS_MAX);
}

/** A whole number of ms that a Date can hold; fractions are rounded. */
export function time(value: unknown, field: string): number {
  return Math.round(number(value, field, -8.64e15, 8.64e15));
}

export function string(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new FormatError(field, 'must be a string');
  return value;
}

/** What no text may hold: control characters and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const EVERY_UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu;

/** A string of printable characters (others become U+FFFD), cut after `max` code points. */
export function text(value: unknown, field: string, max: number): string {
  let given = string(value, field);
  if (given.length > max) given = codePoints(given, max);
  return UNPRINTABLE.test(given) ? given.replace(EVERY_UNPRINTABLE, '\ufffd') : given;
}

/** The first `max` code points. Looks at no more than 2 × max characters, however long the text is. */
function codePoints(given: string, max: number): string {
  return Array.from(given.slice(0, 2 * max))
    .slice(0, max)
    .join('');
}

/** True where a string has more than `max` code points. */
export function isLonger(given: string, max: number): boolean {
  return given.length > max && codePoints(given, max).length < given.length;
}

export function oneOf<T extends string>(value: unknown, field: string, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw new FormatError(field, `must be one of ${choices.join(', ')}`);
  return value as T;
}
