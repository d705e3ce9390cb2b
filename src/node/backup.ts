// `backup DIR`: a copy of all that the data directory holds, made while the server goes on, and under its name only once it is whole. Called by cli.ts.
import { constants, type Dirent, existsSync } from 'node:fs';
import { copyFile, link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartError } from '../server/start-error.ts';
import { syncFile, syncFolder } from './folder.ts';
import { type BackedUp, each, HOT, KEPT, ManifestWriter, OBJECT_FOLDERS, type Sum, sha256Of } from './manifest.ts';

/** Objects whose lines are written to the list in one go. */
const LISTED = 256;

/**
 * `snapshot` puts what runs and what is kept into a folder. It comes first: what is sealed meanwhile is in it, or among the objects,
 * or in both. The log of erasures comes last: what is erased meanwhile, a restore erases again. Throws StartError.
 */
export async function makeBackup(
  dataDir: string,
  target: string,
  snapshot: (folder: string) => Promise<void>,
): Promise<Sum> {
  const unfinished = `${target}.unfinished`;
  if (existsSync(target)) throw new StartError(`${target} is there already: a backup is never written over.`);
  await mkdir(dirname(target), { recursive: true });
  await mkdir(unfinished).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
    throw new StartError(`${unfinished} is left of a backup that was cut off: remove it.`);
  });
  const manifest = await ManifestWriter.create(unfinished, Date.now());
  try {
    await snapshot(unfinished);
    const copied: BackedUp[] = [];
    for (const path of [HOT, KEPT]) copied.push({ path, ...(await sha256Of(join(unfinished, path))) });
    await manifest.add(copied);
    const folders = new Set<string>([unfinished]);
    for (const folder of OBJECT_FOLDERS) await copyObjects(dataDir, unfinished, folder, manifest, folders);
    await manifest.end();
    await each([...folders], syncFolder);
  } catch (error) {
    await manifest.close().catch(() => undefined);
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  await rename(unfinished, target);
  await syncFolder(dirname(target));
  return manifest.sum;
}

/** `folders` gets each folder that was made. */
async function copyObjects(
  from: string,
  to: string,
  folder: string,
  manifest: ManifestWriter,
  folders: Set<string>,
): Promise<void> {
  let paths: string[] = [];
  const copy = async () => {
    const copied: BackedUp[] = [];
    await each(paths, async (path) => {
      const one = await copyObject(from, to, path);
      if (one) copied.push(one);
    });
    await manifest.add(copied);
    paths = [];
  };
  for await (const path of filesBelow(from, folder)) {
    for (let parent = dirname(path); parent !== '.' && !folders.has(join(to, parent)); parent = dirname(parent)) {
      await mkdir(join(to, parent), { recursive: true });
      folders.add(join(to, parent));
    }
    paths.push(path);
    if (paths.length >= LISTED) await copy();
  }
  await copy();
}

/** An object never changes, so that a second name for it will do, where the file system has such. Null: it was removed meanwhile. */
async function copyObject(from: string, to: string, path: string): Promise<BackedUp | null> {
  try {
    await link(join(from, path), join(to, path)).catch(async (error) => {
      if (error.code === 'ENOENT') throw error;
      await copyFile(join(from, path), join(to, path), constants.COPYFILE_EXCL);
      await syncFile(join(to, path));
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return { path, ...(await sha256Of(join(to, path))) };
}

/** With slashes, from `root`; what is no plain file is passed over. */
async function* filesBelow(root: string, folder: string): AsyncGenerator<string> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    // Removed meanwhile, with the last session in it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, path);
    else if (entry.isFile()) yield path;
  }
}
