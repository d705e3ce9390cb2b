// `restore DIR`: a backup back into a data directory that holds no sessions; what was erased since stays erased. Called by cli.ts.
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { copyFile, link, mkdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Thresholds } from '../analysis/signals/thresholds.ts';
import { CatalogWriter } from '../server/catalog-writer.ts';
import type { Ports } from '../server/ports.ts';
import { sumObjects } from '../server/session-objects.ts';
import { StartError } from '../server/start-error.ts';
import { catchUp } from './catch-up.ts';
import { INCOMING, syncFile, syncFolder } from './folder.ts';
import { type BackedUp, each, HOT, KEPT, readManifest, type Sum, sha256Of } from './manifest.ts';
import { restoreKept } from './snapshot.ts';
import { DatabaseLocked, openDatabase } from './sqlite.ts';
import { openStores, UNFINISHED_RESTORE } from './stores.ts';

/** What holds sessions. What else a directory has stays: its erasures, revoked keys and log, and the owner's key. */
const SESSIONS = ['sessions', HOT, `${HOT}-wal`, 'catalog.db', 'catalog.db-wal'];

/** How many sessions the index has then. Throws StartError where the directory is in use, or holds sessions, or the backup is not whole: nothing was changed then. */
export async function restoreBackup(
  dataDir: string,
  folder: string,
  thresholds?: Thresholds,
): Promise<Sum & { sessions: number }> {
  expectFree(dataDir);
  for await (const files of readManifest(folder)) await each(files, (file) => verify(folder, file));
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const marker = join(dataDir, UNFINISHED_RESTORE);
  // Its lock keeps a second restore out, its being there a server.
  const lock = openLock(marker);
  try {
    // Of a restore that was cut off.
    for (const name of SESSIONS) rmSync(join(dataDir, name), { recursive: true, force: true });
    const sum = await copyAll(folder, dataDir);
    const sessions = await rebuild(dataDir, folder, thresholds);
    for (const ending of ['-wal', '']) rmSync(marker + ending, { force: true });
    await syncFolder(dataDir);
    return { ...sum, sessions };
  } finally {
    lock.close();
  }
}

function expectFree(dataDir: string): void {
  const has = (name: string) => existsSync(join(dataDir, name));
  if (has(UNFINISHED_RESTORE)) return;
  if (has(HOT)) openLock(join(dataDir, HOT)).close();
  const found = SESSIONS.filter(has);
  if (found.length === 0) return;
  throw new StartError(
    `${dataDir} holds sessions already. Move ${found.join(', ')} away, and leave all else where it is: what was erased since the backup then stays erased.`,
  );
}

function openLock(path: string) {
  try {
    return openDatabase(path, 'FULL');
  } catch (error) {
    if (!(error instanceof DatabaseLocked)) throw error;
    throw new StartError(`${dirname(path)} is in use by another Silhouette: stop that one first.`);
  }
}

async function verify(folder: string, { path, bytes, sha256 }: BackedUp): Promise<void> {
  const found = await sha256Of(join(folder, path)).catch(() => null);
  if (found?.bytes === bytes && found.sha256 === sha256) return;
  throw new StartError(`${join(folder, path)} is ${found ? 'damaged' : 'missing'}: nothing was restored.`);
}

async function copyAll(folder: string, dataDir: string): Promise<Sum> {
  const sum: Sum = { files: 0, bytes: 0 };
  const incoming = join(dataDir, INCOMING);
  await mkdir(incoming, { recursive: true });
  const folders = new Set<string>([dataDir]);
  for await (const files of readManifest(folder)) {
    const wanted = files.filter(({ path }) => path !== KEPT);
    for (const { path, bytes } of files) {
      for (
        let parent = dirname(path);
        parent !== '.' && !folders.has(join(dataDir, parent));
        parent = dirname(parent)
      ) {
        await mkdir(join(dataDir, parent), { recursive: true });
        folders.add(join(dataDir, parent));
      }
      sum.files++;
      sum.bytes += bytes;
    }
    await each(wanted, ({ path }) => copy(join(folder, path), join(dataDir, path), join(incoming, randomUUID())));
  }
  await each([...folders], syncFolder);
  return sum;
}

/** Under its name only once it is whole. What is there already is the same: an erasure, a revoked key, a line of the log. */
async function copy(from: string, to: string, temporary: string): Promise<void> {
  await copyFile(from, temporary);
  await syncFile(temporary);
  await link(temporary, to).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(temporary);
}

/** The catalog from the objects, without what was erased; how many sessions it has. */
async function rebuild(dataDir: string, folder: string, thresholds: Thresholds | undefined): Promise<number> {
  const stores = await openStores(dataDir, () => {}, { isRestoring: true, ...(thresholds && { thresholds }) });
  try {
    const { ports } = stores;
    await restoreKept(ports.catalog, folder);
    await forgetSealed(ports);
    await catchUp({ ports, writer: new CatalogWriter(ports) });
    const { total } = await ports.catalog.list({ limit: 0, offset: 0 });
    stores.checkpoint();
    return total;
  } finally {
    stores.close();
  }
}

/** A session that was sealed while the backup was made is in its hot store and among its objects: the objects are enough. */
async function forgetSealed({ hot, objects }: Ports): Promise<void> {
  for await (const id of hot.sessions()) {
    const tail = await hot.tail(id);
    if (!tail || tail.batches.length === 0) continue;
    const sealed = await sumObjects(objects, id, tail.session.started_at);
    const names = new Set(sealed.batches.map(({ page_id, seq }) => `${page_id}.${seq}`));
    if (tail.batches.every(({ page_id, seq }) => names.has(`${page_id}.${seq}`))) await hot.erase(id);
  }
}
