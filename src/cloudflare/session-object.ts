// One running session: a Durable Object whose SQLite holds its batches until its alarm seals them. Called by durable-hot-store.ts.
import { DurableObject } from 'cloudflare:workers';
import type { Digest } from '../analysis/digest.ts';
import type { EventBatch, StoredBatch } from '../format/batch.ts';
import { MIGRATIONS } from '../generated/migrations.ts';
import { bytesOf, HotState, openSession } from '../server/admission.ts';
import { type BatchRow, batchOf, encodeEvents } from '../server/hot-rows.ts';
import { addSealed, encodeDigest, recordText, rowOf, sealedDigestOf, sessionOf } from '../server/hot-session.ts';
import { compareBatches } from '../server/order.ts';
import type { Adoption, Arrival, HotSession, Receipt, SealPart } from '../server/ports.ts';
import { sealSession } from '../server/seal.ts';
import { readAppSettings } from '../server/settings.ts';
import { SqlCatalog } from '../server/sql-catalog.ts';
import { D1SqlDatabase } from './d1.ts';
import type { Bindings } from './env.ts';
import { R2ObjectStore } from './r2.ts';

/** A chunk's rows become one object; the table of a chunk is dropped whole, which costs no rows. */
const CHUNK = (number: number) => `CREATE TABLE IF NOT EXISTS batch_${number} (
  page_id TEXT NOT NULL, seq INTEGER NOT NULL, received_at INTEGER NOT NULL,
  accepted INTEGER NOT NULL, rejected INTEGER NOT NULL, events TEXT NOT NULL,
  PRIMARY KEY (page_id, seq)) WITHOUT ROWID`;
/** `record`: the session without the counters of the batches still here. */
const SESSION = `CREATE TABLE IF NOT EXISTS session (
  session_id TEXT NOT NULL, touched_at INTEGER NOT NULL, next_object INTEGER NOT NULL, record TEXT NOT NULL, sealed_digest TEXT)`;

const RETRY_MS = 60_000;
/** A session's object is the only one that writes its row. */
const LONE_WRITER = { alone: <T>(work: () => Promise<T>) => work(), note: () => undefined };

export class SessionObject extends DurableObject<Bindings> {
  private state: HotState | null = null;
  private erased = false;
  /** For tests: rows that were billed. */
  rowsWritten = 0;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.state = this.restore();
  }

  async append(batch: EventBatch, arrival: Arrival, adoption?: Adoption): Promise<Receipt> {
    const first = this.state === null;
    let state = this.state;
    if (!state) {
      if (!adoption) return { kind: 'unknown' };
      if (this.erased) return { kind: 'erased' };
      const opened = openSession(batch, arrival, adoption);
      if (!(opened instanceof HotState)) return opened;
      state = opened;
    }
    // Before the batch is counted in: `admit` changes the state that was adopted.
    const record = first ? recordText(state.session) : '';
    const sealedDigest = first && adoption?.kind === 'sealed' ? encodeDigest(adoption.digest) : null;
    const decision = state.admit(batch, arrival);
    if (decision.kind !== 'admitted') return decision;
    const { session } = state;
    try {
      this.ctx.storage.transactionSync(() => {
        if (first) {
          this.sql(SESSION);
          this.sql(
            'INSERT INTO session VALUES (?, ?, ?, ?, ?)',
            session.session_id,
            session.touched_at,
            session.next_object,
            record,
            sealedDigest,
          );
        }
        if (!this.chunks().includes(session.next_object)) this.sql(CHUNK(session.next_object));
        const { page_id, seq, accepted, rejected, events } = decision.batch;
        this.sql(
          `INSERT INTO batch_${session.next_object} VALUES (?, ?, ?, ?, ?, ?)`,
          page_id,
          seq,
          arrival.received_at,
          accepted,
          rejected,
          encodeEvents(page_id, seq, events),
        );
      });
    } catch (error) {
      this.state = this.restore();
      throw error;
    }
    this.state = state;
    if (first) void this.ctx.storage.setAlarm(Date.now() + sealAfterMs(this.env));
    if (first || decision.grown) this.ctx.waitUntil(this.writeRow());
    const { accepted, rejected } = decision.batch;
    return { kind: 'stored', accepted, rejected, first, grown: decision.grown };
  }

  private async writeRow(): Promise<void> {
    if (!this.state) return;
    const { session, digest } = this.state;
    await this.catalog()
      .upsert([rowOf({ session, digest }, 'live')])
      .catch((error) => console.error(error));
  }

  private catalog(): SqlCatalog {
    return new SqlCatalog(new D1SqlDatabase(this.env.DB), MIGRATIONS);
  }

  /** Sets an alarm where it was lost; false: nothing is hot here. Asked by the cron. */
  async lookAfter(): Promise<boolean> {
    if (!this.state) return false;
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now());
    return true;
  }

  /** Not `tail`: that name, like `fetch` and `alarm`, is a handler's and no RPC. */
  async read(): Promise<{ session: HotSession; batches: StoredBatch[] } | null> {
    if (!this.state) return null;
    const batches = this.chunks().flatMap((number) => this.rowsOf(number).map(batchOf));
    return { session: this.state.session, batches: batches.sort(compareBatches) };
  }

  async digest(): Promise<{ session: HotSession; digest: Digest } | null> {
    return this.state && { session: this.state.session, digest: this.state.digest };
  }

  /** Epoch ms of the last batch; 0 where a seal was begun; null: not hot. */
  async touchedAt(): Promise<number | null> {
    if (!this.state) return null;
    const { next_object, touched_at } = this.state.session;
    return this.chunks().some((number) => number < next_object) ? 0 : touched_at;
  }

  async planSeal(): Promise<{ session: HotSession; parts: SealPart[] } | null> {
    if (!this.state) return null;
    const { session } = this.state;
    if (this.chunks().includes(session.next_object)) {
      this.sql('UPDATE session SET next_object = ?', session.next_object + 1);
      session.next_object++;
    }
    const parts = this.chunks().map((object) => ({
      object,
      batches: this.rowsOf(object).map(batchOf).sort(compareBatches),
    }));
    return { session, parts };
  }

  /** Seals the session once it was idle long enough. A failure is tried again here: the runtime gives up after six times. */
  override async alarm(): Promise<void> {
    if (!this.state) return;
    const { session_id, touched_at } = this.state.session;
    const due = touched_at + sealAfterMs(this.env);
    if (due > Date.now()) return this.ctx.storage.setAlarm(due);
    const catalog = this.catalog();
    const hot = {
      planSeal: () => this.planSeal(),
      finishSeal: (_: string, objects: number[]) => this.finishSeal(objects),
      digests: async () =>
        new Map(this.state ? [[session_id, { session: this.state.session, digest: this.state.digest }]] : []),
    };
    try {
      await sealSession({ hot, objects: new R2ObjectStore(this.env.BUCKET), catalog }, LONE_WRITER, session_id);
      if (this.state) await this.ctx.storage.setAlarm(Date.now() + sealAfterMs(this.env));
      else await this.env.DB.prepare('DELETE FROM running WHERE session_id = ?').bind(session_id).run();
    } catch (error) {
      console.error(error);
      await this.ctx.storage.setAlarm(Date.now() + RETRY_MS);
    }
  }

  async finishSeal(objects: number[]): Promise<void> {
    if (!this.state) return;
    const chunks = this.chunks();
    const kept = chunks.filter((number) => !objects.includes(number));
    if (kept.length === 0) {
      for (const number of chunks) this.sql(`DROP TABLE batch_${number}`);
      await this.forget();
      return;
    }
    this.ctx.storage.transactionSync(() => {
      const row = this.sessionRow()!;
      const digest = sealedDigestOf(row);
      const sealed = chunks.filter((number) => objects.includes(number));
      const batches = sealed.flatMap((number) => this.rowsOf(number).map(batchOf)).sort(compareBatches);
      const session = addSealed(sessionOf(row), digest, batches);
      this.sql('UPDATE session SET record = ?, sealed_digest = ?', recordText(session), encodeDigest(digest));
      for (const number of sealed) this.sql(`DROP TABLE batch_${number}`);
    });
    this.state = this.restore();
  }

  async erase(): Promise<{ rows: number; events: number }> {
    const batches = this.chunks().flatMap((number) => this.rowsOf(number).map(batchOf));
    const rows = this.state ? batches.length + 1 : 0;
    const events = batches.reduce((sum, batch) => sum + batch.events.length, 0);
    await this.forget();
    this.erased = true;
    return { rows, events };
  }

  private async forget(): Promise<void> {
    this.state = null;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  private restore(): HotState | null {
    const row = this.sessionRow();
    if (!row) return null;
    const session = sessionOf(row);
    const state = new HotState(session, sealedDigestOf(row));
    const rows = this.chunks().flatMap((number) => this.rowsOf(number));
    for (const stored of rows) {
      const batch = batchOf(stored);
      state.restore(batch);
      session.event_count += batch.events.length;
      session.byte_count += bytesOf(batch.events);
      session.touched_at = Math.max(session.touched_at, stored.received_at);
    }
    return state;
  }

  private sessionRow(): Record<string, SqlStorageValue> | null {
    if (this.sql("SELECT 1 FROM sqlite_schema WHERE name = 'session'").length === 0) return null;
    return this.sql('SELECT * FROM session')[0] ?? null;
  }

  private chunks(): number[] {
    const rows = this.sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'batch\\_%' ESCAPE '\\'");
    return rows.map(({ name }) => Number(String(name).slice('batch_'.length))).sort((a, b) => a - b);
  }

  private rowsOf(number: number): BatchRow[] {
    return this.sql(`SELECT * FROM batch_${number} ORDER BY page_id, seq`) as unknown as BatchRow[];
  }

  private sql(text: string, ...params: SqlStorageValue[]): Record<string, SqlStorageValue>[] {
    const cursor = this.ctx.storage.sql.exec(text, ...params);
    const rows = cursor.toArray();
    this.rowsWritten += cursor.rowsWritten;
    return rows;
  }
}

function sealAfterMs(env: Bindings): number {
  return readAppSettings({ SEAL_AFTER_SECONDS: env.SEAL_AFTER_SECONDS }).sealAfterMs;
}
