// The packed form of a batch's events: about five characters for a mouse sample. The tracker packs, the parser unpacks.
//
//   {"v":1,…,"packed":"<text>"}   in place of   {"v":1,…,"events":[…]}
//
// The digits are the 93 printable ASCII characters but `"` and `\`, so they cost nothing more inside JSON. A number below
// 64 is one digit; of a larger one, less 64, each digit from 64 on carries a twenty-ninth more, the last is below 64.
// An event is the number of its row in ROWS, its time, and a value for each name of the row, in that order:
//   0 absent · 1 null · 2 + n a value, where n is
//     of a number: the difference to the last value of that name (times 1000 or 100 for fractions), zigzag;
//     of a text: its place among the batch's texts; a new one takes the next place, and its length and itself follow;
//     of `properties`: the length of their JSON, which follows; of a box: 0, and a value for each of its sides follows.
// Time: the ms since the event before (at first: the session's start) less 108, a moving hand's usual pause; zigzag.
// `page` and `pointer` hold for all events after them; they are rows of their own, without a time.
import type { SentEvent } from './event.ts';
import { FormatError } from './format-error.ts';
import { BATCH_EVENTS_MAX, PAGE_MAX } from './limits.ts';

const GEOMETRY = [
  'viewport_width',
  'viewport_height',
  'document_width',
  'document_height',
  'scroll_x',
  'scroll_y',
  'device_pixel_ratio',
];

/** A row more leaves old texts readable; any other change is a new version of the format. */
const ROWS = [
  ['page'],
  ['pointer'],
  ['mousemove', 'x', 'y'],
  ['click', 'x', 'y', 'element', 'element_box', 'element_x', 'element_y', 'fixed', 'effect_ms'],
  ['scroll', 'scroll_percent', 'scroll_x', 'scroll_y', 'document_height'],
  ['page_view', ...GEOMETRY],
  ['navigation', 'from', ...GEOMETRY],
  ['resize', ...GEOMETRY],
  ['visibility_change', 'state'],
  ['error', 'name', 'source', 'line'],
  ['custom', 'name', 'properties'],
];
const SIDES = ['x', 'y', 'width', 'height'];

const scaleOf = (name: string) => (name === 'device_pixel_ratio' ? 100 : name.startsWith('element_') ? 1000 : 1);

type Fields = Record<string, unknown>;

export interface Packer {
  /** Appends one event; its `event_id` is left to the server. */
  add(event: SentEvent): void;
  /** What is packed so far. */
  text(): string;
}

/** Packs one batch; `start` is the start that its session key carries, epoch ms. */
export function packer(start: number): Packer {
  const texts = new Map<string, number>();
  const lasts = new Map<string, unknown>();
  let packed = '';
  let time = start;

  const digits = (n: number) => {
    for (; n > 63; n = Math.floor(n / 29)) {
      n -= 64;
      digit(64 + (n % 29));
    }
    digit(n);
  };
  const digit = (n: number) => {
    packed += String.fromCharCode(n + (n > 58 ? 34 : n > 1 ? 33 : 32));
  };
  const zigzag = (n: number) => (n < 0 ? -2 * n - 1 : 2 * n);

  const value = (given: unknown, name: string) => {
    if (typeof given === 'string') {
      const place = texts.get(given) ?? texts.size;
      digits(2 + place);
      if (place === texts.size) {
        texts.set(given, place);
        digits(given.length);
        packed += given;
      }
    } else if (given === null) digits(1);
    else if (name === 'properties' && given) {
      const json = JSON.stringify(given);
      digits(2 + json.length);
      packed += json;
    } else if (name === 'element_box' && given) {
      digits(2);
      for (const side of SIDES) value((given as Fields)[side], `box ${side}`);
    } else {
      const n = Math.round(Number(given) * scaleOf(name));
      // What is no number at all counts as absent, so that one bad value cannot spoil the batch.
      if (Number.isFinite(n)) {
        digits(2 + zigzag(n - Number(lasts.get(name) ?? 0)));
        lasts.set(name, n);
      } else digits(0);
    }
  };

  const change = (row: number, given: unknown, name: string) => {
    if (given !== lasts.get(name)) {
      digits(row);
      value(given, name);
      lasts.set(name, given);
    }
  };

  return {
    add(event) {
      const row = ROWS.findIndex(([type]) => type === event.event_type);
      const names = ROWS[row]!;
      change(0, event.page, 'page');
      if (names[1] === 'x') change(1, (event as Fields).pointer, 'pointer');
      digits(row);
      digits(zigzag(event.timestamp - time - 108));
      time = event.timestamp;
      for (let i = 1; i < names.length; i++) value((event as Fields)[names[i]!], names[i]!);
    },
    text: () => packed,
  };
}

/** Packs the events of one batch. */
export function encodePacked(events: readonly SentEvent[], start: number): string {
  const { add, text } = packer(start);
  for (const event of events) add(event);
  return text();
}

/** No text of a batch is longer; `properties` may be, but are never named twice: so reading takes linear time. */
const TEXT_MAX = 2 * PAGE_MAX;
const TEXTS = new Set(['page', 'pointer', 'element', 'from', 'state', 'name', 'source']);

/**
 * The events that a packed text holds, each with the fields it had, to be checked like events that came as JSON.
 * `start` is the start that the session key carries, epoch ms.
 * Throws FormatError where this is no packed text or holds more events than a batch may.
 */
export function decodePacked(packed: unknown, start: number): Fields[] {
  const given = typeof packed === 'string' ? packed : '';
  const texts: string[] = [];
  const lasts = new Map<string, number>();
  const state = new Map<string, unknown>();
  const events: Fields[] = [];
  let time = start;
  let at = 0;

  const digits = (): number => {
    for (let n = 0, unit = 1; ; unit *= 29) {
      const code = given.charCodeAt(at++);
      // Past the end the code is NaN, which no comparison holds for.
      if (!(code >= 32 && code <= 126) || code === 34 || code === 92) throw malformed();
      const digit = code - (code > 92 ? 34 : code > 34 ? 33 : 32);
      n += digit * unit;
      if (n > Number.MAX_SAFE_INTEGER) throw malformed();
      if (digit < 64) return n;
    }
  };
  const unzigzag = (n: number) => (n % 2 ? -(n + 1) / 2 : n / 2);

  const characters = (length: number): string => {
    at += length;
    if (at > given.length) throw malformed();
    return given.slice(at - length, at);
  };

  const text = (place: number): string => {
    if (place === texts.length) {
      const length = digits();
      if (length > TEXT_MAX) throw malformed();
      texts.push(characters(length));
    }
    const known = texts[place];
    if (known === undefined) throw malformed();
    return known;
  };

  const value = (name: string): unknown => {
    const n = digits() - 2;
    if (n === -2) return undefined;
    if (n === -1) return null;
    if (TEXTS.has(name)) return text(n);
    if (name === 'properties') return parseJson(characters(n));
    if (name === 'element_box') return fields({}, SIDES, 'box ');
    const whole = (lasts.get(name) ?? 0) + unzigzag(n);
    lasts.set(name, whole);
    return name === 'fixed' ? whole !== 0 : whole / scaleOf(name);
  };

  const fields = (into: Fields, names: readonly string[], prefix = ''): Fields => {
    for (const name of names) {
      const found = value(prefix + name);
      if (found !== undefined) into[name] = found;
    }
    return into;
  };

  while (at < given.length) {
    const [type, ...names] = ROWS[digits()] ?? [];
    if (type === undefined) throw malformed();
    if (names.length === 0) {
      state.set(type, value(type));
      continue;
    }
    if (events.length === BATCH_EVENTS_MAX)
      throw new FormatError('packed', `must hold at most ${BATCH_EVENTS_MAX} events`);
    time += unzigzag(digits()) + 108;
    const event: Fields = { event_type: type, timestamp: time };
    for (const name of names[0] === 'x' ? ['page', 'pointer'] : ['page']) {
      if (state.get(name) !== undefined) event[name] = state.get(name);
    }
    events.push(fields(event, names));
  }
  if (events.length === 0) throw malformed();
  return events;
}

const malformed = () => new FormatError('packed', 'must be a packed text');

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw malformed();
  }
}
