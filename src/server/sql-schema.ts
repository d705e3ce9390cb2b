// The catalog's tables: made where they are missing, by several processes at once if need be. Called by sql-catalog.ts.
import { type SqlDatabase, type SqlStatement, statement } from './sql-database.ts';

/** What `reset` drops: all of it can be made anew. */
const INDEX_TABLES = ['session', 'session_words', 'erased', 'catalog_state'];

/**
 * Brings the tables up to date. It never drops one: what another process made meanwhile stays. Where a table of the index was
 * missing, the others are half an index: it is no longer complete. Throws where the tables are newer than this program.
 */
export async function prepareTables(db: SqlDatabase, migrations: readonly string[]): Promise<void> {
  const present = await tablesOf(db);
  const known = present.has('migration') ? await db.all('SELECT max(number) AS number FROM migration', []) : [];
  const done = Number(known[0]?.number ?? 0);
  if (done > migrations.length) throw new Error('the catalog was made by a newer version of Silhouette');
  const missing = INDEX_TABLES.filter((name) => !present.has(name));
  if (missing.length === 0 && done === migrations.length) return;
  const numbers = migrations.map((_, i) => statement('INSERT OR IGNORE INTO migration VALUES (?)', i + 1));
  await db.batch([
    statement('CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY)'),
    ...migrations.flatMap(statementsOf),
    ...numbers,
    ...(missing.length > 0 ? [statement("DELETE FROM catalog_state WHERE name = 'complete'")] : []),
  ]);
}

/** Drops the index and makes it anew. */
export async function resetTables(db: SqlDatabase, migrations: readonly string[]): Promise<void> {
  await db.batch([
    ...INDEX_TABLES.map((name) => statement(`DROP TABLE IF EXISTS ${name}`)),
    ...migrations.flatMap(statementsOf),
  ]);
}

async function tablesOf(db: SqlDatabase): Promise<Set<string>> {
  const names = ['migration', ...INDEX_TABLES].map((name) => `'${name}'`).join();
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
