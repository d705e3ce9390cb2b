// One running session: a Durable Object that holds its batches until its alarm puts them into R2. It alone writes its session's row in D1. Called by durable-hot-store.ts.
import { DurableObject } from 'cloudflare:workers';
import type { EventBatch } from '../format/batch.ts';
import { MIGRATIONS } from '../generated/migrations.ts';
import { HotState, openSession } from '../server/admission.ts';
import { findingsAtSeal } from '../server/findings.ts';
import type { BatchRow } from '../server/hot-rows.ts';
import { originOf, rowOf } from '../server/hot-session.ts';
import type { Adoption, Arrival, HotSession, Receipt, Running, SealPart } from '../server/ports.ts';
import { deleteObjects, putObject } from '../server/session-objects.ts';
import { readAppSettings } from '../server/settings.ts';
import { readThresholds } from '../server/signals-setting.ts';
import { SqlCatalog } from '../server/sql-catalog.ts';
import { D1SqlDatabase } from './d1.ts';
import { type ObjectBindings, variablesOf } from './object-env.ts';
import { R2ObjectStore } from './r2.ts';
import { register, unregister } from './running.ts';
import { openingOf, SessionRows } from './session-object-rows.ts';

/** ms between two writes of the session's row while it runs. */
const ROW_PAUSE = 60_000;
/** ms after which a seal that failed is tried again. */
const RETRY = 60_000;
/** The first alarm comes this much later than it could: a session of some minutes needs no second one. */
const STRETCH = 1.25;
/** Objects that a seal reads back for what is found in a session: the free plan allows 50 questions in all. */
const OBJECTS_READ = 30;

export class SessionObject extends DurableObject<ObjectBindings> {
  private readonly rows: SessionRows;
  private state: HotState | null;
  /** It was erased since this instance began; an older erasure is known to D1. */
  private erased = false;
  private sealing: Promise<void> | null = null;
  /** Epoch ms at which this instance wrote the row; anew after every start, so that a lost D1 fills up again. */
  private rowWrittenAt = Number.NEGATIVE_INFINITY;
  private lastWrite: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: ObjectBindings) {
    super(ctx, env);
    this.rows = new SessionRows(ctx.storage);
    this.state = this.rows.load();
  }

  /** The answer leaves once all written here is durable: the runtime holds it back. Nothing is awaited, so that all of it is kept or nothing. */
  async append(batch: EventBatch, arrival: Arrival, adoption?: Adoption): Promise<Receipt> {
    const first = this.state === null;
    if ((first || this.erased) && !adoption) return { kind: 'unknown' };
    if (this.erased) return { kind: 'erased' };
    const state = this.state ?? openSession(batch, arrival, adoption!);
    if (!(state instanceof HotState)) return state;
    const { session } = state;
    const sealed = adoption?.kind === 'sealed' ? adoption.digest : null;
    const opening = first ? openingOf(session, sealed) : null;
    const decision = state.admit(batch, arrival);
    if (decision.kind !== 'admitted') return decision;
    let added = false;
    let full = false;
    try {
      this.ctx.storage.transactionSync(() => {
        added = this.rows.add(session, decision.batch, arrival.received_at, opening);
        full = added && this.rows.isFull();
        if (full) this.rows.close(session);
      });
    } catch (error) {
      this.state = this.rows.load();
      throw error;
    }
    if (!added) {
      // It was counted in already.
      this.state = this.rows.load();
      return { kind: 'refused', limit: 'bytes' };
    }
    this.state = state;
    if (full) this.setAlarm(Date.now());
    else if (first) this.setAlarm(Date.now() + STRETCH * this.sealAfter());
    if (first || Date.now() - this.rowWrittenAt >= ROW_PAUSE) this.ctx.waitUntil(this.writeRow(first));
    const { accepted, rejected } = decision.batch;
    return { kind: 'stored', accepted, rejected, first, grown: decision.grown };
  }

  /** Not `tail`: that name, like `fetch` and `alarm`, is a handler's and no RPC. Rows are smaller on their way than events. */
  async read(): Promise<{ session: HotSession; rows: BatchRow[] } | null> {
    return this.state && { session: this.state.session, rows: [...this.rows.rows()] };
  }

  /** Without the names of sealed batches: a list does not need them, and a day has thousands. */
  async digest(): Promise<Running | null> {
    return this.state && { session: originOf(this.state.session), digest: this.state.digest };
  }

  /** Epoch ms of the last batch; 0 where a seal was begun; null: not hot. */
  async touchedAt(): Promise<number | null> {
    if (!this.state) return null;
    const { session } = this.state;
    return this.rows.closed(session).length > 0 ? 0 : session.touched_at;
  }

  /** Sets an alarm where it was lost; false: nothing is hot here. Asked by the cron. */
  async lookAfter(): Promise<boolean> {
    if (!this.state) return false;
    if ((await this.ctx.storage.getAlarm()) === null) this.setAlarm(Date.now());
    return true;
  }

  async planSeal(): Promise<{ session: HotSession; rows: BatchRow[] } | null> {
    if (this.state) this.rows.close(this.state.session);
    return this.read();
  }

  async finishSeal(objects: number[]): Promise<void> {
    await this.finish(objects, true);
  }

  /** A seal that is under way ends first: what it put is then there to be deleted. */
  async erase(): Promise<{ rows: number; events: number }> {
    this.erased = true;
    await this.sealing?.catch(() => undefined);
    if (!this.state) return { rows: 0, events: 0 };
    const numbers = this.rows.numbers();
    const batches = numbers.flatMap((number) => this.rows.batchesOf(number));
    await this.forget();
    return { rows: batches.length + 1, events: batches.reduce((sum, { events }) => sum + events.length, 0) };
  }

  /** Seals what is due. A failure is tried again from here: the runtime itself gives up after some times. */
  override async alarm(): Promise<void> {
    let next = 0;
    try {
      this.sealing = this.seal();
      await this.sealing;
    } catch (error) {
      console.error(error);
      next = Date.now() + RETRY;
    }
    this.sealing = null;
    if (!this.state) return;
    const { session } = this.state;
    const due = this.rows.closed(session).length > 0 ? Date.now() : session.touched_at + this.sealAfter();
    this.setAlarm(Math.max(next, due));
  }

  /** Puts closed tables into objects one after the other; all there is, where the session is over. Every step can be repeated. */
  private async seal(): Promise<void> {
    if (!this.state) return;
    const { session } = this.state;
    const over = session.touched_at + this.sealAfter() <= Date.now();
    if (over) this.rows.close(session);
    for (const object of this.rows.closed(session)) {
      const { clock_offset } = session;
      const batches = this.rows.batchesOf(object);
      await putObject(this.objects(), { object, session: originOf(session), clock_offset, batches });
      await this.settle(session, [{ object, batches }], over);
    }
    if (over && this.rows.numbers().length === 0) await this.settle(session, [], over);
  }

  /** These objects are there: the row says so, then they are forgotten here. */
  private async settle(session: HotSession, parts: SealPart[], over: boolean): Promise<void> {
    if (!this.state) return;
    const { session_id, started_at } = session;
    const objects = parts.map(({ object }) => object);
    const isLast = () => over && this.rows.numbers().every((number) => objects.includes(number));
    const thresholds = readThresholds(variablesOf(this.env).SIGNALS);
    const findings = isLast() ? await findingsAtSeal(this.objects(), session, parts, thresholds, OBJECTS_READ) : [];
    await this.alone(async () => {
      if (!this.state) return;
      if (this.erased || (await this.catalog().erasedAt(session_id)) !== null) {
        await deleteObjects(this.objects(), session_id, started_at);
        await this.database().batch([unregister(session_id)]);
        return this.forget();
      }
      const status = isLast() ? 'ended' : 'live';
      await this.catalog().upsert([rowOf(this.state, status, status === 'ended' ? findings : [])]);
      await this.finish(objects, over);
      if (!this.state) await this.database().batch([unregister(session_id)]);
      // A batch came while the row was written.
      else if (status === 'ended') this.ctx.waitUntil(this.writeRow(true));
    });
  }

  /** `over`: a session that has nothing else is forgotten. */
  private async finish(objects: number[], over: boolean): Promise<void> {
    if (!this.state) return;
    if (over && this.rows.numbers().every((number) => objects.includes(number))) return this.forget();
    this.rows.drop(objects, this.state.session.touched_at);
    this.state = this.rows.load();
  }

  private async forget(): Promise<void> {
    this.state = null;
    this.rowWrittenAt = Number.NEGATIVE_INFINITY;
    await this.rows.clear();
  }

  /** The row as it is now. `registers`: the list of running sessions may have lost it to a seal that ended just now. */
  private async writeRow(registers: boolean): Promise<void> {
    const isFirst = this.rowWrittenAt === Number.NEGATIVE_INFINITY;
    this.rowWrittenAt = Date.now();
    try {
      await this.alone(async () => {
        if (!this.state || this.erased) return;
        const { session_id } = this.state.session;
        if (registers || isFirst) await this.database().batch([register(session_id)]);
        if (this.state) await this.catalog().upsert([rowOf(this.state, 'live')]);
      });
    } catch (error) {
      // The next batch, a minute from now, or the seal writes it.
      console.error(error);
    }
  }

  /** One writer of the row at a time, so that none is replaced by an older one. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.lastWrite.then(work, work);
    this.lastWrite = run.catch(() => undefined);
    return run;
  }

  /** In the same turn as what it is for: durable with it or not at all. */
  private setAlarm(at: number): void {
    void this.ctx.storage.setAlarm(at);
  }

  private sealAfter(): number {
    const { SEAL_AFTER_SECONDS } = variablesOf(this.env);
    return readAppSettings({ SEAL_AFTER_SECONDS }).sealAfterMs;
  }

  private database(): D1SqlDatabase {
    return new D1SqlDatabase(this.env.DB);
  }

  private catalog(): SqlCatalog {
    return new SqlCatalog(this.database(), MIGRATIONS);
  }

  private objects(): R2ObjectStore {
    return new R2ObjectStore(this.env.BUCKET);
  }
}
