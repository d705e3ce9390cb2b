// The catalog in SQL, once, for SQLite on Node and for D1. Called through the port `Catalog`.
import type { SessionRecord, SessionSummary } from '../format/session.ts';
import type {
  Catalog,
  CatalogPage,
  CatalogQuery,
  CatalogRow,
  KeptBatch,
  Known,
  Mark,
  Rebuilding,
  Unfinished,
} from './ports.ts';
import { type SqlDatabase, statement } from './sql-database.ts';
import { keepBatch, keptBatches, keptEvents, keptSessions, keptSize, removeKept } from './sql-events.ts';
import { listRows } from './sql-list.ts';
import { LISTED, portions } from './sql-lists.ts';
import { isNarrowed, listNarrowed, newestRows } from './sql-narrowed.ts';
import { LIMITS } from './sql-plan.ts';
import { ROW, recordOf, recordsOf } from './sql-record.ts';
import { endedStatements, fillStatements, liveStatements, portionsOfRows } from './sql-rows.ts';
import { prepareTables, resetTables } from './sql-schema.ts';
import { advance, known, markComplete, rebuilding } from './sql-state.ts';
import { beginErasing, endErasing, erasing, keptToMove, postpone } from './sql-unfinished.ts';
import { marksOf, unwatch, watch, watchedOf } from './sql-watched.ts';

/** Pages of the search index that one step rewrites: some 10 ms. */
const PURGE_PAGES = 25;
/** Both of FTS5. */
const SEARCHED = ['session_words', 'session_facets'];
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

  /** Makes what is missing and brings older tables up to date; true: some of the index was missing. Throws where they are newer than this program. */
  prepare(): Promise<boolean> {
    return prepareTables(this.db, this.migrations);
  }

  reset(from: Rebuilding | null = null): Promise<void> {
    return resetTables(this.db, this.migrations, from);
  }

  async upsert(rows: CatalogRow[]): Promise<void> {
    const ended = rows.filter(({ record }) => record.status === 'ended');
    const live = rows.filter(({ record }) => record.status === 'live');
    // The hot store forgets a session whose row is written, and nothing else says where its objects are.
    for (const part of portionsOfRows(ended)) await this.db.batch(endedStatements(part), true);
    for (const part of portionsOfRows(live)) await this.db.batch(liveStatements(part));
  }

  async fill(rows: CatalogRow[]): Promise<void> {
    for (const part of portionsOfRows(rows)) await this.db.batch(fillStatements(part));
  }

  async list(query: CatalogQuery): Promise<CatalogPage> {
    const page = isNarrowed(query) ? null : await listRows(this.db, query);
    if (page?.rows) return { sessions: recordsOf(page.rows).map(summaryOf), total: page.count.fit };
    const narrowed = await listNarrowed(this.db, query, LIMITS, page?.count);
    const { rows, total, isFloor, stopped, sortedOf } = narrowed;
    return {
      sessions: rows.map(({ record }) => summaryOf(record)),
      total,
      ...(isFloor && { isFloor }),
      ...(stopped && { stopped }),
      ...(sortedOf !== null && { sortedOf }),
    };
  }

  newest(query: CatalogQuery): Promise<{ rows: CatalogRow[]; isAll: boolean }> {
    return newestRows(this.db, query);
  }

  watchedOf(person: string, sessionIds: string[]): Promise<Set<string>> {
    return watchedOf(this.db, person, sessionIds);
  }

  watch(marks: Mark[]): Promise<void> {
    return watch(this.db, marks);
  }

  unwatch(marks: Mark[]): Promise<void> {
    return unwatch(this.db, marks);
  }

  marksOf(sessionIds: string[]): Promise<Mark[]> {
    return marksOf(this.db, sessionIds);
  }

  async find(sessionId: string): Promise<SessionRecord | null> {
    const [row] = await this.db.all(`SELECT ${ROW} FROM session WHERE session_id = ?`, [sessionId]);
    return row ? recordOf(row) : null;
  }

  known(sessionId: string): Promise<Known> {
    return known(this.db, sessionId);
  }

  async findMany(sessionIds: string[]): Promise<Map<string, SessionRecord>> {
    const found = new Map<string, SessionRecord>();
    for (const ids of portions(sessionIds)) {
      const rows = await this.db.all(`SELECT ${ROW} FROM session WHERE session_id IN ${LISTED}`, [ids]);
      for (const record of recordsOf(rows)) found.set(record.session_id, record);
    }
    return found;
  }

  async visitor(visitorId: string): Promise<string[]> {
    const rows = await this.db.all('SELECT session_id FROM session WHERE visitor_id = ?', [visitorId]);
    return rows.map((row) => String(row.session_id));
  }

  async expired(before: number, limit: number): Promise<SessionRecord[]> {
    const sql = `SELECT ${ROW} FROM session WHERE status = 'ended' AND kept_from < ? ORDER BY kept_from LIMIT ?`;
    return recordsOf(await this.db.all(sql, [before, limit]));
  }

  async expiredRunning(before: number, limit: number): Promise<SessionRecord[]> {
    const sql = `SELECT ${ROW} FROM session WHERE status = 'live' AND started_at < ? AND kept_from < ? LIMIT ?`;
    return recordsOf(await this.db.all(sql, [before, before, limit]));
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
    const merge = (table: string, pages: number) =>
      statement(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`, pages);
    if (Number(removed.value) !== MERGING) {
      const begins = statement("UPDATE catalog_state SET value = ? WHERE name = 'removed'", MERGING);
      await this.db.batch([begins, ...SEARCHED.map((table) => merge(table, -PURGE_PAGES))]);
      return true;
    }
    for (const table of SEARCHED) {
      const { changes } = await this.db.run(merge(table, PURGE_PAGES));
      // The command itself counts as one.
      if (changes > 1) return true;
    }
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

  keptEvents(sessionIds: string[]): Promise<Map<string, number>> {
    return keptEvents(this.db, sessionIds);
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

  rebuilding(): Promise<Rebuilding | null> {
    return rebuilding(this.db);
  }

  advance(to: Rebuilding): Promise<void> {
    return this.db.batch([advance(to)]);
  }

  markComplete(): Promise<void> {
    return this.db.batch([markComplete()]);
  }

  async probe(): Promise<void> {
    await this.db.all('SELECT 1 FROM session LIMIT 1', []);
  }
}

function summaryOf({ pages: _pages, findings: _findings, ...summary }: SessionRecord): SessionSummary {
  return summary;
}
