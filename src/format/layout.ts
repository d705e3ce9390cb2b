// The outline of a page as boxes, never what is in them: the columns of a box, and the check of a `layout`. Used by the parser of events and by the player.
import type { LayoutEvent } from './event.ts';
import { type Fields, number } from './field.ts';
import { FormatError } from './format-error.ts';
import { LAYOUT_BOXES_MAX, LAYOUT_REMOVED_MAX, LAYOUT_SCROLLED_MAX, PALETTE_MAX, PIXELS_MAX } from './limits.ts';

/** Columns of a box; a row may end early, what is missing is 0. Whole px of what scrolls, or of the viewport within a fixed part. */
export const BOX = {
  /** 0 surface, 1 text line, 2 picture, 3 control; + 4 fixed, + 8 sticky, + 12 nested scroller. */
  kind: 0,
  x: 1,
  y: 2,
  width: 3,
  height: 4,
  /** All boxes of one element have its number; a child's is greater than its parent's. From 1. */
  element: 5,
  /** Element of the nearest fixed, sticky or scrolling box around it; 0: the document. */
  within: 6,
  /** Higher is painted later; then by element, then in the order told. */
  level: 7,
  /** Place in the palette; of a text line its ink. */
  fill: 8,
  /** Place in the palette of the border's colour. */
  line: 9,
  /** Of a border: 0 the lower edge alone, 1 all around. */
  sides: 10,
  radius: 11,
  /** Sticky only: px from the scrolling area's upper edge at which it stays. */
  top: 12,
} as const;

export const BOX_COLUMNS = 13;

/** Least and greatest of each column; `fill` and `line` end with the palette. */
const BOUNDS: readonly (readonly [number, number])[] = [
  [0, 15],
  [-PIXELS_MAX, PIXELS_MAX],
  [-PIXELS_MAX, PIXELS_MAX],
  [1, PIXELS_MAX],
  [1, PIXELS_MAX],
  [1, 0x7fffffff],
  [0, 0x7fffffff],
  [0, 1_000_000],
  [0, PALETTE_MAX],
  [0, PALETTE_MAX],
  [0, 1],
  [0, 1000],
  [-PIXELS_MAX, PIXELS_MAX],
];

type Told = Pick<LayoutEvent, 'number' | 'whole' | 'palette' | 'removed' | 'boxes' | 'scrolled' | 'outline'>;

/** What a `layout` says but for its geometry. Rows that make no sense are left out, too many are cut; throws FormatError where nothing is left. */
export function parseLayout(fields: Fields): Told {
  const palette = fields.palette === undefined ? undefined : parsePalette(fields.palette);
  const colours = palette?.length ?? 0;
  const removed = list(fields.removed, 'removed', LAYOUT_REMOVED_MAX, parseElement);
  const boxes = list(fields.boxes, 'boxes', LAYOUT_BOXES_MAX, (row) => parseBox(row, colours));
  const scrolled = list(fields.scrolled, 'scrolled', LAYOUT_SCROLLED_MAX, parseScrolled);
  if (!removed && !boxes && !scrolled) throw new FormatError('boxes', 'must be there, or removed or scrolled');
  return {
    ...(fields.number === undefined ? {} : { number: parseNumber(fields.number) }),
    ...flag(fields.whole, 'whole'),
    ...(palette && { palette }),
    ...(removed && { removed }),
    ...(boxes && { boxes }),
    ...(scrolled && { scrolled }),
    ...flag(fields.outline, 'outline'),
  };
}

function parseNumber(value: unknown): number {
  const given = number(value, 'number', 1, 1e9);
  if (!Number.isInteger(given)) throw new FormatError('number', 'must be a whole number');
  return given;
}

function flag<K extends 'whole' | 'outline'>(value: unknown, name: K): { [key in K]?: boolean } {
  if (value === undefined) return {};
  if (typeof value !== 'boolean') throw new FormatError(name, 'must be true or false');
  return { [name]: value } as { [key in K]?: boolean };
}

function parsePalette(value: unknown): string[] {
  const fits =
    Array.isArray(value) &&
    value.length <= PALETTE_MAX &&
    value.every((colour) => typeof colour === 'string' && /^#[0-9a-f]{3,4}$/.test(colour));
  if (!fits) throw new FormatError('palette', `must be at most ${PALETTE_MAX} colours such as #f80 or #f808`);
  return [...value];
}

/** Undefined where nothing is left. Looks at `max` rows, however many there are. */
function list<T>(value: unknown, field: string, max: number, parse: (row: unknown) => T | null): T[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new FormatError(field, 'must be a list');
  const kept: T[] = [];
  for (let i = 0; i < value.length && i < max; i++) {
    const row = parse(value[i]);
    if (row !== null) kept.push(row);
  }
  return kept.length > 0 ? kept : undefined;
}

/** A whole number within bounds, or null. */
function whole(value: unknown, [min, max]: readonly [number, number]): number | null {
  if (typeof value !== 'number') return null;
  const given = Math.round(value) + 0;
  return given >= min && given <= max ? given : null;
}

const parseElement = (value: unknown): number | null => whole(value, BOUNDS[BOX.element]!);

/** What a layout counts towards the bound on a batch's. */
export function rowsOf({ boxes, removed, scrolled }: Told): number {
  return (boxes?.length ?? 0) + (removed?.length ?? 0) + (scrolled?.length ?? 0);
}

/** Without the zeros at its end, so that equal boxes are equal rows. */
function parseBox(value: unknown, colours: number): number[] | null {
  if (!Array.isArray(value) || value.length > BOX_COLUMNS) return null;
  const row: number[] = [];
  for (let column = 0; column < BOX_COLUMNS; column++) {
    const given = whole(column < value.length ? value[column] : 0, BOUNDS[column]!);
    if (given === null) return null;
    row.push(given);
  }
  if (row[BOX.fill]! > colours || row[BOX.line]! > colours) return null;
  while (row.at(-1) === 0) row.pop();
  return row;
}

function parseScrolled(value: unknown): number[] | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const element = parseElement(value[0]);
  const x = whole(value[1], BOUNDS[BOX.x]!);
  const y = whole(value[2], BOUNDS[BOX.y]!);
  return element === null || x === null || y === null ? null : [element, x, y];
}
