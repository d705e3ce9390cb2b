// The log of what was erased, under erasures/: it outlives the catalog and undoes a restored backup. Used by erase.ts, reindex.ts and append.ts.
import { type ObjectStore, ObjectUnreadable, type Ports, StoreUnavailable } from './ports.ts';

const ERASURES_PREFIX = 'erasures/';
/** Objects of the log that are read for one session. */
const LOOKED_THROUGH = 20;
/** ms that a session may seem to begin later than it was erased. */
const TOLERANCE = 60_000;

/** A line of the log: enough to do it again after a crash or a restored backup. */
export interface Erasure {
  session_id: string;
  started_at: number;
  at: number;
  reason: 'erased' | 'expired';
}

/** All of one time, in one object. */
export async function logErasures(objects: ObjectStore, erasures: Erasure[]): Promise<void> {
  const { at } = erasures[0]!;
  const text = erasures.map((erasure) => `${JSON.stringify(erasure)}\n`).join('');
  await objects.putIfAbsent(`${ERASURES_PREFIX}${at}-${crypto.randomUUID()}.ndjson`, new TextEncoder().encode(text));
}

/** The log from `since` (epoch ms) on, oldest first, what was erased at once together; what cannot be read of it is passed over, so that one bad object holds up no other. */
export async function* readErasures({ objects }: Pick<Ports, 'objects'>, since = 0): AsyncIterable<Erasure[]> {
  // Times of one length are in the order of their digits: what is older is not even listed.
  const after = since >= 1e12 ? `${ERASURES_PREFIX}${since}` : '';
  for await (const key of objects.list(ERASURES_PREFIX, after)) {
    if (Number.parseInt(key.slice(ERASURES_PREFIX.length), 10) < since) continue;
    const body = await objects.get(key).catch(nothingWhereUnreadable);
    const erasures = body ? new TextDecoder().decode(body).split('\n').flatMap(parseErasure) : [];
    if (erasures.length > 0) yield erasures;
  }
}

/**
 * Whether the log has this session, which began at `startedAt` (epoch ms): asked where the catalog has lost what was erased. Where
 * too much was erased since, StoreUnavailable is thrown: a later request finds the catalog rebuilt.
 */
export async function isLogged(ports: Pick<Ports, 'objects'>, sessionId: string, startedAt: number): Promise<boolean> {
  let read = 0;
  for await (const erasures of readErasures(ports, startedAt - TOLERANCE)) {
    if (erasures.some(({ session_id }) => session_id === sessionId)) return true;
    if (++read >= LOOKED_THROUGH) throw new StoreUnavailable('catalog');
  }
  return false;
}

function nothingWhereUnreadable(error: unknown): null {
  if (error instanceof ObjectUnreadable) return null;
  throw error;
}

function parseErasure(line: string): Erasure[] {
  try {
    const erasure = JSON.parse(line) as Erasure;
    return typeof erasure.session_id === 'string' && Number.isFinite(erasure.started_at) ? [erasure] : [];
  } catch {
    return [];
  }
}
