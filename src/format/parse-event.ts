// unknown → event: copies the known fields of one event, checked and cut, into a fresh object. Called by parse-batch, by import and by readers of objects.
import type { EventType, Geometry, PropertyValue, SentEvent, SessionEvent } from './event.ts';
import { type Fields, isLonger, number, object, oneOf, pixels, string, text, time } from './field.ts';
import { FormatError } from './format-error.ts';
import { isId, isImportedId } from './key.ts';
import { parseLayout } from './layout.ts';
import { ELEMENT_MAX, NAME_MAX, PAGE_MAX, PIXELS_MAX, PROPERTIES_MAX, PROPERTY_MAX } from './limits.ts';
import { maskElement } from './mask.ts';
import { cutUrl } from './url.ts';

/** What differs between the sources of an event. */
export interface EventSource {
  /** Query parameters that the site allows to stay. */
  params?: readonly string[];
  /** From an import: ids may be longer, a click may lack its element, points and boxes may lie anywhere. */
  imported?: boolean;
  /** Addresses and elements were cut before and stay as they are. */
  final?: boolean;
}

/** An address is cut once, not once an event: consecutive events stand on the same page. */
interface Cut {
  given: string;
  cut: string;
}

const POINTERS = ['mouse', 'touch', 'pen'] as const;
const STATES = ['visible', 'hidden'] as const;

/** A parser of the events of one batch or file; what it gives is new and holds no field but the format's. */
export function eventParser(source: EventSource = {}): (value: unknown) => SentEvent {
  const last: Cut = { given: '', cut: '' };
  const inViewport = source.imported ? pixels : edged;

  function page(value: unknown, field: string): string {
    if (value === last.given && last.cut) return last.cut;
    const given = string(value, field);
    if (isLonger(given, PAGE_MAX)) throw new FormatError(field, `must have at most ${PAGE_MAX} characters`);
    const cut = source.final && /^https?:\/\/\S+$/.test(given) ? given : cutUrl(given, source.params);
    if (cut === null) throw new FormatError(field, 'must be an http or https address');
    last.given = given;
    last.cut = text(cut, field, PAGE_MAX);
    return last.cut;
  }

  function element(value: unknown): string {
    if (value === undefined && source.imported) return '';
    const given = text(value, 'element', ELEMENT_MAX);
    return source.final ? given : maskElement(given);
  }

  // In the order in which an event is read: its id, what it is, where and when it was.
  return (value) => {
    const fields = object(value, 'event');
    const event_type = string(fields.event_type, 'event_type') as EventType;
    const own = eventId(fields.event_id);
    const id = fields.dropped === undefined ? own : { ...own, ...droppedBefore(fields) };
    const end = { page: page(fields.page, 'page'), timestamp: time(fields.timestamp, 'timestamp') };
    switch (event_type) {
      case 'mousemove':
        // Nine of ten events are these, and to spread four objects into one costs more than to check it.
        if (fields.event_id === undefined && fields.pointer === undefined && fields.dropped === undefined) {
          const { page, timestamp } = end;
          return { event_type, x: inViewport(fields.x, 'x'), y: inViewport(fields.y, 'y'), page, timestamp };
        }
        return { ...id, event_type, ...point(fields, inViewport), ...end };
      case 'click':
        return {
          ...id,
          event_type,
          ...point(fields, inViewport),
          element: element(fields.element),
          ...target(fields),
          ...end,
        };
      case 'scroll':
        return { ...id, event_type, ...scroll(fields), ...end };
      case 'page_view':
      case 'resize':
        return { ...id, event_type, ...geometry(fields), ...end };
      case 'navigation': {
        const from = fields.from === undefined ? {} : { from: page(fields.from, 'from') };
        return { ...id, event_type, ...from, ...geometry(fields), ...end };
      }
      case 'visibility_change':
        return { ...id, event_type, state: oneOf(fields.state, 'state', STATES), ...end };
      case 'error':
        return { ...id, event_type, ...failure(fields), ...end };
      case 'custom':
        return { ...id, event_type, ...custom(fields), ...end };
      case 'focus':
        return { ...id, event_type, element: element(fields.element), ...end };
      case 'layout':
        return { ...id, event_type, ...geometry(fields), ...parseLayout(fields), ...end };
      default:
        throw new FormatError('event_type', 'must be one that the format knows');
    }
  };

  function eventId(value: unknown): { event_id?: string } {
    if (value === undefined) return {};
    const isKnown = source.imported ? isImportedId : isId;
    if (isKnown(value)) return { event_id: value };
    throw new FormatError('event_id', 'must be 1 to 64 of A-Z a-z 0-9 _ -');
  }
}

/** Of a batch, and of the event that keeps it. What is no count is left out: nothing depends on it. */
export function droppedBefore({ dropped }: Fields): { dropped?: number } {
  return Number.isSafeInteger(dropped) && (dropped as number) > 0 ? { dropped: dropped as number } : {};
}

/** A place in the viewport: a pointer that is dragged out of it to the left or above is at its edge. */
function edged(value: unknown, field: string): number {
  return Math.max(0, pixels(value, field));
}

function point(fields: Fields, inViewport: typeof pixels) {
  return {
    x: inViewport(fields.x, 'x'),
    y: inViewport(fields.y, 'y'),
    ...(fields.pointer === undefined ? {} : { pointer: oneOf(fields.pointer, 'pointer', POINTERS) }),
  };
}

function target(fields: Fields) {
  const given: Partial<Extract<SessionEvent, { event_type: 'click' }>> = {};
  if (fields.element_box !== undefined) {
    const box = object(fields.element_box, 'element_box');
    given.element_box = {
      x: pixels(box.x, 'element_box.x'),
      y: pixels(box.y, 'element_box.y'),
      width: number(box.width, 'element_box.width', 0, PIXELS_MAX),
      height: number(box.height, 'element_box.height', 0, PIXELS_MAX),
    };
  }
  if (fields.element_x !== undefined) given.element_x = number(fields.element_x, 'element_x', 0, 1);
  if (fields.element_y !== undefined) given.element_y = number(fields.element_y, 'element_y', 0, 1);
  if (fields.fixed !== undefined) {
    if (typeof fields.fixed !== 'boolean') throw new FormatError('fixed', 'must be true or false');
    given.fixed = fields.fixed;
  }
  if (fields.effect_ms !== undefined) {
    given.effect_ms = fields.effect_ms === null ? null : number(fields.effect_ms, 'effect_ms', 0, 10_000);
  }
  return given;
}

function scroll(fields: Fields) {
  const given: Partial<Geometry> = {};
  if (fields.scroll_x !== undefined) given.scroll_x = pixels(fields.scroll_x, 'scroll_x');
  if (fields.scroll_y !== undefined) given.scroll_y = pixels(fields.scroll_y, 'scroll_y');
  if (fields.document_height !== undefined) {
    given.document_height = number(fields.document_height, 'document_height', 0, PIXELS_MAX);
  }
  return { scroll_percent: number(fields.scroll_percent, 'scroll_percent', 0, 100), ...given };
}

const SIZES = ['viewport_width', 'viewport_height', 'document_width', 'document_height'] as const;
const OFFSETS = ['scroll_x', 'scroll_y'] as const;

function geometry(fields: Fields): Geometry {
  const given: Geometry = {};
  for (const name of SIZES) {
    if (fields[name] !== undefined) given[name] = number(fields[name], name, 0, PIXELS_MAX);
  }
  for (const name of OFFSETS) {
    if (fields[name] !== undefined) given[name] = pixels(fields[name], name);
  }
  if (fields.device_pixel_ratio !== undefined) {
    given.device_pixel_ratio = number(fields.device_pixel_ratio, 'device_pixel_ratio', 0.01, 100);
  }
  return given;
}

function failure(fields: Fields) {
  const source = typeof fields.source === 'string' ? cutUrl(fields.source.slice(0, PAGE_MAX)) : null;
  return {
    name: maskElement(text(fields.name, 'name', NAME_MAX)),
    ...(source === null ? {} : { source: text(source, 'source', PAGE_MAX) }),
    ...(fields.line === undefined ? {} : { line: number(fields.line, 'line', 0, 1e9) }),
  };
}

function custom(fields: Fields) {
  const name = text(fields.name, 'name', NAME_MAX);
  if (name === '') throw new FormatError('name', 'must not be empty');
  if (fields.properties === undefined) return { name };
  const entries = Object.entries(object(fields.properties, 'properties'));
  if (entries.length > PROPERTIES_MAX) throw new FormatError('properties', `must be at most ${PROPERTIES_MAX}`);
  return { name, properties: Object.fromEntries(entries.map(property)) };
}

function property([name, value]: [string, unknown]): [string, PropertyValue] {
  if (name === '__proto__') throw new FormatError('properties', 'must not be named __proto__');
  const key = text(name, 'properties', NAME_MAX);
  if (typeof value === 'string') return [key, text(value, 'properties', PROPERTY_MAX)];
  if (typeof value === 'number' && Number.isFinite(value)) return [key, value + 0];
  if (typeof value === 'boolean' || value === null) return [key, value];
  throw new FormatError('properties', 'must hold texts, numbers, true, false or null');
}
