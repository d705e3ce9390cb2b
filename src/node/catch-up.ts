// Brings the catalog up to what the other stores hold, after a crash or the loss of its file. Called by main.ts and cli.ts at start.
import type { App } from '../server/context.ts';
import { learnErasures } from '../server/erase.ts';
import { reindex } from '../server/reindex.ts';

/** Rebuilds an index that is not complete, else takes what it had no time to take: erasures, running sessions; how many sessions were rebuilt. */
export async function catchUp(app: Pick<App, 'ports' | 'writer'>): Promise<number> {
  const { ports, writer } = app;
  const { catalog, hot } = ports;
  if (await catalog.rebuilding()) return (await reindex(ports, writer)).sessions;
  await learnErasures(app);
  for await (const id of hot.sessions()) {
    // The hot store alone may have been restored.
    if ((await catalog.erasedAt(id)) !== null) await hot.erase(id);
    // The row may be missing, or still be that of its last seal.
    else if ((await catalog.find(id))?.status !== 'live') writer.note(id);
  }
  await writer.flush();
  return 0;
}
