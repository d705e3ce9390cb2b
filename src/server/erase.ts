// Removes sessions from every store: by wish of an owner, or because their time is over. Called by the API, the CLI and the schedule.
import type { Digest } from '../analysis/digest.ts';
import type { SessionOrigin } from '../format/session.ts';
import type { Clock, Ports, Writer } from './ports.ts';
import { deleteObjects } from './session-objects.ts';

const ERASURES_PREFIX = 'erasures/';

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
  writer: Writer,
  sessionIds: string[],
  reason: Erasure['reason'],
): Promise<EraseReceipt> {
  const at = ports.clock.now();
  const receipt = emptyReceipt(at);
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

function emptyReceipt(at: number): EraseReceipt {
  return { erased: { sessions: 0, events: 0, objects: 0, rows: 0 }, at };
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
  writer: Writer,
  erasures: Erasure[],
  { erased }: EraseReceipt = emptyReceipt(0),
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

/** The erasure log from `since` (epoch ms) on, oldest first, what was erased at once together; lines that make no sense are passed over. */
export async function* readErasures({ objects }: Pick<Ports, 'objects'>, since = 0): AsyncIterable<Erasure[]> {
  for await (const key of objects.list(ERASURES_PREFIX)) {
    if (Number.parseInt(key.slice(ERASURES_PREFIX.length), 10) < since) continue;
    const body = await objects.get(key);
    const erasures = body ? new TextDecoder().decode(body).split('\n').flatMap(parseErasure) : [];
    if (erasures.length > 0) yield erasures;
  }
}

function parseErasure(line: string): Erasure[] {
  try {
    const erasure = JSON.parse(line) as Erasure;
    return typeof erasure.session_id === 'string' && Number.isFinite(erasure.started_at) ? [erasure] : [];
  } catch {
    return [];
  }
}

/** Does every erasure since `since` (epoch ms) again: a crash may have cut it short, a restored backup may have undone it. */
export async function repeatErasures(ports: Ports, writer: Writer, since: number): Promise<void> {
  for await (const erasures of readErasures(ports, since)) await removeErased(ports, writer, erasures);
}

/** Does those again that the catalog has not heard of: it is an older one that was restored. */
export async function learnErasures(ports: Ports, writer: Writer): Promise<void> {
  for await (const erasures of readErasures(ports)) {
    const known = await Promise.all(erasures.map(({ session_id }) => ports.catalog.erasedAt(session_id)));
    if (known.includes(null)) await removeErased(ports, writer, erasures);
  }
}

/** The time (epoch ms) before which a session's last event, or its import, must lie for the session to be expired. */
export function retention(clock: Clock, days: number): () => number {
  return () => clock.now() - days * DAY_MS;
}

/** Removes every session whose last event, or import, lies before `before`; how many. */
export async function eraseExpired(ports: Ports, writer: Writer, before: number): Promise<number> {
  let sessions = 0;
  for (;;) {
    const ids = new Set(await runningBefore(ports, before));
    for (const { session_id } of await ports.catalog.expired(before, SESSIONS)) ids.add(session_id);
    if (ids.size === 0) return sessions;
    sessions += (await eraseSessions(ports, writer, [...ids], 'expired')).erased.sessions;
  }
}

/** Running sessions whose last event lies before `before`: there are some where they are sealed late and kept shortly. */
async function runningBefore({ hot }: Ports, before: number): Promise<string[]> {
  const digests = await hot.digests(await hot.idle(before, SESSIONS));
  return [...digests.keys()].filter((id) => lastOf(digests.get(id)!) < before);
}

/** Epoch ms. */
function lastOf({ session, digest }: { session: SessionOrigin; digest: Digest }): number {
  return digest.last_at ?? session.started_at;
}

/** Sessions, running ones included, whose last event lies before `before`. */
export async function sessionsBefore({ catalog, hot }: Ports, before: number): Promise<string[]> {
  const ids = new Set(await catalog.endedBefore(before));
  for await (const id of hot.sessions()) {
    const running = (await hot.digests([id])).get(id);
    if (!running) continue;
    if (lastOf(running) < before) ids.add(id);
    else ids.delete(id);
  }
  return [...ids];
}
