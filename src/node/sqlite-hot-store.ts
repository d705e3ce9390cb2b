// HotStore in SQLite with group commit: every batch that arrives while one transaction is written goes into the next. Opened by stores.ts.
import type { DatabaseSync } from 'node:sqlite';
import { addEvents, type Digest } from '../analysis/digest.ts';
import type { EventBatch, StoredBatch } from '../format/batch.ts';
import { HotState, openSession } from '../server/admission.ts';
import { encodeEvents } from '../server/hot-rows.ts';
import { encodeDigest, withSealed } from '../server/hot-session.ts';
import {
  type Adoption,
  type Arrival,
  type HotSession,
  type HotStore,
  type Receipt,
  type SealPart,
  StoreUnavailable,
} from '../server/ports.ts';
import {
  type BatchRow,
  batchOf,
  prepareStatements,
  prepareTables,
  recordText,
  sealedDigestOf,
  sessionOf,
} from './hot-tables.ts';
import { checkpoint, inTransaction, openDatabase, unavailable } from './sqlite.ts';

/** Batches, and bytes of them, that may wait for a transaction; more is refused at once instead of being answered late. */
const QUEUE_MAX = 10_000;
const QUEUE_BYTES_MAX = 64 * 1024 * 1024;
/** ms that a batch may wait for others to share its transaction. */
const CALM_MS = 4;
/** Sessions whose state is kept in memory; others are read from their rows again. */
const STATES_MAX = 50_000;
/** Ids of erased sessions that are remembered for requests that were under way. */
const ERASED_MAX = 100_000;

/** A session in memory. */
interface Hot {
  state: HotState;
  /** Its row is still to be inserted, with these texts of the time before its first batch. */
  insert: { record: string; sealedDigest: string | null } | null;
  /** It has batches in the queue. */
  waiting: boolean;
}

/** A batch that is admitted and not yet durable, and those who wait for it. */
interface Pending {
  hot: Hot;
  batch: StoredBatch;
  events: string;
}

interface Waiter {
  receipt: Receipt;
  resolve: (receipt: Receipt) => void;
  reject: (error: StoreUnavailable) => void;
}

export class SqliteHotStore implements HotStore {
  private readonly db: DatabaseSync;
  private readonly statements: ReturnType<typeof prepareStatements>;
  /** Least recently used first. */
  private readonly states = new Map<string, Hot>();
  private readonly erased = new Set<string>();
  private pending: Pending[] = [];
  private pendingBytes = 0;
  private waiters: Waiter[] = [];
  private lastFlushFailed = false;

  /** Throws DatabaseLocked where another process has the file, and an Error where a newer version made it. */
  constructor(path: string) {
    this.db = openDatabase(path, 'FULL');
    prepareTables(this.db, path);
    this.statements = prepareStatements(this.db);
  }

  append(batch: EventBatch, arrival: Arrival, adoption?: Adoption): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      const receipt = this.admit(batch, arrival, adoption);
      const settled =
        receipt.kind !== 'stored' && !(receipt.kind === 'duplicate' && this.isWaiting(arrival.session_id));
      if (settled) resolve(receipt);
      else this.waiters.push({ receipt, resolve, reject });
    });
  }

  async tail(sessionId: string): Promise<{ session: HotSession; batches: StoredBatch[] } | null> {
    const hot = this.settledState(sessionId);
    if (!hot) return null;
    return { session: { ...hot.state.session }, batches: this.rowsOf(sessionId).map(batchOf) };
  }

  async digests(sessionIds: string[]): Promise<Map<string, { session: HotSession; digest: Digest }>> {
    this.flush();
    const digests = new Map<string, { session: HotSession; digest: Digest }>();
    for (const id of sessionIds) {
      const state = this.find(id)?.state;
      if (state) digests.set(id, { session: { ...state.session }, digest: structuredClone(state.digest) });
    }
    return digests;
  }

  async idle(before: number, limit: number): Promise<string[]> {
    this.flush();
    return this.read(() => this.statements.idle.all(before, limit)).map((row) => String(row.session_id));
  }

  async *sessions(): AsyncGenerator<HotSession> {
    this.flush();
    let last = '';
    for (;;) {
      const rows = this.read(() => this.statements.sessions.all(last));
      for (const row of rows) yield sessionOf(row);
      if (rows.length === 0) return;
      last = String(rows.at(-1)!.session_id);
    }
  }

  async planSeal(sessionId: string): Promise<{ session: HotSession; parts: SealPart[] } | null> {
    const hot = this.settledState(sessionId);
    if (!hot) return null;
    const { session } = hot.state;
    this.write([hot], () => {
      const planned = this.statements.plan.run(session.next_object, sessionId).changes;
      if (planned === 0) return;
      session.next_object++;
      this.statements.planned.run(session.next_object, sessionId);
    });
    const parts = new Map<number, SealPart>();
    for (const row of this.rowsOf(sessionId)) {
      const object = row.object!;
      const part = parts.get(object) ?? { object, batches: [] };
      part.batches.push(batchOf(row));
      parts.set(object, part);
    }
    return { session: { ...session }, parts: [...parts.values()].sort((a, b) => a.object - b.object) };
  }

  async finishSeal(sessionId: string, objects: number[]): Promise<void> {
    const hot = this.settledState(sessionId);
    if (!hot) return;
    const rows = this.rowsOf(sessionId);
    const sealed = rows.filter((row) => row.object !== null && objects.includes(row.object));
    this.write([hot], () => {
      for (const object of objects) this.statements.deleteObject.run(sessionId, object);
      if (sealed.length === rows.length) this.statements.deleteSession.run(sessionId);
      else this.keepSealed(hot, sealed);
    });
    this.states.delete(sessionId);
  }

  async erase(sessionId: string): Promise<{ rows: number; events: number }> {
    const hot = this.settledState(sessionId);
    this.erased.add(sessionId);
    if (this.erased.size > ERASED_MAX) this.erased.delete(this.erased.values().next().value!);
    if (!hot) return { rows: 0, events: 0 };
    return this.write([hot], () => {
      const events = Number(this.statements.countEvents.get(sessionId)?.events ?? 0);
      const batches = Number(this.statements.deleteBatches.run(sessionId).changes);
      this.statements.deleteSession.run(sessionId);
      this.states.delete(sessionId);
      return { rows: batches + 1, events };
    });
  }

  /** Cheap while all is well; after a failure only a real write tells that the disk takes some again. */
  async probe(): Promise<void> {
    if (this.lastFlushFailed) this.write([], () => this.statements.probe.run());
    else this.read(() => this.statements.sessions.get(''));
    this.lastFlushFailed = false;
  }

  /** Makes what waits durable and empties the log, so that what was deleted is on the disk no more. */
  checkpoint(): void {
    this.flush();
    this.read(() => checkpoint(this.db));
  }

  close(): void {
    this.checkpoint();
    this.db.close();
  }

  private admit(batch: EventBatch, arrival: Arrival, adoption: Adoption | undefined): Receipt {
    if (this.pending.length >= QUEUE_MAX || this.pendingBytes >= QUEUE_BYTES_MAX) throw new StoreUnavailable('hot');
    const id = arrival.session_id;
    let hot = this.find(id);
    if (!hot) {
      if (!adoption) return { kind: 'unknown' };
      if (this.erased.has(id)) return { kind: 'erased' };
      const state = openSession(batch, arrival, adoption);
      if (!(state instanceof HotState)) return state;
      const sealedDigest = adoption.kind === 'sealed' ? encodeDigest(adoption.digest) : null;
      hot = { state, insert: { record: recordText(state.session), sealedDigest }, waiting: false };
    }
    const decision = hot.state.admit(batch, arrival, hot.insert !== null && adoption?.kind === 'new');
    if (decision.kind !== 'admitted') return decision;
    this.states.set(id, hot);
    this.enqueue(hot, decision.batch);
    const { accepted, rejected } = decision.batch;
    return { kind: 'stored', accepted, rejected, first: decision.first, grown: decision.grown };
  }

  private enqueue(hot: Hot, batch: StoredBatch): void {
    const events = encodeEvents(batch.page_id, batch.seq, batch.events);
    if (this.pending.length === 0) this.flushWhenCalm(0, performance.now());
    hot.waiting = true;
    this.pending.push({ hot, batch, events });
    this.pendingBytes += events.length;
  }

  /** Flushes once a turn of the event loop brings nothing more: bodies that are still being read join this transaction. */
  private flushWhenCalm(seen: number, since: number): void {
    setImmediate(() => {
      const waiting = this.pending.length;
      if (waiting > seen && performance.now() - since < CALM_MS) this.flushWhenCalm(waiting, since);
      else this.flush();
    });
  }

  /** Writes all that waits in one transaction and answers everybody. Never throws: the waiters get the error. */
  private flush(): void {
    if (this.pending.length === 0) return;
    const { pending, waiters } = this;
    this.pending = [];
    this.waiters = [];
    this.pendingBytes = 0;
    const touched = new Set(pending.map(({ hot }) => hot));
    try {
      this.write(touched, () => {
        for (const { hot, batch, events } of pending) {
          const { session_id } = hot.state.session;
          const { page_id, seq, accepted, rejected } = batch;
          this.statements.insertBatch.run(session_id, page_id, seq, accepted, rejected, batch.events.length, events);
        }
        for (const hot of touched) this.writeSession(hot);
      });
    } catch (error) {
      for (const { reject } of waiters) reject(error as StoreUnavailable);
      return;
    }
    for (const hot of touched) {
      hot.insert = null;
      hot.waiting = false;
    }
    for (const { resolve, receipt } of waiters) resolve(receipt);
    this.forgetOldest();
  }

  private writeSession({ state, insert }: Hot): void {
    const { session_id, touched_at, event_count, byte_count, next_object } = state.session;
    if (insert) {
      const { record, sealedDigest } = insert;
      this.statements.insertSession.run(
        session_id,
        touched_at,
        event_count,
        byte_count,
        next_object,
        record,
        sealedDigest,
      );
    } else {
      this.statements.updateSession.run(touched_at, event_count, byte_count, session_id);
    }
  }

  /** Some batches went into objects and others came since: the row remembers what the first amount to. */
  private keepSealed(hot: Hot, sealed: BatchRow[]): void {
    const { session } = hot.state;
    const batches = sealed.map(batchOf);
    const { session_id } = session;
    const row = this.statements.session.get(session_id)!;
    const digest = sealedDigestOf(row);
    for (const { events } of batches) addEvents(digest, events);
    this.statements.keepSealed.run(recordText(withSealed(session, batches)), encodeDigest(digest), session_id);
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
    const state = new HotState(sessionOf(row), sealedDigestOf(row));
    for (const batch of this.rowsOf(sessionId)) state.restore(batchOf(batch));
    const hot = { state, insert: null, waiting: false };
    this.states.set(sessionId, hot);
    return hot;
  }

  /** The state once nothing of it waits. */
  private settledState(sessionId: string): Hot | null {
    this.flush();
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

  private rowsOf(sessionId: string): BatchRow[] {
    return this.read(() => this.statements.batches.all(sessionId)) as unknown as BatchRow[];
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
