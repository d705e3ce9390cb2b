// The packed form of a batch's events: about five characters for a mouse sample. The tracker packs; decode-packed.ts unpacks.
//
//   {"v":1,…,"packed":"<text>"}   in place of   {"v":1,…,"events":[…]}
//
// The digits are the 93 printable ASCII characters but `"` and `\`, so they cost nothing more inside JSON. A number below
// 64 is one digit; of a larger one, less 64, each digit from 64 on carries a twenty-ninth more, the last is below 64.
// An event is the number of its row in ROWS, its time, and a value for each column of the row, in that order; of a mouse
// sample, the most frequent one, row and time are one number, 16 more than the time.
//   0 absent · 1 null · 2 + n a value, where n is
//     of a number: the difference to the last value in that column (at first to 0), zigzag;
//     of a text: its place among the batch's texts; a new one takes the next place, and its length and itself follow;
//     of a list (of a `layout`): its length, and its rows follow as packed-layout.ts writes them.
// Time: the ms since the event before (at first: the session's start) less 108, a moving hand's usual pause; zigzag.
// `page` and `pointer` hold for all events after them; they are rows of their own, without a time. `pointer` is at first `mouse`.
import type { LayoutEvent, SentEvent } from './event.ts';
import { PACKED_TEXT_MAX } from './limits.ts';
import { colourNumbers, packList, zigzag } from './packed-layout.ts';
import { CLICK, MOUSEMOVE, MOUSEMOVE_FROM, type Row } from './packed-row.ts';

const GEOMETRY = [
  'viewport_width',
  'viewport_height',
  'document_width',
  'document_height',
  'device_pixel_ratio',
  'scroll_x',
  'scroll_y',
] as const;

/** A row more leaves old texts readable; any other change is a new version of the format. */
export const ROWS = /* @__PURE__ */ (() =>
  [
    ['page'],
    ['pointer'],
    ['mousemove', 'x', 'y'],
    [
      'click',
      'x',
      'y',
      'element',
      'element_box.x',
      'element_box.y',
      'element_box.width',
      'element_box.height',
      'element_x',
      'element_y',
      'fixed',
      'effect_ms',
    ],
    ['scroll', 'scroll_percent', 'scroll_x', 'scroll_y', 'document_height'],
    ['page_view', ...GEOMETRY],
    ['navigation', 'from', ...GEOMETRY],
    ['resize', ...GEOMETRY],
    ['visibility_change', 'state'],
    ['error', 'name', 'source', 'line'],
    ['custom', 'name', 'properties'],
    ['layout', ...GEOMETRY, 'number', 'whole', 'removed', 'boxes', 'scrolled', 'outline'],
    ['focus', 'element'],
  ] as const)();

type Text = 'page' | 'pointer' | 'element' | 'from' | 'state' | 'name' | 'source' | 'properties';
type List = 'removed' | 'boxes' | 'scrolled';
type Flag = 'fixed' | 'whole' | 'outline';
type Value<Name> =
  | (Name extends Text
      ? string
      : Name extends Flag
        ? boolean
        : Name extends List
          ? readonly (number | readonly number[])[]
          : number | null)
  | undefined;
type Columns<R extends Row> = (typeof ROWS)[R] extends readonly [string, ...infer Names] ? Names : never;
type ValuesOf<Names> = { [Place in keyof Names]: Value<Names[Place]> };
/**
 * One value for each column of the row; numbers are rounded. `element_x` and `element_y` are thousandths here,
 * `device_pixel_ratio` hundredths, `properties` JSON; a box's colours are 16 bits, RGBA.
 */
export type Values<R extends Row> = ValuesOf<Columns<R>>;

/** Appends one event; answers all that is packed so far. */
export type Packer = (row: Row, values: readonly unknown[], state: State, time: number) => string;
/** Page and pointer that the event has. */
export type State = readonly [page?: string | undefined, pointer?: string | undefined];

/** Packs one batch; `time` is first the start that its session key carries, epoch ms. */
export const packer = (last: number): Packer => {
  const texts: string[] = [];
  /** Of each column, and of each state at its row's number. */
  const lasts: unknown[] = [undefined, 'mouse'];
  let packed = '';

  const digits = (n: number): void => {
    const digit = n < 64 ? n : 64 + ((n - 64) % 29);
    packed += String.fromCharCode(digit + (digit > 58 ? 34 : digit > 1 ? 33 : 32));
    if (n > 63) digits((n - digit) / 29);
  };

  const put = (value: unknown, column: number): void => {
    if (value == null || (value as string).length > PACKED_TEXT_MAX) digits(value === null ? 1 : 0);
    // Only texts have it.
    else if ((value as string).trim) {
      const place = texts.indexOf(value as string);
      digits(2 + (place < 0 ? texts.push(value as string) - 1 : place));
      if (place < 0) {
        digits((value as string).length);
        packed += value;
      }
    } else if ((value as number[]).map) {
      digits(2 + (value as number[]).length);
      packList(value as number[], digits);
    } else {
      // What is no finite number becomes 0 here.
      const n = Math.round(value as number) | 0;
      digits(2 + zigzag(n - ((lasts[column] as number) ?? 0)));
      lasts[column] = n;
    }
  };
  return (row, values, state, time) => {
    state.forEach((value, place) => {
      if (value !== lasts[place]) {
        lasts[place] = value;
        digits(place);
        put(value, 0);
      }
    });
    if (row > MOUSEMOVE) digits(row);
    digits(zigzag(time - last - 108) + (row > MOUSEMOVE ? 0 : MOUSEMOVE_FROM));
    last = time;
    let column = row * 16;
    for (const value of values) put(value, column++);
    return packed;
  };
};

/** What a column's numbers are multiplied by in the packed form. */
export const scaleOf = (name: string) => (/^element_[xy]$/.test(name) ? 1000 : name === 'device_pixel_ratio' ? 100 : 1);

/** Packs the events of one batch; their `event_id`s are left to the server. */
export function encodePacked(events: readonly SentEvent[], start: number): string {
  const pack = packer(start);
  let packed = '';
  let pointer: string | undefined;
  for (const event of events) {
    const row = ROWS.findIndex(([type]) => type === event.event_type) as Row;
    if (row === MOUSEMOVE || row === CLICK) pointer = (event as { pointer?: string }).pointer;
    const values = ROWS[row].slice(1).map((name) => toWire(event, name));
    packed = pack(row, values, [event.page, pointer], event.timestamp);
  }
  return packed;
}

function toWire(event: SentEvent, name: string) {
  const [field, side] = name.split('.') as [string, string?];
  const value = (event as unknown as Record<string, unknown>)[field];
  if (side) return (value as Record<string, number> | undefined)?.[side];
  if (name === 'boxes') return colourNumbers(event as LayoutEvent);
  if (name === 'properties') return value && JSON.stringify(value);
  return typeof value === 'number' ? value * scaleOf(name) : value;
}
