// The packed form of a batch's events, as packed.ts writes it → the events, yet to be checked. Called by parse-batch.
import type { Fields } from './field.ts';
import { FormatError } from './format-error.ts';
import { BATCH_EVENTS_MAX, LAYOUT_BATCH_BOXES_MAX, PACKED_TEXT_MAX, PROPERTIES_MAX } from './limits.ts';
import { ROWS, scaleOf } from './packed.ts';
import { colourPlaces, unpackList, unzigzag } from './packed-layout.ts';
import { CLICK, MOUSEMOVE, MOUSEMOVE_FROM } from './packed-row.ts';

const TEXTS: ReadonlySet<string> = new Set([
  'page',
  'pointer',
  'element',
  'from',
  'state',
  'name',
  'source',
  'properties',
]);

const LISTS: ReadonlySet<string> = new Set(['removed', 'boxes', 'scrolled']);
const FLAGS: ReadonlySet<string> = new Set(['fixed', 'whole', 'outline']);

/**
 * The events that a packed text holds, each with the fields it had, to be checked like events that came as JSON.
 * `start` is the start that the session key carries, epoch ms.
 * Throws FormatError where this is no packed text, or holds more events, or rows of layouts, than a batch may. Takes linear time.
 */
export function decodePacked(packed: unknown, start: number): Fields[] {
  const given = typeof packed === 'string' ? packed : '';
  const texts: string[] = [];
  const properties = new Map<string, unknown>();
  const numbers = new Map<number, number>();
  let room = LAYOUT_BATCH_BOXES_MAX;
  const states: unknown[] = [undefined, 'mouse'];
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

  const text = (place: number): string => {
    if (place === texts.length) {
      const length = digits();
      at += length;
      if (length > PACKED_TEXT_MAX || at > given.length) throw malformed();
      texts.push(given.slice(at - length, at));
    }
    const known = texts[place];
    if (known === undefined) throw malformed();
    return known;
  };

  const value = (name: string, column: number): unknown => {
    const n = digits() - 2;
    if (n === -2) return undefined;
    if (n === -1) return null;
    if (TEXTS.has(name)) return text(n);
    if (LISTS.has(name)) {
      room -= n;
      if (room < 0) throw malformed();
      return unpackList(n, digits);
    }
    const whole = (numbers.get(column) ?? 0) + unzigzag(n);
    numbers.set(column, whole);
    return FLAGS.has(name) ? whole !== 0 : whole / scaleOf(name);
  };

  /** Once for each text, however often it is named. */
  const parsed = (json: string): unknown => {
    if (!properties.has(json)) properties.set(json, parseProperties(json));
    return properties.get(json);
  };

  while (at < given.length) {
    const number = digits();
    const row = number < MOUSEMOVE_FROM ? number : MOUSEMOVE;
    const [type, ...names] = ROWS[row] ?? [];
    if (type === undefined) throw malformed();
    if (names.length === 0) {
      states[row] = value(type, 0);
      continue;
    }
    if (events.length === BATCH_EVENTS_MAX)
      throw new FormatError('packed', `must hold at most ${BATCH_EVENTS_MAX} events`);
    time += 108 + unzigzag(number < MOUSEMOVE_FROM ? digits() : number - MOUSEMOVE_FROM);
    const event: Fields = { event_type: type, timestamp: time };
    if (states[0] !== undefined) event.page = states[0];
    if (states[1] !== undefined && (row === MOUSEMOVE || row === CLICK)) event.pointer = states[1];
    for (let place = 0; place < names.length; place++) {
      const [field, side] = names[place]!.split('.') as [string, string?];
      const found = value(names[place]!, row * 16 + place);
      if (found === undefined) continue;
      if (side) event[field] = { ...(event[field] as Fields), [side]: found };
      else event[field] = field === 'properties' ? parsed(String(found)) : found;
    }
    events.push(type === 'layout' ? unpacked(event) : event);
  }
  if (events.length === 0) throw malformed();
  return events;
}

/** A layout's lists as they are in JSON; null stays, and is refused where layouts are checked. */
function unpacked({ removed, boxes, scrolled, ...event }: Fields): Fields {
  if (removed !== undefined) event.removed = (removed as number[][] | null)?.map(([element]) => element) ?? null;
  if (boxes !== undefined) Object.assign(event, boxes ? colourPlaces(boxes as number[][]) : { boxes });
  if (scrolled !== undefined) event.scrolled = (scrolled as number[][] | null)?.map((row) => row.slice(0, 3)) ?? null;
  return event;
}

const malformed = () => new FormatError('packed', 'must be a packed text');

function parseProperties(json: string): unknown {
  try {
    const value = JSON.parse(json);
    if (value && Object.keys(value).length <= PROPERTIES_MAX) return value;
  } catch {}
  throw malformed();
}
