// What is not in objects yet, written to a folder while the stores go on: the hot store, and the batches that the catalog keeps. Called through stores.ts.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog, KeptBatch } from '../server/ports.ts';
import { syncFile } from './folder.ts';
import { linesOfFile } from './lines.ts';
import { HOT, KEPT } from './manifest.ts';
import type { SqliteHotStore } from './sqlite-hot-store.ts';

/** Sessions looked at in one go. */
const SESSIONS = 500;

/** Batches go from the catalog to the hot store, never back: in this order none is missed, and one that moves meanwhile is in both. */
export async function snapshot(hot: SqliteHotStore, catalog: Catalog, folder: string): Promise<void> {
  const file = await open(join(folder, KEPT), 'wx');
  try {
    let after = '';
    for (;;) {
      const ids = await catalog.keptSessions(SESSIONS, after);
      for (const id of ids) {
        const batches = await catalog.kept(id);
        await file.appendFile(batches.map((batch) => `${JSON.stringify(batch)}\n`).join(''));
      }
      if (ids.length < SESSIONS) break;
      after = ids.at(-1)!;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await hot.copyTo(join(folder, HOT));
  await syncFile(join(folder, HOT));
}

/** Keeps those batches again; an erased session's are refused. */
export async function restoreKept(catalog: Catalog, folder: string): Promise<void> {
  for await (const line of linesOfFile(join(folder, KEPT))) await catalog.keep(JSON.parse(line) as KeptBatch);
}
