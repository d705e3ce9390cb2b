// A data directory in which somebody was: foreign files among the objects, objects of absurd sizes, rows that make no sense. Prepared for the rows of catalogue/stored.ts.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import type { StoredBatch } from '../../src/format/batch.ts';
import type { SessionEvent } from '../../src/format/event.ts';
import { OBJECT_BYTES_MAX, SESSION_EVENTS_MAX } from '../../src/format/limits.ts';
import { encodeObject } from '../../src/format/sealed-object.ts';
import { openStores } from '../../src/node/stores.ts';
import { CatalogWriter } from '../../src/server/catalog-writer.ts';
import { reindex } from '../../src/server/reindex.ts';
import { record } from '../fixtures/batches.ts';

/** When all of them began: yesterday, so that nothing is expired. */
export const START = Date.now() - 86_400_000;
const DAY = new Date(START).toISOString().slice(0, 10).replaceAll('-', '/');
const PAGE = 'https://shop.example/';

/** The events of a session, in objects of so many. */
interface Planted {
  objects: number;
  events: number;
}

/** Sessions whose objects are as they should be, by id. */
export const SOUND: Record<string, Planted> = {
  'bystander-a': { objects: 1, events: 3 },
  'bystander-b': { objects: 3, events: 2 },
};

/** Sound as well, and of as many objects as a list of them has at most on some platforms, and of one more. */
export const LONG: Record<string, Planted> = {
  'objects-1000': { objects: 1000, events: 1 },
  'objects-1001': { objects: 1001, events: 1 },
};

export function eventsOf({ objects, events }: Planted): SessionEvent[] {
  return Array.from({ length: objects * events }, (_, i) => ({
    event_id: `p.${Math.floor(i / events)}.${i % events}`,
    event_type: 'click',
    x: i % 1000,
    y: i % events,
    element: 'A#planted',
    page: PAGE,
    timestamp: START + 10 * i,
  }));
}

/** Where the object of this number lies. */
export function pathOf(session_id: string, number: number, from = START, to = from): string {
  return `sessions/${DAY}/${session_id}/events/${String(number).padStart(6, '0')}-${from}-${to}.ndjson.gz`;
}

export function objectOf(session_id: string, object: number, batches: StoredBatch[]): string {
  const { visitor_id, country, country_estimated, browser, os, device, context } = record(session_id);
  const session = {
    session_id,
    visitor_id,
    started_at: START,
    country,
    country_estimated,
    browser,
    os,
    device,
    context,
  };
  return encodeObject({ object, session, clock_offset: 0, batches });
}

export function batchOf(seq: number, events: SessionEvent[]): StoredBatch {
  return { page_id: 'p', seq, accepted: events.length, rejected: 0, events };
}

export function plant(dataDir: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(dataDir, path)), { recursive: true });
  writeFileSync(join(dataDir, path), content);
}

function plantObjects(dataDir: string, sessions: Record<string, Planted>): void {
  for (const [id, planted] of Object.entries(sessions)) {
    const all = eventsOf(planted);
    for (let i = 0; i < planted.objects; i++) {
      const own = all.slice(i * planted.events, (i + 1) * planted.events);
      const path = pathOf(id, i + 1, own[0]!.timestamp, own.at(-1)!.timestamp);
      plant(dataDir, path, zip(objectOf(id, i + 1, [batchOf(i, own)])));
    }
  }
}

/** Files that are no objects, where objects lie. */
function plantForeign(dataDir: string): void {
  mkdirSync(join(dataDir, 'sessions/2024/01/01/x/events'), { recursive: true });
  mkdirSync(join(dataDir, 'sessions/2024/01/01/bystander-a/events/'), { recursive: true });
  mkdirSync(join(dataDir, `${pathOf('folder', 1)}/inside`), { recursive: true });
  for (const path of [
    'sessions/.DS_Store',
    'sessions/notes.txt',
    'sessions/2024/01/01/x/events/readme',
    'sessions/2024/01/01/x/0001',
    'sessions/2024/99/99/x/events/000001-0-0.ndjson.gz',
    'sessions/-2024/01/01/x/events/000001-0-0.ndjson.gz',
    'sessions/999999/01/01/x/events/000001-0-0.ndjson.gz',
    'sessions/2024/01/01/.hidden/events/000001-0-0.ndjson.gz',
    'sessions/2024/01/01/a b/events/000001-0-0.ndjson.gz',
    'sessions/2024/01/01/\u00e4\u{1f600}/events/000001-0-0.ndjson.gz',
    'sessions/2024/01/01/back\\slash/events/000001-0-0.ndjson.gz',
    'sessions/2024/01/01/line\nbreak/events/000001-0-0.ndjson.gz',
    `${pathOf('bystander-a', 2)}.tmp`,
    `${pathOf('bystander-a', 2).replace('.ndjson.gz', '.ndjson')}`,
    pathOf('bystander-a', 2).replace('000002', '2'),
    `sessions/${DAY}/bystander-a/events/evil`,
    'erasures/readme',
    'keys/readme',
    'audit/readme',
  ]) {
    plant(dataDir, path, 'none of ours');
  }
  symlinkSync('..', join(dataDir, 'sessions/2024/loop'));
  symlinkSync('../../../etc', join(dataDir, 'sessions/2024/01/out'));
  symlinkSync(join(dataDir, '../passwd'), join(dataDir, `sessions/${DAY}/bystander-a/events/000009-0-0.ndjson.gz`));
}

/** Objects with nothing, and with far too much, in them, by their sessions. */
export const ABSURD: Record<string, () => Uint8Array | string> = {
  'no-batches': () => zip(objectOf('no-batches', 1, [])),
  'no-events': () => zip(objectOf('no-events', 1, [batchOf(0, []), batchOf(1, [])])),
  'large-batch': () => zip(objectOf('large-batch', 1, [batchOf(0, eventsOf({ objects: 1, events: 10_000 }))])),
  'large-session': () => zip(headOf('large-session', 10 * SESSION_EVENTS_MAX) + '{}\n'.repeat(10 * SESSION_EVENTS_MAX)),
  bomb: () => zip(headOf('bomb', 1) + '\n'.repeat(OBJECT_BYTES_MAX)),
  'empty-file': () => '',
  'no-gzip': () => objectOf('no-gzip', 1, [batchOf(0, eventsOf({ objects: 1, events: 1 }))]),
};

const zip = (text: string) => gzipSync(text, { level: 1 });

/** The head of an object that says it has so many events. */
function headOf(session_id: string, events: number): string {
  return objectOf(session_id, 1, [batchOf(0, [])]).replace('"event_count":0', `"event_count":${events}`);
}

/** The id of a row, and what stands in it instead of what should. */
export const BAD_ROWS: Record<
  string,
  { record?: string; columns?: Record<string, string | number | Uint8Array | null> }
> = {
  'markup-in-fields': {
    record: JSON.stringify({
      ...record('markup-in-fields', { started_at: START }),
      entry_page: '<iframe srcdoc="<script>parent.__pwn()</script>">',
      started_at: '<b>',
      country: '<img src=x onerror=__pwn()>',
    }),
  },
  'no-json': { record: 'not JSON at all' },
  'half-json': { record: JSON.stringify(record('half-json')).slice(0, 80) },
  'a-list': { record: '[1,2,3]' },
  'a-null': { record: 'null' },
  'a-number': { record: '1e999' },
  'no-fields': { record: '{}' },
  bytes: { columns: { record: new Uint8Array([0xff, 0xfe, 0, 1, 2]) } },
  'another-status': { columns: { status: 'zombie' } },
  'a-start-that-is-none': { columns: { started_at: '<b>' } },
  'other-times': { columns: { ended_at: -1, kept_from: 8.64e15 } },
};

async function plantRows(dataDir: string): Promise<void> {
  const stores = await openStores(dataDir);
  await reindex(stores.ports, new CatalogWriter(stores.ports));
  // Of these the rows are written here: to read all their objects for it would take its time.
  const rows = Object.keys({ ...LONG, ...ABSURD }).map((id) => ({
    record: record(id, { started_at: START }),
    search_text: id,
  }));
  await stores.ports.catalog.fill(rows);
  stores.close();
  const db = new DatabaseSync(join(dataDir, 'catalog.db'));
  const insert = db.prepare(
    `INSERT INTO session (session_id, visitor_id, started_at, kept_from, ended_at, status, words, record)
     VALUES (?, 'bad-row', ?, ?, ?, 'ended', 'words', ?)`,
  );
  for (const [id, { record: text, columns = {} }] of Object.entries(BAD_ROWS)) {
    // Newer than all others: they are on the first page.
    insert.run(id, START + 1000, START, START, text ?? JSON.stringify(record(id, { started_at: START + 1000 })));
    for (const [name, value] of Object.entries(columns)) {
      db.prepare(`UPDATE session SET ${name} = ? WHERE session_id = ?`).run(value, id);
    }
  }
  db.close();
}

export async function plantAll(dataDir: string): Promise<void> {
  plantObjects(dataDir, SOUND);
  plantForeign(dataDir);
  await plantRows(dataDir);
  plantObjects(dataDir, LONG);
  for (const [id, make] of Object.entries(ABSURD)) plant(dataDir, pathOf(id, 1), make());
}
