// HotStore in SQLite with group commit: every batch that arrives while one transaction is written goes into the next. Opened by stores.ts.
import type { DatabaseSync } from 'node:sqlite';
import type { Digest } from '../analysis/digest.ts';
import type { EventBatch, StoredBatch } from '../format/batch.ts';
import { HotState, openSession, restoreSession } from '../server/admission.ts';
import { type BatchRow, batchOf, encodeEvents, sealPartsOf } from '../server/hot-rows.ts';
import { addSealed, encodeDigest, recordText, sealedDigestOf, sessionOf } from '../server/hot-session.ts';
import {
  type Adoption,
  type Arrival,
  type HotSession,
  type HotStore,
  type Receipt,
  type SealPart,
  StoreBusy,
} from '../server/ports.ts';
import { CommitQueue } from './commit-queue.ts';
import { prepareStatements, prepareTables } from './hot-tables.ts';
import { checkpoint, copyDatabase, inTransaction, openDatabase, unavailable } from './sqlite.ts';

/** ms that a row's `touched_at` may be behind. */
const TOUCH_MS = 60_000;
/** Sessions whose state is kept in memory; others are read from their rows again. */
const STATES_MAX = 50_000;
/** Ids of erased sessions that are remembered for requests that were under way. */
const ERASED_MAX = 100_000;

/** A session in memory. */
interface Hot {
  state: HotState;
  /** Its row's number; 0 while the row is still to be inserted, with these texts of the time before its first batch. */
  number: number;
  insert: { record: string; sealedDigest: string | null } | null;
  /** `touched_at` as the row has it. */
  writtenTouch: number;
  /** It has batches in the queue. */
  waiting: boolean;
}

/** A batch that is admitted and not yet durable. */
interface Pending {
  hot: Hot;
  batch: StoredBatch;
  received_at: number;
  events: string;
}

export class SqliteHotStore implements HotStore {
  private readonly db: DatabaseSync;
  private readonly statements: ReturnType<typeof prepareStatements>;
  /** Least recently used first. */
  private readonly states = new Map<string, Hot>();
  private readonly erased = new Set<string>();
  private readonly queue = new CommitQueue<Pending, Receipt>((pending) => this.writePending(pending));
  private lastFlushFailed = false;

  /** Throws DatabaseLocked where another process has the file, and an Error where a newer version made it. */
  constructor(path: string) {
    this.db = openDatabase(path, 'FULL');
    prepareTables(this.db, path);
    this.statements = prepareStatements(this.db);
  }

  async append(batch: EventBatch, arrival: Arrival, adoption?: Adoption): Promise<Receipt> {
    const receipt = this.admit(batch, arrival, adoption);
    const waits = receipt.kind === 'stored' || (receipt.kind === 'duplicate' && this.isWaiting(arrival.session_id));
    return waits ? this.queue.settle(receipt) : receipt;
  }

  async tail(sessionId: string): Promise<{ session: HotSession; batches: StoredBatch[] } | null> {
    const hot = this.settledState(sessionId);
    if (!hot) return null;
    return { session: { ...hot.state.session }, batches: this.rowsOf(hot).map(batchOf) };
  }

  async digests(sessionIds: string[]): Promise<Map<string, { session: HotSession; digest: Digest }>> {
    this.queue.flush();
    const digests = new Map<string, { session: HotSession; digest: Digest }>();
    for (const id of sessionIds) {
      const state = this.find(id)?.state;
      if (state) digests.set(id, { session: { ...state.session }, digest: structuredClone(state.digest) });
    }
    return digests;
  }

  async idle(before: number, limit: number): Promise<string[]> {
    this.queue.flush();
    const ids = this.read(() => this.statements.beingSealed.all(limit)).map((row) => String(row.session_id));
    while (ids.length < limit) {
      const rows = this.read(() => this.statements.idle.all(before, limit));
      const late: Hot[] = [];
      for (const row of rows) {
        const id = String(row.session_id);
        const hot = this.find(id)!;
        if (hot.state.session.touched_at >= before) late.push(hot);
        else if (!ids.includes(id)) ids.push(id);
      }
      // Rows that were behind are brought up, so that they do not stand before others for ever.
      if (late.length === 0) break;
      this.write(late, () => {
        for (const hot of late) this.touch(hot);
      });
    }
    return ids.slice(0, limit);
  }

  async *sessions(after = ''): AsyncGenerator<string> {
    this.queue.flush();
    let last = after;
    for (;;) {
      const ids = this.read(() => this.statements.sessions.all(last)).map((row) => String(row.session_id));
      yield* ids;
      if (ids.length === 0) return;
      last = ids.at(-1)!;
    }
  }

  async planSeal(sessionId: string): Promise<{ session: HotSession; parts: SealPart[] } | null> {
    const hot = this.settledState(sessionId);
    if (!hot) return null;
    const { session } = hot.state;
    this.write([hot], () => {
      const planned = this.statements.plan.run(session.next_object, hot.number).changes;
      if (planned === 0) return;
      session.next_object++;
      this.statements.planned.run(session.next_object, hot.number);
    });
    return { session: { ...session }, parts: sealPartsOf(this.rowsOf(hot)) };
  }

  async finishSeal(sessionId: string, objects: number[]): Promise<void> {
    const hot = this.settledState(sessionId);
    if (!hot) return;
    const rows = this.rowsOf(hot);
    const sealed = rows.filter((row) => row.object !== null && objects.includes(row.object));
    this.write([hot], () => {
      for (const object of objects) this.statements.deleteObject.run(hot.number, object);
      if (sealed.length === rows.length) this.statements.deleteSession.run(hot.number);
      else this.keepSealed(hot, sealed);
    });
    this.states.delete(sessionId);
  }

  async erase(sessionId: string): Promise<{ rows: number; events: number }> {
    // First: where its rows cannot be removed now it takes no batch all the same.
    this.erased.add(sessionId);
    if (this.erased.size > ERASED_MAX) this.erased.delete(this.erased.values().next().value!);
    const hot = this.settledState(sessionId);
    if (!hot) return { rows: 0, events: 0 };
    return this.write([hot], () => {
      const events = Number(this.statements.countEvents.get(hot.number)?.events ?? 0);
      const batches = Number(this.statements.deleteBatches.run(hot.number).changes);
      this.statements.deleteSession.run(hot.number);
      this.states.delete(sessionId);
      return { rows: batches + 1, events };
    });
  }

  /** Cheap while all is well; after a failure only a row written, and taken back, tells that batches are taken again. */
  async probe(): Promise<void> {
    const { insertSession, deleteSession } = this.statements;
    if (this.lastFlushFailed)
      this.write([], () => deleteSession.run(insertSession.run('', 0, 0, '{}', null).lastInsertRowid));
    else this.read(() => this.statements.sessions.get(''));
    this.lastFlushFailed = false;
  }

  /** Makes what waits durable and empties the log, so that what was deleted is on the disk no more. */
  checkpoint(): void {
    this.queue.flush();
    this.read(() => checkpoint(this.db));
  }

  /** Copies all that is acknowledged into a new file, while batches go on coming. */
  async copyTo(path: string): Promise<void> {
    this.queue.flush();
    await copyDatabase(this.db, path);
  }

  close(): void {
    this.checkpoint();
    this.db.close();
  }

  private admit(batch: EventBatch, arrival: Arrival, adoption: Adoption | undefined): Receipt {
    if (this.queue.isFull) throw new StoreBusy('hot');
    const id = arrival.session_id;
    if (this.erased.has(id)) return { kind: 'erased' };
    let hot = this.find(id);
    const first = !hot;
    if (!hot) {
      if (!adoption) return { kind: 'unknown' };
      const state = openSession(batch, arrival, adoption);
      if (!(state instanceof HotState)) return state;
      const sealedDigest = adoption.kind === 'sealed' ? encodeDigest(adoption.digest) : null;
      const insert = { record: recordText(state.session), sealedDigest };
      hot = { state, number: 0, insert, writtenTouch: 0, waiting: false };
    }
    const decision = hot.state.admit(batch, arrival);
    if (decision.kind !== 'admitted') return decision;
    this.states.set(id, hot);
    this.enqueue(hot, decision.batch, arrival.received_at);
    const { accepted, rejected } = decision.batch;
    return { kind: 'stored', accepted, rejected, first, grown: decision.grown };
  }

  private enqueue(hot: Hot, batch: StoredBatch, received_at: number): void {
    const events = encodeEvents(batch.page_id, batch.seq, batch.events);
    hot.waiting = true;
    this.queue.add({ hot, batch, received_at, events }, events.length);
  }

  private writePending(pending: Pending[]): void {
    const touched = new Set(pending.map(({ hot }) => hot));
    this.write(touched, () => {
      for (const hot of touched) this.writeSession(hot);
      for (const { hot, batch, received_at, events } of pending) {
        const { page_id, seq, accepted, rejected } = batch;
        const count = batch.events.length;
        this.statements.insertBatch.run(hot.number, page_id, seq, received_at, accepted, rejected, count, events);
      }
    });
    for (const hot of touched) {
      hot.insert = null;
      hot.waiting = false;
    }
    this.forgetOldest();
  }

  private writeSession(hot: Hot): void {
    const { session_id, touched_at, next_object } = hot.state.session;
    if (hot.insert) {
      const { record, sealedDigest } = hot.insert;
      const inserted = this.statements.insertSession.run(session_id, touched_at, next_object, record, sealedDigest);
      hot.number = Number(inserted.lastInsertRowid);
      hot.writtenTouch = touched_at;
    } else if (touched_at - hot.writtenTouch >= TOUCH_MS) this.touch(hot);
  }

  private touch(hot: Hot): void {
    const { touched_at } = hot.state.session;
    this.statements.touch.run(touched_at, hot.number);
    hot.writtenTouch = touched_at;
  }

  /** Some batches went into objects and others came since: the row remembers what the first amount to. */
  private keepSealed(hot: Hot, sealed: BatchRow[]): void {
    const row = this.statements.session.get(hot.state.session.session_id)!;
    const digest = sealedDigestOf(row);
    const session = addSealed(sessionOf(row), digest, sealed.map(batchOf));
    this.statements.keepSealed.run(recordText(session), encodeDigest(digest), hot.number);
  }

  private find(sessionId: string): Hot | null {
    const known = this.states.get(sessionId);
    if (known) {
      this.states.delete(sessionId);
      this.states.set(sessionId, known);
      return known;
    }
    const row = this.read(() => this.statements.session.get(sessionId));
    if (!row) return null;
    const session = sessionOf(row);
    const number = Number(row.number);
    const state = restoreSession(session, sealedDigestOf(row), this.rowsOf({ number }));
    const hot = { state, number, insert: null, writtenTouch: session.touched_at, waiting: false };
    this.states.set(sessionId, hot);
    return hot;
  }

  /** The state once nothing of it waits. */
  private settledState(sessionId: string): Hot | null {
    this.queue.flush();
    return this.find(sessionId);
  }

  private isWaiting(sessionId: string): boolean {
    return this.states.get(sessionId)?.waiting ?? false;
  }

  private forgetOldest(): void {
    for (const id of this.states.keys()) {
      if (this.states.size <= STATES_MAX) return;
      this.states.delete(id);
    }
  }

  private rowsOf(hot: Pick<Hot, 'number'>): BatchRow[] {
    return this.read(() => this.statements.batches.all(hot.number)) as unknown as BatchRow[];
  }

  private read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw unavailable('hot', error);
    }
  }

  /** One transaction; if it fails, the memory of these sessions is ahead of their rows and is thrown away. */
  private write<T>(touched: Iterable<Hot>, work: () => T): T {
    try {
      return inTransaction(this.db, work);
    } catch (error) {
      this.lastFlushFailed = true;
      for (const { state } of touched) this.states.delete(state.session.session_id);
      throw unavailable('hot', error);
    }
  }
}
