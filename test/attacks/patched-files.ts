// File operations of this process that a test makes fail, cut short or watches, until the test is over. For fault-disk.test.ts and fault-stores.test.ts.
import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

export interface Patches {
  /** Instead of writing `data` into a new file; `write` writes any part of it. */
  write?(data: Uint8Array, write: (part: Uint8Array) => Promise<void>, path: string): Promise<void>;
  /** After a file or a folder was synced. */
  synced?(path: string, isFolder: boolean): void;
  read?(path: string, read: () => Promise<Buffer>): Promise<Buffer>;
  link?(from: string, to: string, link: () => Promise<void>): Promise<void>;
}

/** As the system would say it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}

export function patchFiles(patches: Patches): void {
  const { open, readFile, link } = fs;
  const patched = {
    open: async (path: string, ...more: []) => {
      const handle: FileHandle = await open(path, ...more);
      const isFolder = (await handle.stat()).isDirectory();
      const { writeFile, sync } = handle;
      const write = (part: Uint8Array) => writeFile.call(handle, part);
      if (patches.write)
        Object.assign(handle, { writeFile: (data: Uint8Array) => patches.write!(data, write, String(path)) });
      Object.assign(handle, {
        sync: async () => {
          await sync.call(handle);
          patches.synced?.(String(path), isFolder);
        },
      });
      return handle;
    },
    readFile: (path: string, ...more: []) => {
      const read = () => readFile(path, ...more) as unknown as Promise<Buffer>;
      return patches.read ? patches.read(String(path), read) : read();
    },
    link: (from: string, to: string) => {
      const make = () => link(from, to);
      return patches.link ? patches.link(String(from), String(to), make) : make();
    },
  };
  Object.assign(fs, patched);
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { open, readFile, link });
    syncBuiltinESMExports();
  });
}
