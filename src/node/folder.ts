// ObjectStore in a folder: one file per object, whole or not there. Opened by stores.ts on the data directory.
import { randomUUID } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { access, link, mkdir, open, readdir, readFile, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type ObjectStore, ObjectUnreadable, StoreUnavailable } from '../server/ports.ts';

/** Objects that are being written. No key begins so: a leading dot folder at the root holds no objects. */
export const INCOMING = '.incoming';
const KEY = /^(?!\.)(?:(?!\.{1,2}\/)[\x20-\x2e\x30-\x5b\x5d-\x7e]+\/)+(?!\.{1,2}$)[\x20-\x2e\x30-\x5b\x5d-\x7e]+$/;

/** What a disk says of a place that it cannot read, or a file system that keeps sums of one that is not what was written. */
const MEDIUM_FAILS = new Set(['EIO', 'EBADMSG', 'EUCLEAN', 'EILSEQ']);

/** Keys are paths below `root` of at least one folder and a name; files that lie in the root itself are not objects. */
export class FolderObjectStore implements ObjectStore {
  private readonly root: string;
  private readonly incoming: string;

  private constructor(root: string) {
    this.root = resolve(root);
    this.incoming = join(this.root, INCOMING);
  }

  /** Throws away what a killed process left half written; so only one process may have the folder open. */
  static async open(root: string): Promise<FolderObjectStore> {
    const store = new FolderObjectStore(root);
    await rm(store.incoming, { recursive: true, force: true });
    await mkdir(store.incoming, { recursive: true });
    return store;
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    const path = this.pathOf(key);
    const temporary = join(this.incoming, randomUUID());
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(body);
        await file.sync();
      } finally {
        await file.close();
      }
      const created = await this.publish(temporary, path);
      await this.syncFoldersOf(path);
      return created;
    } catch (error) {
      throw unavailable(error);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async get(key: string): Promise<Uint8Array | null> {
    const path = this.pathOf(key);
    try {
      return await readFile(path);
    } catch (error) {
      if (isAbsent(error)) return null;
      if (MEDIUM_FAILS.has(codeOf(error) ?? '')) throw new ObjectUnreadable('objects', false, { cause: error });
      throw unavailable(error);
    }
  }

  list(prefix: string, after = ''): AsyncIterable<string> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    return this.walk(folder, prefix, after);
  }

  async delete(keys: string[]): Promise<number> {
    let deleted = 0;
    for (const key of keys) if (await this.deleteOne(key)) deleted++;
    return deleted;
  }

  async probe(): Promise<void> {
    try {
      await access(this.incoming, constants.W_OK);
    } catch (error) {
      throw unavailable(error);
    }
  }

  private async deleteOne(key: string): Promise<boolean> {
    const path = this.pathOf(key);
    try {
      await unlink(path);
      await syncFolder(await this.removeEmptyFolders(dirname(path)));
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw unavailable(error);
    }
  }

  private pathOf(key: string): string {
    if (!KEY.test(key)) throw new Error('an object key is folders and a name of printable ASCII');
    return join(this.root, key);
  }

  /** Gives the written file its name, unless another has it. */
  private async publish(temporary: string, path: string): Promise<boolean> {
    for (;;) {
      let hasFolder = false;
      try {
        await mkdir(dirname(path), { recursive: true });
        hasFolder = true;
        await link(temporary, path);
        return true;
      } catch (error) {
        if (hasFolder && codeOf(error) === 'EEXIST') return false;
        // A delete that ran beside this removed the folder, or one above it, while it was empty.
        if (codeOf(error) !== 'ENOENT') throw error;
      }
    }
  }

  /** A name is durable once every folder on the way to it is: another put may have made one and not have come to sync it. */
  private async syncFoldersOf(path: string): Promise<void> {
    for (let folder = dirname(path); folder.length >= this.root.length; folder = dirname(folder)) {
      await syncFolder(folder);
      if (folder === this.root) return;
    }
  }

  /** The nearest folder that stays. */
  private async removeEmptyFolders(folder: string): Promise<string> {
    while (folder !== this.root) {
      try {
        await rmdir(folder);
      } catch (error) {
        if (!isAbsent(error)) return folder;
      }
      folder = dirname(folder);
    }
    return folder;
  }

  private async *walk(folder: string, prefix: string, after: string): AsyncGenerator<string> {
    for (const entry of await this.entriesOf(folder)) {
      const key = folder + entry;
      if (entry.endsWith('/')) {
        const isBefore = key < after && !after.startsWith(key);
        if (!isBefore && (key.startsWith(prefix) || prefix.startsWith(key))) yield* this.walk(key, prefix, after);
      } else if (key.startsWith(prefix) && key > after && KEY.test(key)) {
        yield key;
      }
    }
  }

  /** Names in a folder, those of folders with their slash, so that `a-b` stands before `a/…` as it does among keys. */
  private async entriesOf(folder: string): Promise<string[]> {
    if (folder !== '' && !KEY.test(`${folder}x`)) return [];
    let entries: Dirent[];
    try {
      entries = await readdir(join(this.root, folder), { withFileTypes: true });
    } catch (error) {
      if (isAbsent(error)) return [];
      throw unavailable(error);
    }
    const names: string[] = [];
    for (const entry of entries) {
      // A symbolic link is neither: it could lead out of the root.
      if (entry.isDirectory()) names.push(`${entry.name}/`);
      else if (entry.isFile()) names.push(entry.name);
    }
    return names.sort();
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its file systems journal names themselves.
  if (process.platform !== 'win32') await syncFile(folder);
}

export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}

function unavailable(error: unknown): StoreUnavailable {
  const code = codeOf(error);
  return new StoreUnavailable('objects', code === 'ENOSPC' || code === 'EDQUOT', { cause: error });
}
