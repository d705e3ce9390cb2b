// Removes sessions from every store: by wish of an owner, or because their time is over. Called by the API, the CLI and the schedule.
import type { CatalogWriter } from './catalog-writer.ts';
import type { Ports } from './ports.ts';
import { deleteObjects } from './session-objects.ts';

export const ERASURES_PREFIX = 'erasures/';

/** How much was removed, by kind; `rows` counts those of hot store and catalog. */
export interface EraseReceipt {
  erased: { sessions: number; events: number; objects: number; rows: number };
  /** Epoch ms. */
  at: number;
}

/** A line of the erasure log: enough to do it again after a crash or a restored backup. */
export interface Erasure {
  session_id: string;
  started_at: number;
  at: number;
  reason: 'erased' | 'expired';
}

/** Sessions in one go. */
const SESSIONS = 500;
const DAY_MS = 86_400_000;

/** Erases those of `sessionIds` that exist. The log comes first: from then on they are unreadable, whatever happens. */
export async function eraseSessions(
  ports: Ports,
  writer: CatalogWriter,
  sessionIds: string[],
  reason: Erasure['reason'],
): Promise<EraseReceipt> {
  const at = ports.clock.now();
  const receipt: EraseReceipt = { erased: { sessions: 0, events: 0, objects: 0, rows: 0 }, at };
  for (let i = 0; i < sessionIds.length; i += SESSIONS) {
    const erasures: Erasure[] = [];
    for (const session_id of sessionIds.slice(i, i + SESSIONS)) {
      const found = await startOf(ports, session_id);
      if (!found) continue;
      erasures.push({ session_id, started_at: found.started_at, at, reason });
      receipt.erased.sessions++;
      receipt.erased.events += found.event_count;
    }
    if (erasures.length === 0) continue;
    await logErasures(ports, erasures);
    await removeErased(ports, writer, erasures, receipt);
  }
  return receipt;
}

async function startOf(ports: Ports, sessionId: string): Promise<{ started_at: number; event_count: number } | null> {
  const hot = (await ports.hot.digests([sessionId])).get(sessionId);
  if (hot) return { started_at: hot.session.started_at, event_count: hot.digest.event_count };
  return ports.catalog.find(sessionId);
}

async function logErasures({ objects }: Ports, erasures: Erasure[]): Promise<void> {
  const { at } = erasures[0]!;
  const text = erasures.map((erasure) => `${JSON.stringify(erasure)}\n`).join('');
  await objects.putIfAbsent(`${ERASURES_PREFIX}${at}-${crypto.randomUUID()}.ndjson`, new TextEncoder().encode(text));
}

/** Every step can be repeated. */
async function removeErased(
  { hot, objects, catalog }: Ports,
  writer: CatalogWriter,
  erasures: Erasure[],
  { erased }: EraseReceipt,
): Promise<void> {
  const ids = erasures.map((erasure) => erasure.session_id);
  await writer.alone(async () => {
    await catalog.markErased(ids, erasures[0]!.at);
    for (const { session_id } of erasures) erased.rows += (await hot.erase(session_id)).rows;
    erased.rows += await catalog.remove(ids);
    for (const { session_id, started_at } of erasures) {
      erased.objects += await deleteObjects(objects, session_id, started_at);
    }
  });
}

/** The erasure log, oldest first; lines that make no sense are passed over. */
export async function* readErasures({ objects }: Pick<Ports, 'objects'>): AsyncIterable<Erasure> {
  for await (const key of objects.list(ERASURES_PREFIX)) {
    const body = await objects.get(key);
    for (const line of body ? new TextDecoder().decode(body).split('\n') : []) {
      try {
        const erasure = JSON.parse(line) as Erasure;
        if (typeof erasure.session_id === 'string' && Number.isFinite(erasure.started_at)) yield erasure;
      } catch {}
    }
  }
}

/** At start: finishes the erasures of the last day, which a crash or a restored backup may have undone. */
export async function resumeErasures(ports: Ports, writer: CatalogWriter): Promise<void> {
  const since = ports.clock.now() - DAY_MS;
  const none: EraseReceipt = { erased: { sessions: 0, events: 0, objects: 0, rows: 0 }, at: since };
  for await (const erasure of readErasures(ports)) {
    if (erasure.at >= since) await removeErased(ports, writer, [erasure], none);
  }
}

/** Removes every session whose last event, or import, lies before `before`; how many. */
export async function eraseExpired(ports: Ports, writer: CatalogWriter, before: number): Promise<number> {
  let sessions = 0;
  for (;;) {
    const expired = await ports.catalog.expired(before, SESSIONS);
    if (expired.length === 0) return sessions;
    const ids = expired.map((record) => record.session_id);
    sessions += (await eraseSessions(ports, writer, ids, 'expired')).erased.sessions;
  }
}

/** Sessions, running ones included, whose last event lies before `before`. */
export async function sessionsBefore({ catalog, hot }: Ports, before: number): Promise<string[]> {
  const ids = new Set(await catalog.endedBefore(before));
  for await (const id of hot.sessions()) {
    const running = (await hot.digests([id])).get(id);
    if (!running) continue;
    if ((running.digest.last_at ?? running.session.started_at) < before) ids.add(id);
    else ids.delete(id);
  }
  return [...ids];
}
