// The catalog's tables: made where they are missing, by several processes at once if need be. Called by sql-catalog.ts.
import type { Rebuilding } from './ports.ts';
import { type SqlDatabase, type SqlStatement, statement } from './sql-database.ts';
import { markIncomplete } from './sql-state.ts';
import { StartError } from './start-error.ts';

/** What `reset` drops. */
const ROW_TABLES = ['session', 'session_words', 'session_facts', 'session_facets', 'watched', 'catalog_state'];
/** All of it can be made anew. */
const INDEX_TABLES = [...ROW_TABLES, 'erased'];
/** What cannot. */
const OTHER_TABLES = ['migration', 'events', 'running', 'erasing', 'postponed', 'counter'];

/**
 * Brings the tables up to date. It never drops one: what another process made meanwhile stays. Where a table of the index was
 * missing, which is then the answer, the others are half an index: it is no longer complete. Throws StartError where the tables are
 * newer than this program.
 */
export async function prepareTables(db: SqlDatabase, migrations: readonly string[]): Promise<boolean> {
  const present = await tablesOf(db);
  const known = present.has('migration') ? await db.all('SELECT max(number) AS number FROM migration', []) : [];
  const done = Number(known[0]?.number ?? 0);
  if (done > migrations.length)
    throw new StartError('The catalog was made by a newer version of Silhouette: start that one.');
  const isHalf = INDEX_TABLES.some((name) => !present.has(name));
  if (OTHER_TABLES.every((name) => present.has(name)) && !isHalf && done === migrations.length) return false;
  const numbers = migrations.map((_, i) => statement('INSERT OR IGNORE INTO migration VALUES (?)', i + 1));
  await db.batch([
    statement('CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY)'),
    ...migrations.flatMap(statementsOf),
    ...numbers,
    ...(isHalf ? [markIncomplete(null)] : []),
  ]);
  return isHalf;
}

/** Drops the rows of the index and makes their tables anew. */
export async function resetTables(
  db: SqlDatabase,
  migrations: readonly string[],
  from: Rebuilding | null,
): Promise<void> {
  await db.batch([
    ...ROW_TABLES.map((name) => statement(`DROP TABLE IF EXISTS ${name}`)),
    ...migrations.flatMap(statementsOf),
    markIncomplete(from),
  ]);
}

async function tablesOf(db: SqlDatabase): Promise<Set<string>> {
  const names = [...INDEX_TABLES, ...OTHER_TABLES].map((name) => `'${name}'`).join();
  const found = await db.all(`SELECT name FROM sqlite_schema WHERE name IN (${names})`, []);
  return new Set(found.map((row) => String(row.name)));
}

/** Statements of a migration: each ends with `;` at the end of a line. */
function statementsOf(text: string): SqlStatement[] {
  const code = text.replace(/^\s*--.*$/gm, '');
  return code
    .split(/;\s*$/m)
    .map((sql) => sql.trim())
    .filter(Boolean)
    .map((sql) => statement(sql));
}
