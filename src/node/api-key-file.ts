// The API key that is made at the first start and kept in the data directory, for its owner's eyes alone. Called by main.ts, dev-cloudflare.ts and the doctor.
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkKey } from '../server/settings.ts';
import { StartError } from '../server/start-error.ts';

/** The kept key; null: there is none. Throws StartError where the file holds no usable key, or cannot be used. */
export function keptApiKey(dataDir: string): string | null {
  const path = pathIn(dataDir);
  try {
    return checkKey(readFileSync(path, 'utf8').trim(), path);
  } catch (error) {
    if (error instanceof StartError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusable(path, error);
  }
}

/** The kept key, or a new one of 256 random bits. Throws StartError as well. */
export function ownApiKey(dataDir: string): string {
  const path = pathIn(dataDir);
  try {
    return keptApiKey(dataDir) ?? makeKey(path);
  } catch (error) {
    throw error instanceof StartError ? error : unusable(path, error);
  }
}

const pathIn = (dataDir: string) => join(dataDir, 'api-key');

function unusable(path: string, error: unknown): StartError {
  return new StartError(`${path} cannot be used: ${(error as Error).message}.`, { cause: error });
}

function makeKey(path: string): string {
  const key = randomBytes(32).toString('base64url');
  // Under its name only once it is whole: a crash in between must not leave a key that no start takes.
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, `${key}\n`, { mode: 0o600, flush: true });
  renameSync(unfinished, path);
  return key;
}
