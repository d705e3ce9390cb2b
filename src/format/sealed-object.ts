// An object: some batches of one session as NDJSON, a header line and then their events. Written at seal and import, read by everyone.
//
//   {"kind":"object","v":1,"object":1,"session":{"session_id":"…","started_at":1708617600000,…},
//    "batches":[{"page_id":"p1","seq":0,"accepted":2,"rejected":0,"event_count":2}]}
//   {"event_id":"p1.0.0","event_type":"page_view","page":"https://example.com/","timestamp":1708617600000}
//   {"event_id":"p1.0.1","event_type":"click","x":450,"y":320,…}
import type { StoredBatch } from './batch.ts';
import type { SessionEvent } from './event.ts';
import { number, object, string, time } from './field.ts';
import { FormatError } from './format-error.ts';
import { SESSION_EVENTS_MAX } from './limits.ts';
import { parseGap, parseOrigin } from './origin.ts';
import { eventParser } from './parse-event.ts';
import type { Gap, SessionOrigin } from './session.ts';

/** What a header says beside its batches: enough to rebuild the catalog from objects alone. */
export interface ObjectHeader {
  /** 1, 2, 3 … in the session. */
  object: number;
  session: SessionOrigin;
  /** ms that were added to the visitor's times. */
  clock_offset: number;
  /** Stretches that were missing already when the session was imported. */
  gaps?: Gap[];
}

export interface SealedObject extends ObjectHeader {
  batches: StoredBatch[];
}

/** The text of an object: the same batches in the same order give the same bytes. */
export function encodeObject({ batches, ...header }: SealedObject): string {
  const names = batches.map(({ events, ...batch }) => ({ ...batch, event_count: events.length }));
  const lines = [JSON.stringify({ kind: 'object', v: 1, ...header, batches: names })];
  for (const batch of batches) for (const event of batch.events) lines.push(JSON.stringify(event));
  return `${lines.join('\n')}\n`;
}

type BatchName = Omit<StoredBatch, 'events'> & { event_count: number };

/** The header alone, checked. Throws FormatError. */
export function parseObjectHeader(text: string): ObjectHeader & { batches: BatchName[] } {
  const header = object(parseLine(text.slice(0, lineEnd(text)), 'header'), 'header');
  if (header.kind !== 'object' || header.v !== 1) throw new FormatError('header', 'must be that of an object');
  const session = parseOrigin(object(header.session, 'session'));
  const { started_at } = session;
  if (started_at === null) throw new FormatError('started_at', 'must be there');
  return {
    object: count(header.object, 'object'),
    session: { ...session, started_at },
    clock_offset: time(header.clock_offset, 'clock_offset'),
    ...(header.gaps === undefined ? {} : { gaps: list(header.gaps, 'gaps').map(parseGap) }),
    batches: list(header.batches, 'batches').map(parseName),
  };
}

function parseName(value: unknown): BatchName {
  const name = object(value, 'batches');
  return {
    page_id: string(name.page_id, 'page_id'),
    seq: count(name.seq, 'seq'),
    accepted: count(name.accepted, 'accepted'),
    rejected: count(name.rejected, 'rejected'),
    event_count: count(name.event_count, 'event_count'),
  };
}

function count(value: unknown, field: string): number {
  return number(value, field, 0, Number.MAX_SAFE_INTEGER);
}

function list(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw new FormatError(field, 'must be a list');
  return value;
}

/**
 * A whole object. Events that make no sense are gaps; where the number of lines is not what the header says,
 * the object was cut or joined and FormatError is thrown, as it is for more events than a session may have. `choose` tells which lines
 * of events are wanted; the others are left out unread.
 */
export function parseObject(text: string, choose?: (lines: readonly string[]) => boolean[]): SealedObject {
  const { batches: names, ...header } = parseObjectHeader(text);
  const expected = names.reduce((sum, batch) => sum + batch.event_count, 0);
  if (expected > SESSION_EVENTS_MAX) throw new FormatError('events', `must be at most ${SESSION_EVENTS_MAX}`);
  const body = text.slice(lineEnd(text) + 1).trimEnd();
  const lines = body === '' ? [] : body.split('\n');
  const chosen = choose?.(lines);
  const wanted = chosen ? lines.filter((_, i) => chosen[i]) : lines;
  const values = list(parseLine(`[${wanted.join()}]`, 'events'), 'events');
  if (lines.length !== expected || values.length !== wanted.length) {
    throw new FormatError('events', 'must be as many as the header says');
  }
  const parse = eventParser({ imported: true, final: true });
  const events = values.map((value) => sensible(parse, value));
  const damaged = gapsIn(events, header.session.started_at);
  let line = 0;
  let at = 0;
  const batches = names.map(({ event_count, ...batch }) => {
    const from = at;
    for (const end = line + event_count; line < end; line++) if (!chosen || chosen[line]) at++;
    return { ...batch, events: events.slice(from, at).filter((event) => event !== null) };
  });
  return { ...header, ...(damaged.length > 0 ? { gaps: [...(header.gaps ?? []), ...damaged] } : {}), batches };
}

/** The event, or null: one bad line costs itself only. */
function sensible(parse: (value: unknown) => unknown, value: unknown): SessionEvent | null {
  try {
    const event = parse(value) as SessionEvent;
    return event.event_id === undefined ? null : event;
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

/** Where events are missing: from the one before to the one after. */
function gapsIn(events: (SessionEvent | null)[], start: number): Gap[] {
  const gaps: Gap[] = [];
  let last = start;
  let gap: Gap | null = null;
  for (const event of events) {
    if (event === null) {
      gap ??= { from: last, to: last, reason: 'damaged' };
      continue;
    }
    last = event.timestamp;
    if (gap) gaps.push({ ...gap, from: Math.min(gap.from, last), to: last });
    gap = null;
  }
  return gap ? [...gaps, gap] : gaps;
}

function lineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}

function parseLine(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormatError(field, 'must be JSON');
  }
}
