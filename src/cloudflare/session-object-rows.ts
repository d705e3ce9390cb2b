// What a session's Durable Object has on disk. One table is one object to be: rows written and dropped tables are what Cloudflare bills, so the
// session itself lies beside its first batch until something of it changes. Used by session-object.ts alone.
import type { Digest } from '../analysis/digest.ts';
import type { StoredBatch } from '../format/batch.ts';
import { type HotState, restoreSession } from '../server/admission.ts';
import { type BatchRow, batchOf, encodeEvents } from '../server/hot-rows.ts';
import { addSealed, encodeDigest, sealedDigestOf } from '../server/hot-session.ts';
import { compareBatches } from '../server/order.ts';
import type { HotSession } from '../server/ports.ts';

/** A table that holds as much is closed: what an object's memory must take, and reading decodes at once. */
const CHUNK_BYTES = 1024 * 1024;
const CHUNK_EVENTS = 20_000;
/** Bytes of a row's long texts: Cloudflare takes rows of 2 MB. */
const ROW_BYTES = 1_990_000;
/** Names of sealed batches in one entry: Cloudflare takes 2 MB. */
const PORTION = 5_000;

const TABLE = (number: number) => `CREATE TABLE batch_${number} (page_id TEXT NOT NULL, seq INTEGER NOT NULL,
received_at INTEGER NOT NULL, accepted INTEGER NOT NULL, rejected INTEGER NOT NULL, events TEXT NOT NULL, opening TEXT,
PRIMARY KEY (page_id, seq)) WITHOUT ROWID`;

/** The session without the batches that are still in tables, and without the names of those that are not. */
interface AtRest {
  session: HotSession;
  sealed_digest: string | null;
}

/** Names and own event ids of batches that lie in objects. */
interface Sealed {
  batches: HotSession['sealed_batches'];
  event_ids: string[];
}

export class SessionRows {
  private readonly storage: DurableObjectStorage;
  /** Numbers of the tables, ascending. */
  private tables: number[] = [];
  /** What the newest table holds. */
  private bytes = 0;
  private events = 0;

  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
  }

  /** The session as it is; null: there is none. */
  load(): HotState | null {
    this.tables = this.all("SELECT name FROM sqlite_schema WHERE name GLOB 'batch_[0-9]*'")
      .map(({ name }) => Number(String(name).slice('batch_'.length)))
      .sort((a, b) => a - b);
    const atRest = this.atRest();
    if (!atRest) return null;
    this.measure();
    const { batches, event_ids } = this.sealed();
    const session = { ...atRest.session, sealed_batches: batches, sealed_event_ids: event_ids };
    return restoreSession(session, sealedDigestOf(atRest), this.rows());
  }

  /** The batches that are not in objects, one table after the other. */
  *rows(): Generator<BatchRow> {
    const session = this.atRest()?.session;
    for (const object of this.tables) yield* this.rowsOf(object, object < (session?.next_object ?? 0) ? object : null);
  }

  /**
   * Call it in a transaction. `opening`: see `openingOf`; null for all but the batch that makes the session hot.
   * False where the batch is more than a row can have: nothing was written.
   */
  add(session: HotSession, batch: StoredBatch, received_at: number, opening: string | null): boolean {
    const number = session.next_object;
    const { page_id, seq, accepted, rejected } = batch;
    const events = encodeEvents(page_id, seq, batch.events);
    if (isLarger(events + (opening ?? ''), ROW_BYTES)) return false;
    if (!this.tables.includes(number)) {
      this.storage.sql.exec(TABLE(number));
      this.tables.push(number);
      this.bytes = 0;
      this.events = 0;
    }
    if (opening !== null) this.keepSealed(0, session.sealed_batches, session.sealed_event_ids);
    const row = [page_id, seq, received_at, accepted, rejected, events, opening];
    this.storage.sql.exec(`INSERT INTO batch_${number} VALUES (?, ?, ?, ?, ?, ?, ?)`, ...row);
    this.bytes += events.length;
    this.events += batch.events.length;
    return true;
  }

  /** The newest table has as much as one object shall have. */
  isFull(): boolean {
    return this.bytes >= CHUNK_BYTES || this.events >= CHUNK_EVENTS;
  }

  /** Nothing is added any more to the newest table: from here on it is the same object, however often it is put. */
  close(session: HotSession): void {
    if (!this.tables.includes(session.next_object)) return;
    const atRest = this.atRest()!;
    this.keep({ ...atRest, session: { ...atRest.session, next_object: session.next_object + 1 } });
    session.next_object++;
  }

  /** Numbers of all tables; `closed`: of those that nothing is added to. */
  numbers(): number[] {
    return [...this.tables];
  }

  closed(session: HotSession): number[] {
    return this.tables.filter((number) => number < session.next_object);
  }

  /** In the order of objects. */
  batchesOf(number: number): StoredBatch[] {
    return [...this.rowsOf(number, number)].map(batchOf).sort(compareBatches);
  }

  /** These are in objects: of their batches stays what tells late duplicates. `touched_at` in epoch ms, of the session. */
  drop(objects: number[], touched_at: number): void {
    this.storage.transactionSync(() => {
      const atRest = this.atRest()!;
      const digest = sealedDigestOf(atRest);
      let { session } = atRest;
      for (const object of this.tables.filter((number) => objects.includes(number))) {
        session = addSealed(bare(session), digest, this.batchesOf(object));
        this.keepSealed(object, session.sealed_batches, session.sealed_event_ids);
        this.storage.sql.exec(`DROP TABLE batch_${object}`);
      }
      this.keep({ session: { ...bare(session), touched_at }, sealed_digest: encodeDigest(digest) });
    });
  }

  /** Takes the alarm with it. */
  async clear(): Promise<void> {
    this.tables = [];
    await this.storage.deleteAll();
  }

  private atRest(): AtRest | null {
    const kept = this.storage.kv.get<AtRest>('session');
    if (kept || this.tables.length === 0) return kept ?? null;
    const [first] = this.all(`SELECT opening FROM batch_${this.tables[0]} WHERE opening IS NOT NULL`);
    return first ? JSON.parse(String(first.opening)) : null;
  }

  private keep(atRest: AtRest): void {
    this.storage.kv.put('session', atRest);
  }

  private keepSealed(object: number, batches: Sealed['batches'], event_ids: string[]): void {
    for (let at = 0; at < Math.max(batches.length, event_ids.length); at += PORTION) {
      const portion = { batches: batches.slice(at, at + PORTION), event_ids: event_ids.slice(at, at + PORTION) };
      this.storage.kv.put(`sealed:${object}:${at}`, portion);
    }
  }

  private sealed(): Sealed {
    const portions = [...this.storage.kv.list<Sealed>({ prefix: 'sealed:' })].map(([, portion]) => portion);
    return {
      batches: portions.flatMap(({ batches }) => batches),
      event_ids: portions.flatMap(({ event_ids }) => event_ids),
    };
  }

  private measure(): void {
    const newest = this.tables.at(-1);
    if (newest === undefined) return;
    const [row] = this.all(`SELECT sum(length(events)) AS bytes, sum(accepted) AS events FROM batch_${newest}`);
    this.bytes = Number(row?.bytes ?? 0);
    this.events = Number(row?.events ?? 0);
  }

  private *rowsOf(number: number, object: number | null): Generator<BatchRow> {
    const sql = `SELECT page_id, seq, received_at, accepted, rejected, events FROM batch_${number} ORDER BY page_id, seq`;
    for (const row of this.all(sql)) yield { ...row, object } as unknown as BatchRow;
  }

  private all(sql: string): Record<string, SqlStorageValue>[] {
    return this.storage.sql.exec(sql).toArray();
  }
}

/** What `add` keeps of a session that becomes hot; to be made before its first batch is admitted, which changes both. */
export function openingOf(session: HotSession, sealed: Digest | null): string {
  return JSON.stringify({ session: bare(session), sealed_digest: sealed && encodeDigest(sealed) } satisfies AtRest);
}

/** In UTF-8; a code unit takes 3 bytes at most. */
function isLarger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes;
}

function bare(session: HotSession): HotSession {
  return { ...session, sealed_batches: [], sealed_event_ids: [] };
}
