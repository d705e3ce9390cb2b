// unknown → EventBatch: the body of POST /collect, after JSON.parse. Hand-written, since every batch of every visitor passes here.
import type { EventBatch } from './batch.ts';
import { decodePacked } from './decode-packed.ts';
import type { SentEvent } from './event.ts';
import { type Fields, object, text, time } from './field.ts';
import { FormatError } from './format-error.ts';
import { isId, keyStart } from './key.ts';
import { rowsOf } from './layout.ts';
import { BATCH_EVENTS_MAX, LAYOUT_BATCH_BOXES_MAX, PAGE_MAX, PARAMETERS_MAX } from './limits.ts';
import { droppedBefore, eventParser } from './parse-event.ts';
import type { SessionContext } from './session.ts';
import { cutUrl } from './url.ts';

/**
 * Checks a whole batch. Events that cannot be taken are left out and counted in `rejected`.
 * Throws FormatError naming the field where the batch itself is wrong, or where no event of it can be taken.
 */
export function parseBatch(value: unknown): EventBatch {
  const body = object(value, 'body');
  if (body.v !== 1) throw new FormatError('v', 'must be 1');
  const key_start = keyStart(body.session_key);
  for (const name of ['visitor_id', 'page_id'] as const) {
    if (!isId(body[name])) throw new FormatError(name, 'must be 1 to 64 of A-Z a-z 0-9 _ -');
  }
  if (!Number.isSafeInteger(body.seq) || (body.seq as number) < 0) {
    throw new FormatError('seq', 'must be a whole number from 0');
  }
  return {
    v: 1,
    session_key: body.session_key as string,
    key_start,
    visitor_id: body.visitor_id as string,
    page_id: body.page_id as string,
    seq: body.seq as number,
    sent_at: time(body.sent_at, 'sent_at'),
    context: body.context === undefined ? {} : parseContext(object(body.context, 'context')),
    ...droppedBefore(body),
    ...parseEvents(body, key_start),
  };
}

function parseEvents(body: Fields, key_start: number): { events: SentEvent[]; rejected: number } {
  if ((body.events === undefined) === (body.packed === undefined)) {
    throw new FormatError('events', 'must be there, or packed in its place');
  }
  const given = body.packed === undefined ? body.events : decodePacked(body.packed, key_start);
  if (!Array.isArray(given) || given.length === 0 || given.length > BATCH_EVENTS_MAX) {
    throw new FormatError('events', `must be a list of 1 to ${BATCH_EVENTS_MAX}`);
  }
  const parse = eventParser({ params: parseParams(body.params) });
  const events: SentEvent[] = [];
  let first: FormatError | undefined;
  let room = LAYOUT_BATCH_BOXES_MAX;
  for (let i = 0; i < given.length; i++) {
    try {
      const event = parse(given[i]);
      if (event.event_type === 'layout') room = roomAfter(event, room);
      events.push(event);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      first ??= new FormatError(`events[${i}].${error.field}`, error.message.slice(error.field.length + 1));
    }
  }
  if (events.length === 0 && first) throw first;
  // Kept with an event, since batches leave no other trace in the objects.
  if (events[0]) Object.assign(events[0], droppedBefore(body));
  return { events, rejected: given.length - events.length };
}

/** How many rows of layouts may follow in this batch. */
function roomAfter(event: Parameters<typeof rowsOf>[0], room: number): number {
  const rows = rowsOf(event);
  if (rows > room) throw new FormatError('boxes', `must be at most ${LAYOUT_BATCH_BOXES_MAX} rows in one batch`);
  return room - rows;
}

function parseParams(value: unknown): string[] {
  if (value === undefined) return [];
  const fits =
    Array.isArray(value) && value.length <= PARAMETERS_MAX && value.every((name) => /^[\w.~-]{1,64}$/.test(name));
  if (!fits) throw new FormatError('params', `must be at most ${PARAMETERS_MAX} names of query parameters`);
  return value;
}

/** Nothing depends on the context, so a field that makes no sense is left out instead of costing the batch. */
export function parseContext(fields: Fields): SessionContext {
  const context: SessionContext = {};
  const referrer = typeof fields.referrer === 'string' ? cutUrl(fields.referrer.slice(0, PAGE_MAX)) : null;
  if (referrer !== null) context.referrer = text(referrer, 'referrer', PAGE_MAX);
  if (typeof fields.language === 'string' && /^[A-Za-z0-9-]{1,35}$/.test(fields.language)) {
    context.language = fields.language;
  }
  if (typeof fields.timezone === 'string' && /^[A-Za-z0-9_+/-]{1,64}$/.test(fields.timezone)) {
    context.timezone = fields.timezone;
  }
  for (const name of ['screen_width', 'screen_height'] as const) {
    const size = fields[name];
    if (typeof size === 'number' && size >= 0 && size <= 100_000) context[name] = size;
  }
  return context;
}
