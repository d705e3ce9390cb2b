// The objects of one session: their keys, gzip, and what is missing where one cannot be read. Called by read, seal, erase, reindex and import.
import { addEvents, type Digest, emptyDigest } from '../analysis/digest.ts';
import { Acts } from '../analysis/signals/acts.ts';
import { findSignals } from '../analysis/signals/find.ts';
import { searchText, summarize } from '../analysis/summary.ts';
import type { StoredBatch } from '../format/batch.ts';
import { OBJECT_BYTES_MAX } from '../format/limits.ts';
import { encodeObject, parseObject, type SealedObject } from '../format/sealed-object.ts';
import type { Gap, SessionOrigin } from '../format/session.ts';
import { bytesOf } from './admission.ts';
import { counting } from './bodies.ts';
import { type CatalogRow, type ObjectStore, ObjectUnreadable, type Ports } from './ports.ts';
import type { Stretch } from './session-part.ts';
import { thresholdsOf } from './signals-setting.ts';

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

/** What lies under one key of a session. */
export interface Part {
  number: number;
  /** Null: it is damaged. */
  object: SealedObject | null;
  /** Stretches that are missing before it, and its own where it is damaged. */
  gaps: Gap[];
}

/** Bodies that are fetched ahead: each is one object, gzipped. */
const AHEAD = 4;
/** Objects of a session that are read once more where they seem damaged: an answer may have broken off. */
const READ_AGAIN = 4;

/**
 * The objects of a session one after the other, so that only one is in memory; `startedAt`: any time on the day of its start. Of more
 * than `most` only the first ones and the last. `stretch`: only what shows that, and no word of what else is missing.
 */
export async function* readObjects(
  store: ObjectStore,
  sessionId: string,
  startedAt: number,
  most = Number.POSITIVE_INFINITY,
  stretch: Stretch | null = null,
): AsyncGenerator<Part> {
  const found: string[] = [];
  for await (const key of store.list(`${sessionPrefix(sessionId, startedAt)}events/`)) {
    const named = parseObjectKey(key);
    if (named && !(stretch && named.from > stretch.to)) found.push(key);
  }
  // The newest tells when the session ended.
  const keys = found.length > most ? [...found.slice(0, most - 1), found.at(-1)!] : found;
  const bodies = new Map<string, Promise<Uint8Array | null>>();
  const fetchNext = (i: number) => {
    const key = keys[i];
    if (key === undefined) return;
    const body = store.get(key);
    // The error is for whoever comes to this key.
    body.catch(() => {});
    bodies.set(key, body);
  };
  for (let i = 0; i < AHEAD; i++) fetchNext(i);
  let next = 1;
  let read = startedAt;
  let again = READ_AGAIN;
  for (const [i, key] of keys.entries()) {
    const named = parseObjectKey(key)!;
    let object = await openObject(bodies.get(key)!, named, stretch);
    bodies.delete(key);
    fetchNext(i + AHEAD);
    if (object === 'damaged' && again-- > 0) object = await openObject(store.get(key), named, stretch);
    if (!object) continue;
    const gaps: Gap[] = [];
    if (named.object > next && !stretch)
      gaps.push({ from: Math.min(read, named.from), to: named.from, reason: 'lost' });
    next = named.object + 1;
    read = named.to;
    if (object === 'damaged') gaps.push({ from: named.from, to: named.to, reason: 'damaged' });
    yield { number: named.object, object: object === 'damaged' ? null : object, gaps };
  }
}

/** Null: it is not there. */
async function openObject(
  asked: Promise<Uint8Array | null>,
  named: { session_id: string; object: number },
  stretch: Stretch | null,
): Promise<SealedObject | 'damaged' | null> {
  const body = await asked.catch((error: unknown) => {
    if (error instanceof ObjectUnreadable) return new Uint8Array();
    throw error;
  });
  if (!body) return null;
  try {
    const object = parseObject(await gunzip(body), stretch ? (lines) => stretch.choose(lines) : undefined);
    const isNamed = object.session.session_id === named.session_id && object.object === named.object;
    return isNamed ? object : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** What a session's objects come to, each event once. */
export interface SealedSum {
  /** Of the first readable object; null: there is none. */
  origin: SessionOrigin | null;
  /** Of the last readable one. */
  newest: Pick<SealedObject, 'session' | 'clock_offset'> | null;
  next_object: number;
  batches: Omit<StoredBatch, 'events'>[];
  /** Ids that clients chose themselves. */
  client_ids: string[];
  event_count: number;
  byte_count: number;
  digest: Digest;
}

/** `most`: see `readObjects`; `acts`: to which the events are added. */
export async function sumObjects(
  store: ObjectStore,
  sessionId: string,
  startedAt: number,
  most?: number,
  acts?: Acts,
): Promise<SealedSum> {
  const sum: SealedSum = {
    origin: null,
    newest: null,
    next_object: 1,
    batches: [],
    client_ids: [],
    event_count: 0,
    byte_count: 0,
    digest: emptyDigest(),
  };
  const names = new Set<string>();
  const ids = new Set<string>();
  for await (const { number, object } of readObjects(store, sessionId, startedAt, most)) {
    sum.next_object = number + 1;
    if (!object) continue;
    const { session, clock_offset } = object;
    sum.origin ??= session;
    sum.newest = { session, clock_offset };
    for (const { events, ...name } of object.batches) {
      const text = `${name.page_id}.${name.seq}`;
      if (names.has(text)) continue;
      names.add(text);
      sum.batches.push(name);
      const own = events.filter(({ event_id }) => !ids.has(event_id));
      for (const { event_id } of own) {
        ids.add(event_id);
        if (!event_id.includes('.')) sum.client_ids.push(event_id);
      }
      addEvents(sum.digest, own);
      acts?.add(own);
      sum.event_count += own.length;
      sum.byte_count += bytesOf(own);
    }
  }
  return sum;
}

/** The catalog's row of a session that lies in objects; null: not one of them can be read. `at`: any time on the day of its start; `most`: see `readObjects`. */
export async function sealedRow(
  ports: Pick<Ports, 'objects' | 'thresholds'>,
  sessionId: string,
  at: number,
  most?: number,
): Promise<CatalogRow | null> {
  const acts = new Acts();
  const { origin, digest } = await sumObjects(ports.objects, sessionId, at, most, acts);
  if (!origin) return null;
  const findings = findSignals(acts, thresholdsOf(ports), true);
  return { record: summarize(origin, digest, 'ended', findings), search_text: searchText(origin, digest) };
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

/** Rejects for what is no gzip, or more than an object may be. */
export async function gunzip(body: Uint8Array): Promise<string> {
  let bytes = 0;
  const counted = counting((more) => {
    bytes += more;
    if (bytes > OBJECT_BYTES_MAX) throw new RangeError('an object is not as large');
  });
  const inflated = new Blob([body as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(inflated.pipeThrough(counted)).text();
}
