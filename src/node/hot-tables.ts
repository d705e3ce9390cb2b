// The tables of the hot store, their statements, and how rows become sessions and batches. Used by sqlite-hot-store.ts alone.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Digest, emptyDigest } from '../analysis/digest.ts';
import type { StoredBatch } from '../format/batch.ts';
import { decodeEvents } from '../server/hot-rows.ts';
import { decodeDigest } from '../server/hot-session.ts';
import type { HotSession } from '../server/ports.ts';
import { inTransaction } from './sqlite.ts';

const SCHEMA_VERSION = 1;
// The session row is written with every batch, so what changes comes first and the text, which does not, last.
// Batches lie in the order of their arrival: what one transaction adds are neighbours, and few pages are written.
const SCHEMA = `
CREATE TABLE session (
  session_id TEXT PRIMARY KEY,
  touched_at INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  byte_count INTEGER NOT NULL,
  next_object INTEGER NOT NULL,
  record TEXT NOT NULL,
  sealed_digest TEXT
) WITHOUT ROWID;
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL,
  page_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  object INTEGER,
  accepted INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  events TEXT NOT NULL
);
CREATE UNIQUE INDEX batch_by_name ON batch (session_id, page_id, seq);
CREATE INDEX batch_being_sealed ON batch (session_id) WHERE object IS NOT NULL;
PRAGMA user_version = ${SCHEMA_VERSION};`;

export interface BatchRow {
  page_id: string;
  seq: number;
  object: number | null;
  accepted: number;
  rejected: number;
  events: string;
}

/** Makes the tables on a new file. Closes it and throws where a newer version made them. */
export function prepareTables(db: DatabaseSync, path: string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version > SCHEMA_VERSION) {
    db.close();
    throw new Error(`${path} was made by a newer version of Silhouette: start that one`);
  }
  if (version < SCHEMA_VERSION) inTransaction(db, () => db.exec(SCHEMA));
}

export function prepareStatements(db: DatabaseSync) {
  const prepare = (sql: string): StatementSync => db.prepare(sql);
  return {
    session: prepare('SELECT * FROM session WHERE session_id = ?'),
    sessions: prepare('SELECT * FROM session WHERE session_id > ? ORDER BY session_id LIMIT 500'),
    insertSession: prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)'),
    updateSession: prepare('UPDATE session SET touched_at = ?, event_count = ?, byte_count = ? WHERE session_id = ?'),
    keepSealed: prepare('UPDATE session SET record = ?, sealed_digest = ? WHERE session_id = ?'),
    deleteSession: prepare('DELETE FROM session WHERE session_id = ?'),
    idle: prepare(`SELECT session_id FROM session WHERE touched_at < ?
      OR session_id IN (SELECT session_id FROM batch WHERE object IS NOT NULL) ORDER BY touched_at LIMIT ?`),
    batches: prepare(`SELECT page_id, seq, object, accepted, rejected, events FROM batch WHERE session_id = ?
      ORDER BY page_id, seq`),
    insertBatch: prepare('INSERT INTO batch VALUES (NULL, ?, ?, ?, NULL, ?, ?, ?, ?)'),
    plan: prepare('UPDATE batch SET object = ? WHERE session_id = ? AND object IS NULL'),
    planned: prepare('UPDATE session SET next_object = ? WHERE session_id = ?'),
    deleteObject: prepare('DELETE FROM batch WHERE session_id = ? AND object = ?'),
    deleteBatches: prepare('DELETE FROM batch WHERE session_id = ?'),
    countEvents: prepare('SELECT sum(event_count) AS events FROM batch WHERE session_id = ?'),
    // Writes the file's first page, though nothing in it changes.
    probe: prepare(`PRAGMA user_version = ${SCHEMA_VERSION}`),
  };
}

export function batchOf({ page_id, seq, accepted, rejected, events }: BatchRow): StoredBatch {
  return { page_id, seq, accepted, rejected, events: decodeEvents(page_id, seq, events) };
}

/** What of a session no batch changes. */
export function recordText(session: HotSession): string {
  const { session_id, touched_at, event_count, byte_count, next_object, ...record } = session;
  return JSON.stringify(record);
}

export function sessionOf(row: Record<string, unknown>): HotSession {
  const { record, sealed_digest, ...columns } = row;
  return { ...JSON.parse(String(record)), ...columns };
}

/** What the batches that lie in objects already come to. */
export function sealedDigestOf(row: Record<string, unknown>): Digest {
  return typeof row.sealed_digest === 'string' ? decodeDigest(row.sealed_digest) : emptyDigest();
}
