// The objects of one session: their keys, gzip, and what is missing where one cannot be read. Called by read, seal, erase, reindex and import.
import { digestOf } from '../analysis/digest.ts';
import { searchText, summarize } from '../analysis/summary.ts';
import { FormatError } from '../format/format-error.ts';
import { encodeObject, parseObject, type SealedObject } from '../format/sealed-object.ts';
import type { Gap } from '../format/session.ts';
import { orderEvents, uniqueBatches } from './order.ts';
import type { CatalogRow, ObjectStore } from './ports.ts';

export const SESSIONS_PREFIX = 'sessions/';

/** `sessions/YYYY/MM/DD/{session_id}/`, of the UTC day of the session's start. */
function sessionPrefix(sessionId: string, startedAt: number): string {
  const [date] = new Date(startedAt).toISOString().split('T') as [string];
  // Before the year 0 and after 9999 a sign leads, which is no separator.
  return `${SESSIONS_PREFIX}${date.replace('+', '').replace(/(?<=\d)-/g, '/')}/${sessionId}/`;
}

/** The key tells the object's number and time range, so that a damaged one is a gap of known length. */
function objectKey(object: SealedObject): string {
  const { session } = object;
  const times = object.batches.flatMap((batch) => batch.events.map((event) => event.timestamp));
  const from = times.reduce((a, b) => Math.min(a, b), times[0] ?? session.started_at);
  const to = times.reduce((a, b) => Math.max(a, b), from);
  const number = String(object.object).padStart(6, '0');
  return `${sessionPrefix(session.session_id, session.started_at)}events/${number}-${from}-${to}.ndjson.gz`;
}

const KEY =
  /^sessions\/(-?\d{4,6})\/(\d\d)\/(\d\d)\/([A-Za-z0-9_.-]{1,128})\/events\/(\d{6,9})-(-?\d+)-(-?\d+)\.ndjson\.gz$/;

/** What a key says, times in epoch ms (`day`: that of the prefix); null for a key that no object of ours has. */
export function parseObjectKey(key: string) {
  const parts = KEY.exec(key);
  if (!parts) return null;
  const [year, month, date, session_id, object, from, to] = parts.slice(1) as [string, ...string[]];
  const day = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(date));
  return { session_id: session_id!, day, object: Number(object), from: Number(from), to: Number(to) };
}

/** Puts an object; false if it was there before. */
export async function putObject(objects: ObjectStore, object: SealedObject): Promise<boolean> {
  return objects.putIfAbsent(objectKey(object), await gzip(encodeObject(object)));
}

/** One readable object, or the gap that a damaged one leaves; null: there is no such object. */
async function getObject(objects: ObjectStore, key: string): Promise<SealedObject | Gap | null> {
  const named = parseObjectKey(key);
  if (!named) return null;
  const body = await objects.get(key);
  if (!body) return null;
  try {
    const object = parseObject(await gunzip(body));
    if (object.session.session_id !== named.session_id || object.object !== named.object) {
      throw new FormatError('header', 'must be that of this key');
    }
    return object;
  } catch {
    return { from: named.from, to: named.to, reason: 'damaged' };
  }
}

function isGap(object: SealedObject | Gap): object is Gap {
  return 'reason' in object;
}

/** All objects of a session in their order, with the gaps that damaged or missing ones leave. */
export async function getObjects(
  store: ObjectStore,
  sessionId: string,
  startedAt: number,
): Promise<{ objects: SealedObject[]; gaps: Gap[]; next_object: number }> {
  const objects: SealedObject[] = [];
  const gaps: Gap[] = [];
  let next_object = 1;
  let read = startedAt;
  for await (const key of store.list(`${sessionPrefix(sessionId, startedAt)}events/`)) {
    const object = await getObject(store, key);
    if (object === null) continue;
    const named = parseObjectKey(key)!;
    if (named.object > next_object) gaps.push({ from: Math.min(read, named.from), to: named.from, reason: 'lost' });
    next_object = named.object + 1;
    read = named.to;
    if (isGap(object)) gaps.push(object);
    else objects.push(object);
  }
  return { objects, gaps, next_object };
}

/** The catalog's row of a session that lies in objects; null: not one of them can be read. `at`: any time on the day of its start. */
export async function sealedRow(store: ObjectStore, sessionId: string, at: number): Promise<CatalogRow | null> {
  const { objects } = await getObjects(store, sessionId, at);
  const origin = objects[0]?.session;
  if (!origin) return null;
  const digest = digestOf(orderEvents(uniqueBatches(objects.flatMap((object) => object.batches))));
  return { record: summarize(origin, digest, 'ended'), search_text: searchText(origin, digest) };
}

/** Objects deleted in one call: the most that R2 takes. */
const KEYS = 1000;

/** How many there were. */
export async function deleteObjects(store: ObjectStore, sessionId: string, startedAt: number): Promise<number> {
  let deleted = 0;
  let keys: string[] = [];
  for await (const key of store.list(sessionPrefix(sessionId, startedAt))) {
    keys.push(key);
    if (keys.length < KEYS) continue;
    deleted += await store.delete(keys);
    keys = [];
  }
  return keys.length > 0 ? deleted + (await store.delete(keys)) : deleted;
}

export async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function gunzip(body: Uint8Array): Promise<string> {
  const stream = new Blob([body as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}
