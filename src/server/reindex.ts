// Rebuilds the catalog from the objects, the erasure log and the hot store alone. Called by the CLI, and at start where the index is gone.
import { readErasures } from './erase.ts';
import type { CatalogRow, Ports, Writer } from './ports.ts';
import { deleteObjects, parseObjectKey, SESSIONS_PREFIX, sealedRow } from './session-objects.ts';

const ROWS = 200;

/** How many sessions the index holds afterwards, those without a single readable object left out and counted. */
export async function reindex(ports: Ports, writer: Writer): Promise<{ sessions: number; unreadable: number }> {
  const { catalog, hot } = ports;
  const result = { sessions: 0, unreadable: 0 };
  const erased = new Set<string>();
  await writer.alone(async () => {
    await catalog.reset();
    for await (const erasures of readErasures(ports)) {
      const ids = erasures.map((erasure) => erasure.session_id);
      for (const id of ids) erased.add(id);
      await catalog.markErased(ids, erasures[0]!.at);
    }
    let rows: CatalogRow[] = [];
    for await (const { sessionId, day } of sessionsOf(ports)) {
      // A restored backup has brought it back.
      if (erased.has(sessionId)) {
        await deleteObjects(ports.objects, sessionId, day);
        continue;
      }
      const row = await sealedRow(ports.objects, sessionId, day);
      if (!row) {
        result.unreadable++;
        continue;
      }
      rows.push(row);
      result.sessions++;
      if (rows.length >= ROWS) {
        await catalog.upsert(rows);
        rows = [];
      }
    }
    if (rows.length > 0) await catalog.upsert(rows);
  });
  for await (const id of hot.sessions()) {
    if (erased.has(id)) {
      await hot.erase(id);
      continue;
    }
    if ((await catalog.find(id)) === null) result.sessions++;
    writer.note(id);
  }
  await writer.flush();
  await catalog.markComplete();
  return result;
}

/** Every session that has objects, with a time on the day of its prefix. Keys come in order, so those of a session lie together. */
async function* sessionsOf({ objects }: Ports): AsyncIterable<{ sessionId: string; day: number }> {
  let last = '';
  for await (const key of objects.list(SESSIONS_PREFIX)) {
    const named = parseObjectKey(key);
    if (!named || named.session_id === last || Number.isNaN(named.day)) continue;
    last = named.session_id;
    yield { sessionId: named.session_id, day: named.day };
  }
}
