// The stores of a data directory, opened for this process alone. Called by main.ts, and by cli.ts where no server runs.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { THRESHOLDS, type Thresholds } from '../analysis/signals/thresholds.ts';
import { MIGRATIONS } from '../generated/migrations.ts';
import type { Ports } from '../server/ports.ts';
import { SqlCatalog } from '../server/sql-catalog.ts';
import { StartError } from '../server/start-error.ts';
import { FolderObjectStore } from './folder.ts';
import { MachineClock } from './machine-clock.ts';
import { snapshot } from './snapshot.ts';
import { DatabaseLocked, isDamage, SqliteDatabase } from './sqlite.ts';
import { SqliteHotStore } from './sqlite-hot-store.ts';

/** While it lies in the directory, what a restore has begun to put there is not whole. */
export const UNFINISHED_RESTORE = 'restoring.db';

export interface Stores {
  ports: Ports;
  /** Writes what is in no object yet to a folder, see snapshot.ts. */
  snapshot(folder: string): Promise<void>;
  /** Empties the logs of both databases: what was deleted is on the disk no more. */
  checkpoint(): void;
  close(): void;
}

/**
 * Throws DatabaseLocked where another process has the directory, and StartError where it cannot be used.
 * `onCatalogLost` is called when the catalog was found damaged while running and stands empty: it must be rebuilt.
 */
export async function openStores(
  dataDir: string,
  onCatalogLost: () => void = () => {},
  { isRestoring = false, thresholds = THRESHOLDS as Thresholds } = {},
): Promise<Stores> {
  if (!isRestoring && existsSync(join(dataDir, UNFINISHED_RESTORE))) {
    throw new StartError(`A restore into ${dataDir} runs, or was cut off: run it again.`);
  }
  const hot = openHot(dataDir);
  try {
    const objects = await FolderObjectStore.open(dataDir);
    const database = new SqliteDatabase(join(dataDir, 'catalog.db'), () => {
      catalog.prepare().then(onCatalogLost, () => {});
    });
    const catalog = new SqlCatalog(database, MIGRATIONS);
    await catalog.prepare();
    return {
      ports: { hot, objects, catalog, clock: new MachineClock(), thresholds },
      snapshot: (folder) => snapshot(hot, catalog, folder),
      checkpoint() {
        hot.checkpoint();
        database.checkpoint();
      },
      close() {
        hot.close();
        database.checkpoint();
        database.close();
      },
    };
  } catch (error) {
    hot.close();
    throw refusal(dataDir, error);
  }
}

/** Why the directory is of no use, in a sentence. */
function refusal(dataDir: string, error: unknown): Error {
  if (error instanceof DatabaseLocked || error instanceof StartError) return error;
  const { message } = ((error as Error).cause ?? error) as Error;
  return new StartError(`DATA_DIR ${dataDir} cannot be used: ${message}.`, { cause: error });
}

/** With those above it. Node's own way never ends where the system says of a folder that is there that it is not, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    // Another process may have been first.
    if (!existsSync(path)) throw error;
  }
}

/** Opened first: its lock is the lock of the whole directory. */
function openHot(dataDir: string): SqliteHotStore {
  const path = join(dataDir, 'hot.db');
  try {
    makeFolder(dataDir);
    return new SqliteHotStore(path);
  } catch (error) {
    if (isDamage(error))
      throw new StartError(
        `${path} is damaged: restore it from a backup, or move it away to begin without what it held.`,
      );
    throw refusal(dataDir, error);
  }
}
