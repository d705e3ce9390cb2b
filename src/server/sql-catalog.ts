// The catalog in SQL, once, for SQLite on Node and for D1: every statement of the index stands here.
import type { SessionRecord, SessionSummary } from '../format/session.ts';
import type { Catalog, CatalogQuery, CatalogRow } from './ports.ts';
import type { SqlDatabase, SqlStatement, SqlValue } from './sql-database.ts';
import { type Filter, filterOf, phrases, type Words, wordsOf } from './sql-filter.ts';

/** D1 binds at most 100 values to a statement. */
const PARAMETERS = 90;
/** More matches than this are common. */
const COMMON = 2000;
/** Of the first migration. */
const TABLES = ['session', 'session_words', 'erased', 'catalog_state'];
/** Pages of the search index that one step rewrites: some 10 ms. */
const PURGE_PAGES = 25;
const NEWEST_FIRST = 'ORDER BY started_at DESC, session_id DESC';
const OLDEST_FIRST = 'ORDER BY started_at, session_id';

export class SqlCatalog implements Catalog {
  private readonly db: SqlDatabase;
  private readonly migrations: readonly string[];
  /** A purge is under way that knows of everything removed. */
  private purging = false;

  /** `migrations`: the texts of migrations/*.sql in order. Call `prepare` before anything else. */
  constructor(db: SqlDatabase, migrations: readonly string[]) {
    this.db = db;
    this.migrations = migrations;
  }

  /** Makes tables, all anew where one is missing, and brings older ones up to date. Throws where the tables are newer than this program. */
  async prepare(): Promise<void> {
    await this.db.batch([statement('CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY)')]);
    const [row] = await this.db.all('SELECT max(number) AS number FROM migration', []);
    let done = Number(row?.number ?? 0);
    if (done > this.migrations.length) throw new Error('the catalog was made by a newer version of Silhouette');
    if (done === 0 || !(await this.isWhole())) {
      await this.drop();
      done = 0;
    }
    for (let number = done + 1; number <= this.migrations.length; number++) {
      const statements = splitStatements(this.migrations[number - 1]!).map((sql) => statement(sql));
      await this.db.batch([...statements, statement('INSERT INTO migration VALUES (?)', number)]);
    }
  }

  async reset(): Promise<void> {
    await this.drop();
    await this.prepare();
  }

  /** False where a table is missing: somebody dropped it, and what the others hold is half an index. */
  private async isWhole(): Promise<boolean> {
    const names = TABLES.map((name) => `'${name}'`).join();
    const found = await this.db.all(`SELECT name FROM sqlite_schema WHERE name IN (${names})`, []);
    return found.length === TABLES.length;
  }

  private async drop(): Promise<void> {
    await this.db.batch([
      ...TABLES.map((name) => statement(`DROP TABLE IF EXISTS ${name}`)),
      statement('DELETE FROM migration'),
    ]);
  }

  async upsert(rows: CatalogRow[]): Promise<void> {
    await this.db.batch(rows.flatMap(upsertStatements));
  }

  async list(query: CatalogQuery): Promise<{ sessions: SessionSummary[]; total: number }> {
    const words = wordsOf(query.q);
    const total = await this.count(query, words);
    const filter = filterOf(query, words, total > COMMON);
    const rows = query.after
      ? await this.after(query.after, query.limit, filter)
      : await this.page(query.offset, query.limit, total, filter);
    return { sessions: rows.map((row) => summaryOf(recordOf(row))), total };
  }

  private async count(query: CatalogQuery, words: Words): Promise<number> {
    let sql = "SELECT value AS total FROM catalog_state WHERE name = 'sessions'";
    let params: SqlValue[] = [];
    if (query.visitor_id !== undefined || words.short.length > 0) {
      const filter = filterOf(query, words, false);
      sql = `SELECT count(*) AS total FROM session ${filter.where}`;
      params = filter.params;
    } else if (words.long.length > 0) {
      sql = 'SELECT count(*) AS total FROM session_words WHERE session_words MATCH ?';
      params = [phrases(words.long)];
    }
    const [row] = await this.db.all(sql, params);
    return Number(row?.total ?? 0);
  }

  /** The rows after a given one: found by index, however far down. */
  private after(after: NonNullable<CatalogQuery['after']>, limit: number, filter: Filter) {
    const where = `${filter.where || 'WHERE 1'} AND (started_at, session_id) < (?, ?)`;
    const params = [...filter.params, after.started_at, after.session_id, limit];
    return this.db.all(`SELECT record FROM session ${where} ${NEWEST_FIRST} LIMIT ?`, params);
  }

  /** The rows at an offset: counted along the index alone, from whichever end is nearer; only the page itself is read. */
  private async page(offset: number, limit: number, total: number, filter: Filter) {
    const wanted = Math.min(limit, total - offset);
    if (wanted <= 0) return [];
    const fromOldest = offset > total / 2;
    const skip = fromOldest ? total - offset - wanted : offset;
    const ids = `SELECT id FROM session ${filter.where} ${fromOldest ? OLDEST_FIRST : NEWEST_FIRST} LIMIT ? OFFSET ?`;
    return this.db.all(`SELECT record FROM session WHERE id IN (${ids}) ${NEWEST_FIRST}`, [
      ...filter.params,
      wanted,
      skip,
    ]);
  }

  async find(sessionId: string): Promise<SessionRecord | null> {
    const [row] = await this.db.all('SELECT record FROM session WHERE session_id = ?', [sessionId]);
    return row ? recordOf(row) : null;
  }

  async visitor(visitorId: string): Promise<string[]> {
    const rows = await this.db.all('SELECT session_id FROM session WHERE visitor_id = ?', [visitorId]);
    return rows.map((row) => String(row.session_id));
  }

  async expired(before: number, limit: number): Promise<SessionRecord[]> {
    const sql = "SELECT record FROM session WHERE status = 'ended' AND kept_from < ? ORDER BY kept_from LIMIT ?";
    return (await this.db.all(sql, [before, limit])).map(recordOf);
  }

  async endedBefore(before: number): Promise<string[]> {
    const rows = await this.db.all('SELECT session_id FROM session WHERE ended_at < ?', [before]);
    return rows.map((row) => String(row.session_id));
  }

  async remove(sessionIds: string[]): Promise<number> {
    let removed = 0;
    for (const ids of portions(sessionIds)) {
      const marks = ids.map(() => '?').join();
      const rows = await this.db.all(`SELECT id FROM session WHERE session_id IN (${marks})`, ids);
      removed += rows.length;
      await this.db.batch([
        statement(
          `DELETE FROM session_words WHERE rowid IN (SELECT id FROM session WHERE session_id IN (${marks}))`,
          ...ids,
        ),
        statement(`DELETE FROM session WHERE session_id IN (${marks})`, ...ids),
        statement("INSERT OR REPLACE INTO catalog_state VALUES ('removed', 1)"),
      ]);
    }
    this.purging = false;
    return removed;
  }

  // FTS5 marks a row as deleted and keeps its words until it happens to merge what they lie in. Merging with a negative
  // number of pages begins anew, with a positive one goes on: https://sqlite.org/fts5.html#the_merge_command
  async purge(): Promise<boolean> {
    const [removed] = await this.db.all("SELECT 1 FROM catalog_state WHERE name = 'removed'", []);
    if (!removed) return false;
    const pages = this.purging ? PURGE_PAGES : -PURGE_PAGES;
    this.purging = true;
    const before = await this.changes();
    await this.db.batch([statement("INSERT INTO session_words (session_words, rank) VALUES ('merge', ?)", pages)]);
    // The command itself counts as one.
    if ((await this.changes()) - before > 1 || !this.purging) return true;
    await this.db.batch([statement("DELETE FROM catalog_state WHERE name = 'removed'")]);
    return false;
  }

  private async changes(): Promise<number> {
    return Number((await this.db.all('SELECT total_changes() AS changes', []))[0]?.changes);
  }

  async markErased(sessionIds: string[], at: number): Promise<void> {
    const sql = 'INSERT INTO erased VALUES (?, ?) ON CONFLICT (session_id) DO NOTHING';
    await this.db.batch(sessionIds.map((id) => statement(sql, id, at)));
  }

  async erasedAt(sessionId: string): Promise<number | null> {
    const [row] = await this.db.all('SELECT at FROM erased WHERE session_id = ?', [sessionId]);
    return row ? Number(row.at) : null;
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

const UPSERT = `INSERT INTO session (session_id, visitor_id, started_at, kept_from, ended_at, status, words, record)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (session_id) DO UPDATE SET kept_from = excluded.kept_from, ended_at = excluded.ended_at,
status = excluded.status, words = excluded.words, record = excluded.record`;

function upsertStatements({ record, search_text }: CatalogRow): SqlStatement[] {
  const kept_from = record.imported_at ?? record.ended_at;
  const { session_id, visitor_id, started_at, ended_at, status } = record;
  return [
    statement(
      UPSERT,
      session_id,
      visitor_id,
      started_at,
      kept_from,
      ended_at,
      status,
      search_text,
      JSON.stringify(record),
    ),
    statement(
      'INSERT OR REPLACE INTO session_words (rowid, words) SELECT id, words FROM session WHERE session_id = ?',
      session_id,
    ),
  ];
}

function statement(sql: string, ...params: SqlValue[]): SqlStatement {
  return { sql, params };
}

/** Statements of a migration: each ends with `;` at the end of a line. */
function splitStatements(text: string): string[] {
  const code = text.replace(/^\s*--.*$/gm, '');
  return code
    .split(/;\s*$/m)
    .map((sql) => sql.trim())
    .filter(Boolean);
}

function recordOf(row: Record<string, unknown>): SessionRecord {
  return JSON.parse(String(row.record)) as SessionRecord;
}

function summaryOf({ pages: _, ...summary }: SessionRecord): SessionSummary {
  return summary;
}

function* portions(ids: string[]): Generator<string[]> {
  for (let i = 0; i < ids.length; i += PARAMETERS) yield ids.slice(i, i + PARAMETERS);
}
