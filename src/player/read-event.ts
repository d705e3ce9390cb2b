// Takes one served event that nobody vouches for and gives a clean one, or null; called for every event of a recording.
import type { ClickEvent, Geometry, PointerKind, SessionEvent } from '../format/event.ts';
import { FormatError } from '../format/format-error.ts';
import { parseLayout } from '../format/layout.ts';
import { PIXELS_MAX } from '../format/limits.ts';

type Fields = Record<string, unknown>;
type Box = NonNullable<ClickEvent['element_box']>;

/** The furthest a Date reaches, ms on both sides of the epoch. */
const TIME_MAX = 8.64e15;

/** Null for what cannot be played: an unknown type, or a needed field that is missing or of another type. Optional fields that make no sense are left out. */
export function readEvent(value: unknown): SessionEvent | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Fields;
  const { event_id, page, timestamp } = fields;
  if (typeof event_id !== 'string' || typeof page !== 'string' || !isWithin(timestamp, TIME_MAX)) return null;
  const base = { event_id, page, timestamp };

  switch (fields.event_type) {
    case 'mousemove': {
      const { x, y } = fields;
      if (!isPixel(x) || !isPixel(y)) return null;
      return { ...base, event_type: 'mousemove', x, y, ...pointerOf(fields) };
    }
    case 'click':
      return readClick(base, fields);
    case 'scroll': {
      const percent = fields.scroll_percent;
      if (!isWithin(percent, PIXELS_MAX)) return null;
      return {
        ...base,
        event_type: 'scroll',
        scroll_percent: Math.min(100, Math.max(0, percent)),
        ...only('scroll_x', fields.scroll_x, isOffset),
        ...only('scroll_y', fields.scroll_y, isOffset),
        ...only('document_height', fields.document_height, isSize),
      };
    }
    case 'page_view':
      return { ...base, event_type: 'page_view', ...geometryOf(fields) };
    case 'navigation':
      return { ...base, event_type: 'navigation', ...geometryOf(fields), ...only('from', fields.from, isString) };
    case 'resize':
      return { ...base, event_type: 'resize', ...geometryOf(fields) };
    case 'visibility_change': {
      const { state } = fields;
      if (state !== 'visible' && state !== 'hidden') return null;
      return { ...base, event_type: 'visibility_change', state };
    }
    case 'error':
      if (typeof fields.name !== 'string') return null;
      return { ...base, event_type: 'error', name: fields.name };
    case 'custom':
      if (typeof fields.name !== 'string') return null;
      return { ...base, event_type: 'custom', name: fields.name };
    case 'focus':
      if (typeof fields.element !== 'string') return null;
      return { ...base, event_type: 'focus', element: fields.element };
    case 'layout':
      try {
        return { ...base, event_type: 'layout', ...geometryOf(fields), ...parseLayout(fields) };
      } catch (error) {
        if (error instanceof FormatError) return null;
        throw error;
      }
    default:
      return null;
  }
}

function readClick(base: { event_id: string; page: string; timestamp: number }, fields: Fields): ClickEvent | null {
  const { x, y, element } = fields;
  if (!isPixel(x) || !isPixel(y) || typeof element !== 'string') return null;
  return {
    ...base,
    event_type: 'click',
    x,
    y,
    element,
    ...pointerOf(fields),
    ...only('element_box', boxOf(fields.element_box), isBox),
    ...only('fixed', fields.fixed, isTrue),
    ...(fields.effect_ms === null ? { effect_ms: null } : only('effect_ms', fields.effect_ms, isOffset)),
  };
}

function boxOf(value: unknown): Box | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, y, width, height } = value as Fields;
  if (!isPixel(x) || !isPixel(y) || !isSize(width) || !isSize(height)) return undefined;
  return { x, y, width, height };
}

function pointerOf({ pointer }: Fields): { pointer?: PointerKind } {
  return pointer === 'mouse' || pointer === 'touch' || pointer === 'pen' ? { pointer } : {};
}

function geometryOf(fields: Fields): Geometry {
  return {
    ...only('viewport_width', fields.viewport_width, isSize),
    ...only('viewport_height', fields.viewport_height, isSize),
    ...only('document_width', fields.document_width, isSize),
    ...only('document_height', fields.document_height, isSize),
    ...only('scroll_x', fields.scroll_x, isOffset),
    ...only('scroll_y', fields.scroll_y, isOffset),
  };
}

function only<K extends string, T>(name: K, value: unknown, holds: (value: unknown) => value is T): { [key in K]?: T } {
  return (holds(value) ? { [name]: value } : {}) as { [key in K]?: T };
}

function isWithin(value: unknown, bound: number): value is number {
  return typeof value === 'number' && value >= -bound && value <= bound;
}

const isTrue = (value: unknown): value is true => value === true;
const isBox = (value: unknown): value is Box => value !== undefined;
const isString = (value: unknown): value is string => typeof value === 'string';
const isPixel = (value: unknown): value is number => isWithin(value, PIXELS_MAX);
const isSize = (value: unknown): value is number => isPixel(value) && value > 0;
// Safari reports negative offsets while the page is pulled past its edge; they are kept and bounded when drawn.
const isOffset = isPixel;
