// The lists of a `layout` in packed form: rows of whole numbers, each written as what its prediction did not say. The tracker packs, packed.ts unpacks.
//
// A row begins with its mask: bit c is set where column c is not as predicted. For each bit, the lowest first, the zigzag
// of the difference follows. Column 0, the kind, is predicted from the row before, the others from the last row of the
// same kind; both only within the list, at first 0. A single number is a row of one column.

import type { LayoutEvent } from './event.ts';
import { FormatError } from './format-error.ts';
import { BOX, BOX_COLUMNS } from './layout.ts';
import { PALETTE_MAX } from './limits.ts';

/** 0, -1, 1, -2 … as 0, 1, 2, 3 … */
export const zigzag = (n: number): number => (n < 0 ? -2 * n - 1 : 2 * n);
export const unzigzag = (n: number): number => (n % 2 ? -(n + 1) / 2 : n / 2);

/** Hands `digits` the numbers that a list of whole numbers comes to. Rows of one kind must be of one length. */
export const packList = (list: readonly (number | readonly number[])[], digits: (n: number) => void): void => {
  const lasts: Record<number, readonly number[]> = {};
  let before: readonly number[] = [];
  for (const given of list) {
    const row = [given].flat() as number[];
    const like = lasts[row[0]!] ?? [];
    let mask = 0;
    const offs = row.map((value, column) => {
      const off = value - ((column ? like : before)[column] ?? 0);
      if (off) mask += 1 << column;
      return zigzag(off);
    });
    [mask, ...offs.filter(Boolean)].forEach(digits);
    lasts[row[0]!] = before = row;
  }
};

/**
 * Reads `count` rows, each of all columns that a box has. Takes time and room in proportion to the digits that are there.
 * Throws FormatError where a mask names a column that no box has; `digits` throws where the text ends.
 */
export function unpackList(count: number, digits: () => number): number[][] {
  const lasts = new Map<number, readonly number[]>();
  const rows: number[][] = [];
  let before: readonly number[] = [];
  for (let i = 0; i < count; i++) {
    const mask = digits();
    if (mask >= 1 << BOX_COLUMNS) throw new FormatError('packed', 'must be a packed text');
    const row: number[] = [];
    let like: readonly number[] = [];
    for (let column = 0; column < BOX_COLUMNS; column++) {
      const predicted = (column ? like : before)[column] ?? 0;
      row.push(mask & (1 << column) ? predicted + unzigzag(digits()) : predicted);
      if (column === 0) like = lasts.get(row[0]!) ?? [];
    }
    lasts.set(row[0]!, row);
    before = row;
    rows.push(row);
  }
  return rows;
}

/** The boxes of a layout with all their columns, a colour being 16 bits: four each of red, green, blue and alpha. */
export function colourNumbers({ boxes, palette = [] }: Pick<LayoutEvent, 'boxes' | 'palette'>): number[][] | undefined {
  const numbers = [0, ...palette.map((colour) => Number.parseInt(`${colour.slice(1)}f`.slice(0, 4), 16))];
  return boxes?.map((box) => {
    const row = Array.from({ length: BOX_COLUMNS }, (_, column) => box[column] ?? 0);
    for (const column of COLOURS) row[column] = numbers[row[column]!] ?? 0;
    return row;
  });
}

/** The reverse: the palette in order of first use, without what is not to be seen, and boxes that name its places. Takes the rows for its own. */
export function colourPlaces(boxes: number[][]): { palette?: string[]; boxes: number[][] } {
  const places = new Map<number, number>();
  const palette: string[] = [];
  for (const row of boxes) {
    for (const column of COLOURS) {
      const colour = row[column]!;
      // What is no colour stays what no palette has, so that the row is left out where layouts are checked.
      if (!(colour >= 0 && colour <= 0xffff)) row[column] = PALETTE_MAX + 1;
      else if (colour % 16 === 0) row[column] = 0;
      else {
        if (!places.has(colour)) places.set(colour, palette.length < PALETTE_MAX ? palette.push(textOf(colour)) : 0);
        row[column] = places.get(colour)!;
      }
    }
    while (row.at(-1) === 0) row.pop();
  }
  return { ...(palette.length > 0 && { palette }), boxes };
}

const COLOURS = /* @__PURE__ */ (() => [BOX.fill, BOX.line] as const)();

function textOf(colour: number): string {
  const digits = colour.toString(16).padStart(4, '0');
  return `#${digits.endsWith('f') ? digits.slice(0, 3) : digits}`;
}
