// An object: some batches of one session as NDJSON, a header line and then their events. Written at seal and import, read by everyone.
//
//   {"kind":"object","v":1,"object":1,"session":{"session_id":"…","started_at":1708617600000,…},
//    "batches":[{"page_id":"p1","seq":0,"accepted":2,"rejected":0,"event_count":2}]}
//   {"event_id":"p1.0.0","event_type":"page_view","page":"https://example.com/","timestamp":1708617600000}
//   {"event_id":"p1.0.1","event_type":"click","x":450,"y":320,…}
import type { StoredBatch } from './batch.ts';
import type { SessionEvent } from './event.ts';
import { type Fields, object, string } from './field.ts';
import { FormatError } from './format-error.ts';
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

/** The header alone, checked. Throws FormatError. */
export function parseObjectHeader(
  text: string,
): ObjectHeader & { batches: (Omit<StoredBatch, 'events'> & { event_count: number })[] } {
  const header = object(parseLine(text.slice(0, lineEnd(text)), 'header'), 'header');
  if (header.kind !== 'object' || header.v !== 1) throw new FormatError('header', 'must be that of an object');
  const session = object(header.session, 'header.session');
  string(session.session_id, 'header.session.session_id');
  if (!Array.isArray(header.batches)) throw new FormatError('header.batches', 'must be a list');
  return header as unknown as ReturnType<typeof parseObjectHeader>;
}

/**
 * A whole object. Events that make no sense are left out; where the number of lines is not what the header says,
 * the object was cut or joined and FormatError is thrown.
 */
export function parseObject(text: string): SealedObject {
  const { batches: names, ...header } = parseObjectHeader(text);
  const lines = text.slice(lineEnd(text) + 1).trimEnd();
  const values = parseLine(`[${lines.replaceAll('\n', ',')}]`, 'events') as unknown[];
  const expected = names.reduce((sum, batch) => sum + batch.event_count, 0);
  if (values.length !== expected) throw new FormatError('events', 'must be as many as the header says');
  const parse = eventParser({ imported: true, final: true });
  let at = 0;
  const batches = names.map(({ event_count, ...batch }) => {
    const events = values.slice(at, at + event_count).flatMap((value) => sensible(parse, value));
    at += event_count;
    return { ...batch, events };
  });
  return { ...header, batches };
}

/** The event, or none: one bad line costs itself only. */
export function sensible(parse: (value: unknown) => unknown, value: unknown): SessionEvent[] {
  try {
    const event = parse(value) as SessionEvent;
    return event.event_id === undefined ? [] : [event];
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

function lineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}

function parseLine(text: string, field: string): unknown {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    throw new FormatError(field, 'must be JSON');
  }
}
