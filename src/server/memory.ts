// The ports in memory: what the contract suites compare the real adapters with, and what fast tests run the app on.
import { addEvents, type Digest } from '../analysis/digest.ts';
import type { EventBatch, StoredBatch } from '../format/batch.ts';
import { HotState, openSession } from './admission.ts';
import { originOf, withSealed } from './hot-session.ts';
import { compareBatches } from './order.ts';
import type { Adoption, Arrival, HotSession, HotStore, ObjectStore, Receipt, Running, SealPart } from './ports.ts';

interface Entry {
  state: HotState;
  /** What the batches that lie in objects come to. */
  sealed: Digest;
  batches: { batch: StoredBatch; object: number | null }[];
}

export class MemoryHotStore implements HotStore {
  private readonly entries = new Map<string, Entry>();
  private readonly erased = new Set<string>();

  async append(batch: EventBatch, arrival: Arrival, adoption?: Adoption): Promise<Receipt> {
    const id = arrival.session_id;
    let entry = this.entries.get(id);
    const first = !entry;
    if (!entry) {
      if (!adoption) return { kind: 'unknown' };
      if (this.erased.has(id)) return { kind: 'erased' };
      const state = openSession(batch, arrival, adoption);
      if (!(state instanceof HotState)) return state;
      entry = { state, sealed: structuredClone(state.digest), batches: [] };
    }
    const decision = entry.state.admit(batch, arrival);
    if (decision.kind !== 'admitted') return decision;
    this.entries.set(id, entry);
    entry.batches.push({ batch: structuredClone(decision.batch), object: null });
    entry.batches.sort((a, b) => compareBatches(a.batch, b.batch));
    const { accepted, rejected } = decision.batch;
    return { kind: 'stored', accepted, rejected, first, grown: decision.grown };
  }

  async tail(sessionId: string): Promise<{ session: HotSession; batches: StoredBatch[] } | null> {
    const entry = this.entries.get(sessionId);
    if (!entry) return null;
    return structuredClone({ session: entry.state.session, batches: entry.batches.map(({ batch }) => batch) });
  }

  async digests(sessionIds: string[]): Promise<Map<string, Running>> {
    const digests = new Map<string, Running>();
    for (const id of sessionIds) {
      const state = this.entries.get(id)?.state;
      if (state) digests.set(id, structuredClone({ session: originOf(state.session), digest: state.digest }));
    }
    return digests;
  }

  async idle(before: number, limit: number): Promise<string[]> {
    return [...this.entries]
      .filter(([, { state, batches }]) => {
        return state.session.touched_at < before || batches.some(({ object }) => object !== null);
      })
      .sort(([, a], [, b]) => a.state.session.touched_at - b.state.session.touched_at)
      .slice(0, limit)
      .map(([id]) => id);
  }

  async *sessions(after = ''): AsyncGenerator<string> {
    yield* [...this.entries.keys()].filter((id) => id > after).sort();
  }

  async planSeal(sessionId: string): Promise<{ session: HotSession; parts: SealPart[] } | null> {
    const entry = this.entries.get(sessionId);
    if (!entry) return null;
    const { session } = entry.state;
    const unplanned = entry.batches.filter(({ object }) => object === null);
    for (const stored of unplanned) stored.object = session.next_object;
    if (unplanned.length > 0) session.next_object++;
    const numbers = new Set(entry.batches.map(({ object }) => object!));
    const parts = [...numbers]
      .sort((a, b) => a - b)
      .map((number) => ({
        object: number,
        batches: entry.batches.filter(({ object }) => object === number).map(({ batch }) => batch),
      }));
    return structuredClone({ session, parts });
  }

  async finishSeal(sessionId: string, objects: number[]): Promise<void> {
    const entry = this.entries.get(sessionId);
    if (!entry) return;
    const isSealed = ({ object }: Entry['batches'][number]) => object !== null && objects.includes(object);
    const kept = entry.batches.filter((stored) => !isSealed(stored));
    if (kept.length === 0) {
      this.entries.delete(sessionId);
      return;
    }
    const sealed = entry.batches.filter(isSealed).map(({ batch }) => batch);
    for (const { events } of sealed) addEvents(entry.sealed, events);
    const state = new HotState(withSealed(entry.state.session, sealed), structuredClone(entry.sealed));
    for (const { batch } of kept) state.restore(batch);
    this.entries.set(sessionId, { state, sealed: entry.sealed, batches: kept });
  }

  async erase(sessionId: string): Promise<{ rows: number; events: number }> {
    this.erased.add(sessionId);
    const entry = this.entries.get(sessionId);
    if (!entry) return { rows: 0, events: 0 };
    this.entries.delete(sessionId);
    const events = entry.batches.reduce((sum, { batch }) => sum + batch.events.length, 0);
    return { rows: entry.batches.length + 1, events };
  }

  async probe(): Promise<void> {}
}

export class MemoryObjectStore implements ObjectStore {
  private readonly objects = new Map<string, Uint8Array>();

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    if (this.objects.has(key)) return false;
    this.objects.set(key, body.slice());
    return true;
  }

  async get(key: string): Promise<Uint8Array | null> {
    return this.objects.get(key)?.slice() ?? null;
  }

  async *list(prefix: string, after = ''): AsyncGenerator<string> {
    for (const key of [...this.objects.keys()].sort()) if (key.startsWith(prefix) && key > after) yield key;
  }

  async delete(keys: string[]): Promise<number> {
    return keys.filter((key) => this.objects.delete(key)).length;
  }

  async probe(): Promise<void> {}
}
