// The tables of the hot store and their statements. Used by sqlite-hot-store.ts alone.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StartError } from '../server/start-error.ts';
import { inTransaction } from './sqlite.ts';

const SCHEMA_VERSION = 1;
// A commit should write few pages. So batches lie in the order of their arrival, where neighbours share pages; names are
// indexed by the session's small number; and a session's row is left alone while it runs, but for `touched_at` now and then:
// what its batches come to is counted when they are read.
const SCHEMA = `
CREATE TABLE session (
  number INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL UNIQUE,
  touched_at INTEGER NOT NULL,
  next_object INTEGER NOT NULL,
  record TEXT NOT NULL,
  sealed_digest TEXT
);
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL,
  page_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  object INTEGER,
  accepted INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  events TEXT NOT NULL
);
CREATE UNIQUE INDEX batch_by_name ON batch (session, page_id, seq);
CREATE INDEX batch_being_sealed ON batch (session) WHERE object IS NOT NULL;
PRAGMA user_version = ${SCHEMA_VERSION};`;

/** Makes the tables on a new file. Closes it and throws where a newer version made them. */
export function prepareTables(db: DatabaseSync, path: string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version > SCHEMA_VERSION) {
    db.close();
    throw new StartError(`${path} was made by a newer version of Silhouette: start that one`);
  }
  if (version < SCHEMA_VERSION) inTransaction(db, () => db.exec(SCHEMA));
}

export function prepareStatements(db: DatabaseSync) {
  const prepare = (sql: string): StatementSync => db.prepare(sql);
  return {
    session: prepare('SELECT * FROM session WHERE session_id = ?'),
    sessions: prepare('SELECT session_id FROM session WHERE session_id > ? ORDER BY session_id LIMIT 500'),
    insertSession: prepare('INSERT INTO session VALUES (NULL, ?, ?, ?, ?, ?)'),
    touch: prepare('UPDATE session SET touched_at = ? WHERE number = ?'),
    keepSealed: prepare('UPDATE session SET record = ?, sealed_digest = ? WHERE number = ?'),
    deleteSession: prepare('DELETE FROM session WHERE number = ?'),
    idle: prepare('SELECT session_id FROM session WHERE touched_at < ? ORDER BY touched_at LIMIT ?'),
    beingSealed: prepare(`SELECT session_id FROM session
      WHERE number IN (SELECT session FROM batch WHERE object IS NOT NULL) ORDER BY touched_at LIMIT ?`),
    batches: prepare(`SELECT page_id, seq, received_at, object, accepted, rejected, events FROM batch WHERE session = ?
      ORDER BY page_id, seq`),
    insertBatch: prepare('INSERT INTO batch VALUES (NULL, ?, ?, ?, ?, NULL, ?, ?, ?, ?)'),
    plan: prepare('UPDATE batch SET object = ? WHERE session = ? AND object IS NULL'),
    planned: prepare('UPDATE session SET next_object = ? WHERE number = ?'),
    deleteObject: prepare('DELETE FROM batch WHERE session = ? AND object = ?'),
    deleteBatches: prepare('DELETE FROM batch WHERE session = ?'),
    countEvents: prepare('SELECT sum(event_count) AS events FROM batch WHERE session = ?'),
  };
}
