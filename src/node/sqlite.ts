// SQLite files of the data directory: opening them safely, what their errors mean, and the SqlDatabase that the catalog runs on.
import { rmSync } from 'node:fs';
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import { StoreUnavailable } from '../server/ports.ts';
import type { SqlDatabase, SqlStatement, SqlValue } from '../server/sql-database.ts';

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** Pages (32 MiB) of the log after which it is moved into the file: seldom, and yet not so many that commits wait for long meanwhile. */
const LOG_PAGES = 8192;

/** Another process has the file open for itself. */
export class DatabaseLocked extends Error {
  override readonly name = 'DatabaseLocked';
}

/**
 * Opens a file for this process alone; the lock goes with the process, however that ends. Throws DatabaseLocked.
 * `synchronous`: FULL where an acknowledged row must outlive a power cut, NORMAL where it can be made again.
 */
export function openDatabase(path: string, synchronous: 'FULL' | 'NORMAL'): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    // What is deleted is overwritten, so that erased data is not left in free pages.
    db.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};
      PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = ${LOG_PAGES};`);
    db.exec('BEGIN IMMEDIATE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    if (codeOf(error) === SQLITE_BUSY) throw new DatabaseLocked(`${path} is in use`, { cause: error });
    throw error;
  }
}

/** Runs `work` in a transaction: all of it is durable when this returns, or none of it and this throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // After some errors SQLite has rolled back by itself.
    }
    throw error;
  }
}

/** Moves everything to the database file and empties the log, so that what was deleted is in neither. */
export function checkpoint(db: DatabaseSync): void {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Pages that are copied in one go: others wait for a millisecond or two. */
const PAGES = 500;

/** Copies a database to a new file while others go on writing: all that is in it when this begins is in the copy. */
export async function copyDatabase(db: DatabaseSync, path: string): Promise<void> {
  await backup(db, path, { rate: PAGES });
}

export function unavailable(store: 'hot' | 'catalog', error: unknown): StoreUnavailable {
  return new StoreUnavailable(store, codeOf(error) === SQLITE_FULL, { cause: error });
}

/** The file is no database, or no longer a whole one. */
export function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** SQLite's primary result code; undefined for an error that is not SQLite's. */
function codeOf(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** The catalog's database: everything in it can be made again, so a damaged file is thrown away. */
export class SqliteDatabase implements SqlDatabase {
  private readonly path: string;
  private readonly onDamage: () => void;
  private db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  /** `onDamage` is called when a damaged file was replaced by an empty one while running: its tables must be made and filled. */
  constructor(path: string, onDamage: () => void = () => {}) {
    this.path = path;
    this.onDamage = onDamage;
    this.db = this.open();
  }

  async all(sql: string, params: SqlValue[]): Promise<Record<string, unknown>[]> {
    return this.attempt(() => this.prepare(sql).all(...params));
  }

  async run({ sql, params }: SqlStatement): Promise<{ changes: number }> {
    return this.attempt(() => {
      const before = this.totalChanges();
      this.durably(() => this.prepare(sql).run(...params));
      return { changes: this.totalChanges() - before };
    });
  }

  async batch(statements: SqlStatement[], isDurable = false): Promise<void> {
    const write = () =>
      inTransaction(this.db, () => {
        for (const { sql, params } of statements) this.prepare(sql).run(...params);
      });
    this.attempt(() => (isDurable ? this.durably(write) : write()));
  }

  checkpoint(): void {
    this.attempt(() => checkpoint(this.db));
  }

  close(): void {
    this.statements.clear();
    this.db.close();
  }

  private open(): DatabaseSync {
    try {
      const db = openDatabase(this.path, 'NORMAL');
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      return db;
    } catch (error) {
      if (!isDamage(error)) throw error;
      for (const ending of ['', '-wal', '-shm']) rmSync(this.path + ending, { force: true });
      return openDatabase(this.path, 'NORMAL');
    }
  }

  /** What is committed meanwhile is synced, and so is all that was committed before. */
  private durably(work: () => void): void {
    this.db.exec('PRAGMA synchronous = FULL');
    try {
      work();
    } finally {
      this.db.exec('PRAGMA synchronous = NORMAL');
    }
  }

  private totalChanges(): number {
    return Number(this.prepare('SELECT total_changes() AS changes').get()?.changes);
  }

  private prepare(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.db.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  private attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isDamage(error)) {
        this.close();
        for (const ending of ['', '-wal', '-shm']) rmSync(this.path + ending, { force: true });
        this.db = this.open();
        this.onDamage();
      }
      throw unavailable('catalog', error);
    }
  }
}
