// The hot store's database, whose log is synced apart from its commits: off the thread where many wait for it together, at once where a write must be durable before the next step.
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { StoreUnavailable } from '../server/ports.ts';
import { checkpoint, inTransaction, openDatabase, unavailable } from './sqlite.ts';

const syncFile = promisify(fdatasync);

/** What fails throws, or rejects with, StoreUnavailable. */
export class SyncedDatabase {
  readonly db: DatabaseSync;
  /** SQLite's own file of what was committed last. */
  private readonly log: number;
  private syncing: Promise<void> | null = null;
  private isClosed = false;
  /** A sync failed: what was committed may be on the disk or not, and another sync would not tell. */
  private isDoubtful = false;
  /** The last commit or sync failed. */
  isFailing = false;

  /** `prepare` makes the tables. Throws DatabaseLocked where another process has the file, and what `prepare` throws. */
  constructor(path: string, prepare: (db: DatabaseSync) => void) {
    this.db = openDatabase(path);
    try {
      prepare(this.db);
      this.log = openSync(`${path}-wal`, 'r+');
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw unavailable('hot', error);
    }
  }

  /** Runs `work` in a transaction: all of it or nothing. It outlives this process, and a power cut once `sync` has resolved. */
  commit<T>(work: () => T): T {
    try {
      this.clearDoubt();
      return inTransaction(this.db, work);
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** Runs `work` in a transaction: all of it is durable when this returns. */
  write<T>(work: () => T): T {
    const result = this.commit(work);
    try {
      fdatasyncSync(this.log);
    } catch (error) {
      throw this.doubt(error);
    }
    this.isFailing = false;
    return result;
  }

  /** Resolves once all that was committed before the call is durable. Called again only when it has. */
  async sync(): Promise<void> {
    // Closing has made all of it durable.
    if (this.isClosed) return;
    try {
      this.clearDoubt();
    } catch (error) {
      throw this.failure(error);
    }
    this.syncing = syncFile(this.log);
    try {
      await this.syncing;
    } catch (error) {
      throw this.doubt(error);
    } finally {
      this.syncing = null;
    }
    this.isFailing = false;
  }

  /** Moves the log into the file and empties it, so that what was deleted is on the disk no more. */
  checkpoint(): void {
    this.read(() => checkpoint(this.db));
  }

  close(): void {
    this.checkpoint();
    this.db.close();
    this.isClosed = true;
    const closeLog = () => closeSync(this.log);
    if (this.syncing) this.syncing.then(closeLog, closeLog);
    else closeLog();
  }

  /** Copied from the log into the file and synced there, all of it is durable after all. */
  private clearDoubt(): void {
    if (this.isDoubtful) checkpoint(this.db);
    this.isDoubtful = false;
  }

  private doubt(error: unknown): StoreUnavailable {
    this.isDoubtful = true;
    return this.failure(error);
  }

  private failure(error: unknown): StoreUnavailable {
    this.isFailing = true;
    return unavailable('hot', error);
  }
}
