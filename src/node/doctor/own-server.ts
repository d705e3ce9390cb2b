// Which server the doctor may show the owner's key: SILHOUETTE_SERVER, or the one that runs on the data directory. Called by cli.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf } from '../connect.ts';
import { serverOf } from '../remote.ts';
import type { Settings } from '../settings.ts';
import type { OwnServer } from './owner-checks.ts';

/** Never one that a page names. Null: there is none, or no key. Throws StartError. */
export function ownServer({ dataDir, apiKey }: Settings): OwnServer | null {
  if (process.env.SILHOUETTE_SERVER) {
    const origin = serverOf(process.env.SILHOUETTE_SERVER);
    return apiKey === null ? null : { origin, key: apiKey };
  }
  const origin = addressOf(dataDir)?.origin;
  const key = apiKey ?? keptKey(dataDir);
  return origin && key ? { origin, key } : null;
}

function keptKey(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, 'api-key'), 'utf8').trim();
  } catch {
    return null;
  }
}
