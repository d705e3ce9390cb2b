// Which server the doctor may show the owner's key: SILHOUETTE_SERVER, or the one that runs on the data directory. Called by cli.ts.
import { keptApiKey } from '../api-key-file.ts';
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
  const address = addressOf(dataDir);
  // Of one that was killed another program may have the port now.
  if (!address?.origin || !runs(address.pid)) return null;
  const key = apiKey ?? keptApiKey(dataDir);
  return key === null ? null : { origin: address.origin, key };
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
