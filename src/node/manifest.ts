// What a backup holds: a list of its files, each with length and SHA-256, whose last line proves that it is whole. Written by backup.ts, read by restore.ts.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../server/start-error.ts';
import { linesOfFile } from './lines.ts';

const NAME = 'manifest.ndjson';
const KIND = 'silhouette-backup';
const FORMAT = 1;
/** Folders of the data directory that hold objects. */
export const OBJECT_FOLDERS = ['sessions', 'keys', 'audit', 'erasures'];
export const HOT = 'hot.db';
/** Acknowledged batches that stood in the catalog, a line each. */
export const KEPT = 'kept.ndjson';
/** No other path may stand in a manifest: one that leads elsewhere would be written there. */
const PATH =
  /^(hot\.db|kept\.ndjson|(sessions|keys|audit|erasures)(\/(?!\.{1,2}(\/|$))[\x20-\x2e\x30-\x5b\x5d-\x7e]+)+)$/;

export interface BackedUp {
  /** From the backup's folder, with slashes. */
  path: string;
  bytes: number;
  /** In hex. */
  sha256: string;
}

/** How many files there are, and how long they are together. */
export interface Sum {
  files: number;
  bytes: number;
}

export class ManifestWriter {
  readonly sum: Sum = { files: 0, bytes: 0 };
  private readonly file: FileHandle;
  private readonly hash: Hash = createHash('sha256');

  private constructor(file: FileHandle) {
    this.file = file;
  }

  /** `at`: epoch ms. */
  static async create(folder: string, at: number): Promise<ManifestWriter> {
    const writer = new ManifestWriter(await open(join(folder, NAME), 'wx'));
    await writer.write([{ kind: KIND, format: FORMAT, made_at: at }]);
    return writer;
  }

  async add(files: BackedUp[]): Promise<void> {
    this.sum.files += files.length;
    for (const { bytes } of files) this.sum.bytes += bytes;
    await this.write(files);
  }

  /** Durable, and whole, once it resolves. */
  async end(): Promise<void> {
    await this.file.appendFile(`${JSON.stringify({ ...this.sum, sha256: this.hash.digest('hex') })}\n`);
    await this.file.sync();
    await this.close();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async write(lines: object[]): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    this.hash.update(text);
    await this.file.appendFile(text);
  }
}

/** The files of a backup in some hundreds at a time. Throws StartError where the list is missing or not whole, after the last of them at the latest. */
export async function* readManifest(folder: string): AsyncGenerator<BackedUp[]> {
  const damaged = new StartError(`${join(folder, NAME)} is damaged: this is no whole backup.`);
  const hash = createHash('sha256');
  const sum: Sum = { files: 0, bytes: 0 };
  let some: BackedUp[] = [];
  let end: (Sum & { sha256: string }) | null = null;
  let isFirst = true;
  for await (const text of linesOf(folder)) {
    const line = parse(text);
    if (line === null || end) throw damaged;
    if (isFirst && line.kind !== KIND) throw damaged;
    if (isFirst && line.format !== FORMAT) {
      throw new StartError(`${folder} was made by a newer version of Silhouette: restore it with that one.`);
    }
    if ('files' in line) end = line as unknown as Sum & { sha256: string };
    else hash.update(`${text}\n`);
    if (!isFirst && !end) {
      const { path, bytes } = line;
      if (typeof path !== 'string' || !PATH.test(path) || typeof bytes !== 'number') throw damaged;
      some.push(line as unknown as BackedUp);
      sum.files++;
      sum.bytes += bytes;
    }
    isFirst = false;
    if (some.length < 256) continue;
    yield some;
    some = [];
  }
  if (end?.files !== sum.files || end.bytes !== sum.bytes || end.sha256 !== hash.digest('hex')) throw damaged;
  yield some;
}

/** Files that are looked at, copied or synced side by side: a disk makes many durable in the time of one. */
const AT_ONCE = 32;

/** Does `work` for each, and nothing more once one has failed. Throws the first failure, when nothing runs any more. */
export async function each<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const failures: unknown[] = [];
  const lane = async () => {
    for (const item of rest) {
      if (failures.length > 0) return;
      await work(item).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  if (failures.length > 0) throw failures[0];
}

export async function sha256Of(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function* linesOf(folder: string): AsyncGenerator<string> {
  try {
    yield* linesOfFile(join(folder, NAME));
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw isAbsent ? new StartError(`${folder} is no backup: it has no ${NAME}.`) : error;
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const line = JSON.parse(text);
    return typeof line === 'object' ? line : null;
  } catch {
    return null;
  }
}
