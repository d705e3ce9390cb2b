// HotStore over one Durable Object per session. Which sessions are hot stands in D1's table `running`. Made by app.ts.
import type { EventBatch, StoredBatch } from '../format/batch.ts';
import { attemptEach } from '../server/attempt-each.ts';
import { type BatchRow, batchOf, sealPartsOf } from '../server/hot-rows.ts';
import { compareBatches } from '../server/order.ts';
import {
  type Adoption,
  type Arrival,
  type HotSession,
  type HotStore,
  type Receipt,
  type Running,
  type SealPart,
  StoreBusy,
  StoreUnavailable,
} from '../server/ports.ts';
import type { SqlDatabase } from '../server/sql-database.ts';
import type { Budget } from './budget.ts';
import { register, unregister } from './running.ts';
import type { SessionObject } from './session-object.ts';

/** What the object answers, as it arrives here. */
type SessionRows = { session: HotSession; rows: BatchRow[] } | null;

const PAGE = 500;
/** Running sessions that one step of looking after looks through. */
const LOOKED_THROUGH = 1000;

export class DurableHotStore implements HotStore {
  private readonly namespace: DurableObjectNamespace<SessionObject>;
  private readonly db: SqlDatabase;
  private readonly prefix: string;
  private readonly budget: Budget | undefined;

  /** `prefix` keeps stores of one namespace apart, in tests. */
  constructor(namespace: DurableObjectNamespace<SessionObject>, db: SqlDatabase, prefix = '', budget?: Budget) {
    this.namespace = namespace;
    this.db = db;
    this.prefix = prefix;
    this.budget = budget;
  }

  async append(batch: EventBatch, arrival: Arrival, adoption?: Adoption): Promise<Receipt> {
    const { session_id } = arrival;
    // Before the first batch is durable: a session that is hot is always known.
    if (adoption) await this.db.batch([register(this.prefix + session_id)]);
    return this.ask(session_id, (stub) => stub.append(batch, arrival, adoption) as Promise<Receipt>);
  }

  async tail(sessionId: string): Promise<{ session: HotSession; batches: StoredBatch[] } | null> {
    const rows = await this.ask(sessionId, (stub) => stub.read() as Promise<SessionRows>);
    return rows && { session: rows.session, batches: rows.rows.map(batchOf).sort(compareBatches) };
  }

  async digests(sessionIds: string[]): Promise<Map<string, Running>> {
    const digestOf = (id: string) => this.ask(id, (stub) => stub.digest() as Promise<Running | null>);
    const found = await Promise.all(sessionIds.map(digestOf));
    return new Map(sessionIds.flatMap((id, i) => (found[i] ? [[id, found[i]] as const] : [])));
  }

  /** Asks every running session: for tests, and for small installations by hand; sessions seal themselves. */
  async idle(before: number, limit: number): Promise<string[]> {
    const idle: { id: string; at: number }[] = [];
    for await (const id of this.sessions()) {
      const at = await this.ask(id, (stub) => stub.touchedAt());
      if (at !== null && (at === 0 || at < before)) idle.push({ id, at });
    }
    idle.sort((a, b) => a.at - b.at);
    return idle.slice(0, limit).map(({ id }) => id);
  }

  async *sessions(after = ''): AsyncGenerator<string> {
    let last = this.prefix + after;
    for (;;) {
      const sql = 'SELECT session_id FROM running WHERE session_id > ? AND session_id < ? ORDER BY session_id LIMIT ?';
      const rows = await this.db.all(sql, [last, `${this.prefix}~`, PAGE]);
      for (const row of rows) yield String(row.session_id).slice(this.prefix.length);
      if (rows.length < PAGE) return;
      last = String(rows.at(-1)!.session_id);
    }
  }

  async planSeal(sessionId: string): Promise<{ session: HotSession; parts: SealPart[] } | null> {
    const rows = await this.ask(sessionId, (stub) => stub.planSeal() as Promise<SessionRows>);
    return rows && { session: rows.session, parts: sealPartsOf(rows.rows) };
  }

  async finishSeal(sessionId: string, objects: number[]): Promise<void> {
    await this.ask(sessionId, (stub) => stub.finishSeal(objects));
    if ((await this.ask(sessionId, (stub) => stub.touchedAt())) === null) await this.forget(sessionId);
  }

  async erase(sessionId: string): Promise<{ rows: number; events: number }> {
    const erased = await this.ask(sessionId, (stub) => stub.erase());
    await this.forget(sessionId);
    return erased;
  }

  /**
   * Sees to running sessions whose alarm may have been lost, at most `limit`, from a random id on and around to the first;
   * false: there are none. `before`: epoch ms, younger ones are left alone. So that a step is bounded, of many that are
   * young only the next `LOOKED_THROUGH` are seen; the next step begins elsewhere.
   */
  async lookAfter(before: number, limit: number): Promise<boolean> {
    const [random] = crypto.getRandomValues(new Uint16Array(1));
    const from = random!.toString(16).padStart(4, '0');
    const ids = await this.runningBefore(before, from, '~', limit);
    if (ids.length < limit) ids.push(...(await this.runningBefore(before, '', from, limit - ids.length)));
    await attemptEach(ids, async (id) => {
      if (!(await this.ask(id, (stub) => stub.lookAfter()))) await this.forget(id);
    });
    return ids.length > 0;
  }

  /** Of the first `LOOKED_THROUGH` ids from `from` to before `to` those that began before `before` (epoch ms), or of which nothing is known. */
  private async runningBefore(before: number, from: string, to: string, limit: number): Promise<string[]> {
    const sql = `SELECT r.session_id FROM (
  SELECT session_id FROM running WHERE session_id >= ? AND session_id < ? ORDER BY session_id LIMIT ?
) AS r LEFT JOIN session AS s ON s.session_id = r.session_id WHERE coalesce(s.started_at, 0) < ? ORDER BY 1 LIMIT ?`;
    const rows = await this.db.all(sql, [this.prefix + from, this.prefix + to, LOOKED_THROUGH, before, limit]);
    return rows.map((row) => String(row.session_id).slice(this.prefix.length));
  }

  async probe(): Promise<void> {
    await this.ask('probe', (stub) => stub.touchedAt());
  }

  private async forget(sessionId: string): Promise<void> {
    await this.db.batch([unregister(this.prefix + sessionId)]);
  }

  private async ask<T>(id: string, question: (stub: DurableObjectStub<SessionObject>) => Promise<T>): Promise<T> {
    this.budget?.spend('hot');
    try {
      return await question(this.namespace.getByName(`${this.prefix}${id}`));
    } catch (error) {
      // More requests than one object can take: nothing is wrong with it.
      const Failure = (error as { overloaded?: boolean }).overloaded ? StoreBusy : StoreUnavailable;
      throw new Failure('hot', false, { cause: error });
    }
  }
}
