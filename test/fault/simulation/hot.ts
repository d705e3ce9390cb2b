// HotStore with a log on the simulated disk: real admission, rows and seals, group commit, and nothing answered before it is synced. Used by server.ts.
import type { Digest } from '../../../src/analysis/digest.ts';
import type { EventBatch, StoredBatch } from '../../../src/format/batch.ts';
import { HotState, openSession, restoreSession } from '../../../src/server/admission.ts';
import { type BatchRow, batchOf, encodeEvents, sealPartsOf } from '../../../src/server/hot-rows.ts';
import { addSealed, encodeDigest, recordText, sealedDigestOf, sessionOf } from '../../../src/server/hot-session.ts';
import { compareBatches } from '../../../src/server/order.ts';
import {
  type Adoption,
  type Arrival,
  type HotSession,
  type HotStore,
  type Receipt,
  type Running,
  type SealPart,
  StoreUnavailable,
} from '../../../src/server/ports.ts';
import type { Chance } from './chance.ts';
import { type Disk, DiskError } from './disk.ts';
import type { Life, Scheduler } from './scheduler.ts';

const LOG = 'hot/log';

interface Row {
  session_id: string;
  touched_at: number;
  next_object: number;
  record: string;
  sealed_digest: string | null;
}

/** A line of the log: all of it counts, or nothing. */
interface Line {
  id: string;
  row?: Row | undefined;
  batch?: BatchRow;
  plan?: number;
  sealed?: number[];
  gone?: true;
}

interface Waiter {
  resolve: () => void;
  reject: (error: Error) => void;
}

export class DiskHotStore implements HotStore {
  private readonly disk: Disk;
  private readonly chance: Chance;
  private readonly scheduler: Scheduler;
  private readonly life: Life;
  private rows = new Map<string, { row: Row; batches: BatchRow[] }>();
  private readonly states = new Map<string, HotState>();
  private readonly erased = new Set<string>();
  private waiting: string[] = [];
  private waiters: Waiter[] = [];
  private writing: Promise<void> | null = null;

  constructor(disk: Disk, chance: Chance, scheduler: Scheduler, life: Life) {
    this.disk = disk;
    this.chance = chance;
    this.scheduler = scheduler;
    this.life = life;
    this.recover();
  }

  async append(batch: EventBatch, arrival: Arrival, adoption?: Adoption): Promise<Receipt> {
    const id = arrival.session_id;
    await this.turn(`append ${id.slice(0, 4)} ${batch.seq}`);
    let state = this.find(id);
    let row: Row | undefined;
    const first = !state;
    if (!state) {
      if (!adoption) return { kind: 'unknown' };
      if (this.erased.has(id)) return { kind: 'erased' };
      const opened = openSession(batch, arrival, adoption);
      if (!(opened instanceof HotState)) return opened;
      const { session } = opened;
      row = {
        session_id: id,
        touched_at: session.touched_at,
        next_object: session.next_object,
        record: recordText(session),
        sealed_digest: adoption.kind === 'sealed' ? encodeDigest(adoption.digest) : null,
      };
      state = opened;
    }
    const decision = state.admit(batch, arrival);
    if (decision.kind === 'duplicate') {
      await this.flushed();
      // That one was undone.
      if (!first && !this.find(id)?.answerTo(batch)) throw new StoreUnavailable('hot');
    }
    if (decision.kind !== 'admitted') return decision;
    this.states.set(id, state);
    const { page_id, seq, accepted, rejected, events } = decision.batch;
    const stored = { page_id, seq, accepted, rejected, object: null, received_at: arrival.received_at };
    await this.commit({ id, row, batch: { ...stored, events: encodeEvents(page_id, seq, events) } });
    if (this.chance.fails(0.01)) throw new StoreUnavailable('hot');
    return { kind: 'stored', accepted, rejected, first, grown: decision.grown };
  }

  async tail(sessionId: string): Promise<{ session: HotSession; batches: StoredBatch[] } | null> {
    await this.settled(`tail ${sessionId.slice(0, 4)}`);
    const state = this.find(sessionId);
    return state && { session: structuredClone(state.session), batches: this.batchesOf(sessionId).map(batchOf) };
  }

  async digests(sessionIds: string[]): Promise<Map<string, Running>> {
    await this.settled('digests');
    const digests = new Map<string, { session: HotSession; digest: Digest }>();
    for (const id of sessionIds) {
      const state = this.find(id);
      if (state) digests.set(id, structuredClone({ session: state.session, digest: state.digest }));
    }
    return digests;
  }

  async idle(before: number, limit: number): Promise<string[]> {
    await this.settled('idle');
    const isIdle = (id: string) =>
      this.find(id)!.session.touched_at < before || this.batchesOf(id).some(({ object }) => object !== null);
    return [...this.rows.keys()].sort().filter(isIdle).slice(0, limit);
  }

  async *sessions(after = ''): AsyncGenerator<string> {
    await this.settled('sessions');
    yield* [...this.rows.keys()].filter((id) => id > after).sort();
  }

  async planSeal(sessionId: string): Promise<{ session: HotSession; parts: SealPart[] } | null> {
    await this.settled(`plan ${sessionId.slice(0, 4)}`);
    const state = this.find(sessionId);
    if (!state) return null;
    if (this.batchesOf(sessionId).some(({ object }) => object === null))
      await this.commit({ id: sessionId, plan: state.session.next_object++ });
    const session = this.find(sessionId)?.session;
    return session ? { session: { ...session }, parts: sealPartsOf(this.batchesOf(sessionId)) } : null;
  }

  async finishSeal(sessionId: string, objects: number[]): Promise<void> {
    await this.settled(`finish ${sessionId.slice(0, 4)}`);
    const entry = this.rows.get(sessionId);
    if (!entry) return;
    const sealed = entry.batches.filter(({ object }) => object !== null && objects.includes(object));
    if (sealed.length === entry.batches.length) await this.commit({ id: sessionId, gone: true });
    else {
      const digest = sealedDigestOf({ ...entry.row });
      const session = addSealed(sessionOf({ number: 0, ...entry.row }), digest, sealed.map(batchOf));
      const row = { ...entry.row, record: recordText(session), sealed_digest: encodeDigest(digest) };
      await this.commit({ id: sessionId, row, sealed: objects });
    }
  }

  async erase(sessionId: string): Promise<{ rows: number; events: number }> {
    await this.settled(`erase ${sessionId.slice(0, 4)}`);
    this.erased.add(sessionId);
    const batches = this.batchesOf(sessionId).map(batchOf);
    if (!this.rows.has(sessionId)) return { rows: 0, events: 0 };
    await this.commit({ id: sessionId, gone: true });
    return { rows: batches.length + 1, events: batches.reduce((sum, { events }) => sum + events.length, 0) };
  }

  async probe(): Promise<void> {}

  private find(id: string): HotState | null {
    const known = this.states.get(id);
    const entry = this.rows.get(id);
    if (known || !entry) return known ?? null;
    const session = sessionOf({ number: 0, ...entry.row });
    const state = restoreSession(session, sealedDigestOf({ ...entry.row }), entry.batches);
    this.states.set(id, state);
    return state;
  }

  private batchesOf(id: string): BatchRow[] {
    return this.rows.get(id)?.batches ?? [];
  }

  private async turn(what: string): Promise<void> {
    await this.scheduler.turn(this.life, what);
    if (this.chance.fails(0.01)) throw new StoreUnavailable('hot');
  }

  /** After this nothing waits to be durable. */
  private async settled(what: string): Promise<void> {
    await this.turn(what);
    await this.flushed();
  }

  private async flushed(): Promise<void> {
    while (this.writing) await this.writing;
  }

  /** Does what the line says and resolves once it is durable; where it cannot be made so, it is undone. */
  private commit(line: Line): Promise<void> {
    this.apply(line);
    const text = JSON.stringify(line);
    this.waiting.push(`${text.length} ${text}\n`);
    const done = new Promise<void>((resolve, reject) => this.waiters.push({ resolve, reject }));
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
    return done;
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.scheduler.turn(this.life, 'write the hot log');
      const lines = this.waiting.splice(0);
      const waiters = this.waiters.splice(0);
      const length = this.disk.read(LOG)?.length ?? 0;
      try {
        this.disk.append(LOG, new TextEncoder().encode(lines.join('')));
        await this.scheduler.turn(this.life, 'sync the hot log');
        this.disk.sync(LOG);
        this.disk.syncNames(LOG);
      } catch (error) {
        this.disk.cut(LOG, length);
        this.waiting = [];
        const failure = new StoreUnavailable('hot', error instanceof DiskError && error.full, { cause: error });
        for (const { reject } of [...waiters, ...this.waiters.splice(0)]) reject(failure);
        this.recover();
        return;
      }
      for (const { resolve } of waiters) resolve();
    }
  }

  private apply({ id, row, batch, plan, sealed, gone }: Line): void {
    const entry = this.rows.get(id) ?? { row: row!, batches: [] };
    if (gone) {
      this.rows.delete(id);
      this.states.delete(id);
      return;
    }
    this.rows.set(id, entry);
    if (row) entry.row = { ...row };
    if (batch) entry.batches = [...entry.batches, { ...batch }].sort(compareBatches);
    if (plan !== undefined) {
      entry.batches = entry.batches.map((one) => (one.object === null ? { ...one, object: plan } : one));
      entry.row.next_object = plan + 1;
    }
    if (sealed) {
      entry.batches = entry.batches.filter(({ object }) => object === null || !sealed.includes(object));
      this.states.delete(id);
    }
  }

  /** Reads the log up to its first line that is not whole; what comes after it was never answered. */
  private recover(): void {
    this.rows = new Map();
    this.states.clear();
    const bytes = this.disk.read(LOG) ?? new Uint8Array();
    let whole = 0;
    // What comes after the last end of a line is none: the next one would be written behind it.
    for (const text of new TextDecoder().decode(bytes).split('\n').slice(0, -1)) {
      const [, length, line] = /^(\d+) (.*)$/.exec(text) ?? [];
      if (line?.length !== Number(length)) break;
      this.apply(JSON.parse(line!) as Line);
      whole += new TextEncoder().encode(text).length + 1;
    }
    this.disk.cut(LOG, whole);
  }
}
