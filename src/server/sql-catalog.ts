// The catalog in SQL, once, for SQLite on Node and for D1. Called through the port `Catalog`.
import type { SessionRecord, SessionSummary } from '../format/session.ts';
import type { Catalog, CatalogQuery, CatalogRow, KeptBatch, Unfinished } from './ports.ts';
import { type SqlDatabase, type SqlStatement, statement } from './sql-database.ts';
import { keepBatch, keptBatches, keptSessions, keptSize, removeKept } from './sql-events.ts';
import { listRows } from './sql-list.ts';
import { LISTED, portions } from './sql-lists.ts';
import { prepareTables, resetTables } from './sql-schema.ts';
import { beginErasing, endErasing, erasing, keptToMove, postpone } from './sql-unfinished.ts';

/** Characters of rows that one parameter holds; D1 takes 2 MB. */
const ROWS_TEXT = 500_000;
/** Pages of the search index that one step rewrites: some 10 ms. */
const PURGE_PAGES = 25;
/** The state `removed` while a merge is under way that knows of everything removed; before it, 1. */
const MERGING = 2;

export class SqlCatalog implements Catalog {
  private readonly db: SqlDatabase;
  private readonly migrations: readonly string[];

  /** `migrations`: the texts of migrations/*.sql in order. Call `prepare` before anything else. */
  constructor(db: SqlDatabase, migrations: readonly string[]) {
    this.db = db;
    this.migrations = migrations;
  }

  /** Makes what is missing and brings older tables up to date. Throws where they are newer than this program. */
  prepare(): Promise<void> {
    return prepareTables(this.db, this.migrations);
  }

  reset(): Promise<void> {
    return resetTables(this.db, this.migrations);
  }

  async upsert(rows: CatalogRow[]): Promise<void> {
    const ended = rows.filter(({ record }) => record.status === 'ended');
    const live = rows.filter(({ record }) => record.status === 'live');
    for (const part of portionsOfRows(ended)) await this.db.batch(endedStatements(part));
    for (const part of portionsOfRows(live)) await this.db.batch(liveStatements(part));
  }

  async list(query: CatalogQuery): Promise<{ sessions: SessionSummary[]; total: number }> {
    const { rows, total } = await listRows(this.db, query);
    return { sessions: rows.map((row) => summaryOf(recordOf(row))), total };
  }

  async find(sessionId: string): Promise<SessionRecord | null> {
    const [row] = await this.db.all('SELECT record FROM session WHERE session_id = ?', [sessionId]);
    return row ? recordOf(row) : null;
  }

  async findMany(sessionIds: string[]): Promise<Map<string, SessionRecord>> {
    const found = new Map<string, SessionRecord>();
    for (const ids of portions(sessionIds)) {
      const rows = await this.db.all(`SELECT record FROM session WHERE session_id IN ${LISTED}`, [ids]);
      for (const record of rows.map(recordOf)) found.set(record.session_id, record);
    }
    return found;
  }

  async visitor(visitorId: string): Promise<string[]> {
    const rows = await this.db.all('SELECT session_id FROM session WHERE visitor_id = ?', [visitorId]);
    return rows.map((row) => String(row.session_id));
  }

  async expired(before: number, limit: number): Promise<SessionRecord[]> {
    const sql = "SELECT record FROM session WHERE status = 'ended' AND kept_from < ? ORDER BY kept_from LIMIT ?";
    return (await this.db.all(sql, [before, limit])).map(recordOf);
  }

  async expiredRunning(before: number, limit: number): Promise<SessionRecord[]> {
    const sql = "SELECT record FROM session WHERE status = 'live' AND started_at < ? AND kept_from < ? LIMIT ?";
    return (await this.db.all(sql, [before, before, limit])).map(recordOf);
  }

  async endedBefore(before: number): Promise<string[]> {
    const rows = await this.db.all('SELECT session_id FROM session WHERE ended_at < ?', [before]);
    return rows.map((row) => String(row.session_id));
  }

  async remove(sessionIds: string[]): Promise<number> {
    let removed = 0;
    for (const ids of portions(sessionIds)) {
      const rows = (table: string) => `(SELECT count(*) FROM ${table} WHERE session_id IN ${LISTED})`;
      const [found] = await this.db.all(`SELECT ${rows('session')} + ${rows('events')} AS rows`, [ids, ids]);
      removed += Number(found?.rows ?? 0);
      const own = `(SELECT id FROM session WHERE session_id IN ${LISTED})`;
      await this.db.batch([
        statement(`DELETE FROM session_words WHERE rowid IN ${own}`, ids),
        statement(`DELETE FROM session WHERE session_id IN ${LISTED}`, ids),
        statement(`DELETE FROM events WHERE session_id IN ${LISTED}`, ids),
        statement("INSERT OR REPLACE INTO catalog_state VALUES ('removed', 1)"),
      ]);
    }
    return removed;
  }

  // FTS5 marks a row as deleted and keeps its words until it happens to merge what they lie in. Merging with a negative
  // number of pages begins anew, with a positive one goes on: https://sqlite.org/fts5.html#the_merge_command
  // Which of both is due stands in the table: the next step may be another process's, and what is removed meanwhile asks to begin anew.
  async purge(): Promise<boolean> {
    const [removed] = await this.db.all("SELECT value FROM catalog_state WHERE name = 'removed'", []);
    if (!removed) return false;
    const merge = (pages: number) =>
      statement("INSERT INTO session_words (session_words, rank) VALUES ('merge', ?)", pages);
    if (Number(removed.value) !== MERGING) {
      const begins = statement("UPDATE catalog_state SET value = ? WHERE name = 'removed'", MERGING);
      await this.db.batch([begins, merge(-PURGE_PAGES)]);
      return true;
    }
    const { changes } = await this.db.run(merge(PURGE_PAGES));
    // The command itself counts as one.
    if (changes > 1) return true;
    const done = await this.db.run(
      statement("DELETE FROM catalog_state WHERE name = 'removed' AND value = ?", MERGING),
    );
    return done.changes === 0;
  }

  async markErased(sessionIds: string[], at: number): Promise<void> {
    const sql = 'INSERT INTO erased SELECT value, ? FROM json_each(?) WHERE true ON CONFLICT (session_id) DO NOTHING';
    for (const ids of portions(sessionIds)) await this.db.batch([statement(sql, at, ids)]);
  }

  async erasedAt(sessionId: string): Promise<number | null> {
    const [row] = await this.db.all('SELECT at FROM erased WHERE session_id = ?', [sessionId]);
    return row ? Number(row.at) : null;
  }

  async erasedOf(sessionIds: string[]): Promise<Set<string>> {
    const erased = new Set<string>();
    for (const ids of portions(sessionIds)) {
      const rows = await this.db.all(`SELECT session_id FROM erased WHERE session_id IN ${LISTED}`, [ids]);
      for (const row of rows) erased.add(String(row.session_id));
    }
    return erased;
  }

  keep(batch: KeptBatch): Promise<{ accepted: number; rejected: number } | null> {
    return keepBatch(this.db, batch);
  }

  keptSize(sessionId: string, since: number) {
    return keptSize(this.db, sessionId, since);
  }

  kept(sessionId: string, limit?: number): Promise<KeptBatch[]> {
    return keptBatches(this.db, sessionId, limit);
  }

  keptSessions(limit: number, after = ''): Promise<string[]> {
    return keptSessions(this.db, limit, after);
  }

  keptToMove(limit: number): Promise<string[]> {
    return keptToMove(this.db, limit);
  }

  removeKept(sessionId: string, names: { page_id: string; seq: number }[]): Promise<void> {
    return removeKept(this.db, sessionId, names);
  }

  beginErasing(sessions: Unfinished[]): Promise<void> {
    return beginErasing(this.db, sessions);
  }

  erasing(limit: number): Promise<Unfinished[]> {
    return erasing(this.db, limit);
  }

  endErasing(sessionIds: string[]): Promise<void> {
    return endErasing(this.db, sessionIds);
  }

  postpone(sessionIds: string[], at: number): Promise<void> {
    return postpone(this.db, sessionIds, at);
  }

  async complete(): Promise<boolean> {
    return (await this.db.all("SELECT 1 FROM catalog_state WHERE name = 'complete'", [])).length > 0;
  }

  async markComplete(): Promise<void> {
    await this.db.batch([statement("INSERT OR REPLACE INTO catalog_state VALUES ('complete', 1)")]);
  }

  async probe(): Promise<void> {
    await this.db.all('SELECT 1 FROM session LIMIT 1', []);
  }
}

const COLUMNS = ['session_id', 'visitor_id', 'started_at', 'kept_from', 'ended_at', 'status', 'words', 'record'];
// Checked in the same statement: nobody can erase the session in between.
const INSERT = `INSERT INTO session (${COLUMNS.join()})
SELECT ${COLUMNS.map((_, i) => `row.value ->> ${i}`).join()} FROM json_each(?) AS row
WHERE NOT EXISTS (SELECT 1 FROM erased WHERE erased.session_id = row.value ->> 0)
ON CONFLICT (session_id) DO UPDATE SET`;
const CHANGED = ['kept_from', 'ended_at', 'words', 'record'].map((name) => `${name} = excluded.${name}`).join();

function endedStatements(rows: CatalogRow[]): SqlStatement[] {
  const words = `INSERT OR REPLACE INTO session_words (rowid, words)
SELECT id, words FROM session WHERE session_id IN ${LISTED}`;
  return [statement(`${INSERT} status = 'ended', ${CHANGED}`, valuesOf(rows)), statement(words, idsOf(rows))];
}

/** A running session has no words in the index; one that came back from its objects loses them. `status` stands in indexes: it is written where it changes only. */
function liveStatements(rows: CatalogRow[]): SqlStatement[] {
  const ids = idsOf(rows);
  const wasEnded = `status = 'ended' AND session_id IN ${LISTED}`;
  return [
    statement(`DELETE FROM session_words WHERE rowid IN (SELECT id FROM session WHERE ${wasEnded})`, ids),
    statement(`${INSERT} ${CHANGED}`, valuesOf(rows)),
    statement(`UPDATE session SET status = 'live' WHERE ${wasEnded}`, ids),
  ];
}

function idsOf(rows: CatalogRow[]): string {
  return JSON.stringify(rows.map(({ record }) => record.session_id));
}

function valuesOf(rows: CatalogRow[]): string {
  const values = rows.map(({ record, search_text }) => {
    const { session_id, visitor_id, started_at, imported_at, ended_at, status } = record;
    const text = JSON.stringify(record);
    return [session_id, visitor_id, started_at, imported_at ?? ended_at, ended_at, status, search_text, text];
  });
  return JSON.stringify(values);
}

function recordOf(row: Record<string, unknown>): SessionRecord {
  return JSON.parse(String(row.record)) as SessionRecord;
}

function summaryOf({ pages: _, ...summary }: SessionRecord): SessionSummary {
  return summary;
}

function* portionsOfRows(rows: CatalogRow[]): Generator<CatalogRow[]> {
  let part: CatalogRow[] = [];
  let size = 0;
  for (const row of rows) {
    const { record, search_text } = row;
    const text = 2 * search_text.length + record.pages.reduce((sum, page) => sum + page.length, 1000);
    if (part.length > 0 && size + text > ROWS_TEXT) {
      yield part;
      part = [];
      size = 0;
    }
    part.push(row);
    size += text;
  }
  if (part.length > 0) yield part;
}
