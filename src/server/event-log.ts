// All events of one session in their total order, as JSON texts: a long session fits in a small memory and is written piece by piece. Made by read-session.ts.
import { addEvents, type Digest, emptyDigest, WORDS_MAX } from '../analysis/digest.ts';
import { Acts } from '../analysis/signals/acts.ts';
import type { StoredBatch } from '../format/batch.ts';
import type { SessionEvent } from '../format/event.ts';
import type { Gap } from '../format/session.ts';
import { compareBatches, lostBatches } from './order.ts';

/** A batch of which the events are one text. */
interface PackedBatch {
  page_id: string;
  seq: number;
  ids: string[];
  /** The events' JSON one after the other; `ends` tells where each ends in it. */
  text: string;
  ends: Uint32Array;
  /** Epoch ms. */
  times: Float64Array;
  /** What the tracker had given up before it, in this page load. */
  dropped: number;
}

/** Takes batches from one store after the other; what was taken first stands. */
export class EventLog {
  private readonly batches = new Map<string, PackedBatch>();
  private readonly seen = new Set<string>();
  private characters = 0;
  private readonly sum = emptyDigest();
  private readonly done = new Acts();
  /** Two batches have an event of one id: of which the first in order counts. */
  private hasTwins = false;
  private ordered: { batches: PackedBatch[]; events: Uint32Array; of: Uint32Array; first: Uint32Array } | null = null;

  add(batches: readonly StoredBatch[]): void {
    for (const batch of batches) {
      const name = `${batch.page_id}.${batch.seq}`;
      if (this.batches.has(name)) continue;
      const packed = pack(batch);
      this.characters += packed.text.length;
      this.batches.set(name, packed);
      addEvents(this.sum, batch.events);
      this.done.add(batch.events);
      for (const { event_id } of batch.events) {
        if (this.seen.has(event_id)) this.hasTwins = true;
        else this.seen.add(event_id);
      }
    }
    this.ordered = null;
  }

  get batchCount(): number {
    return this.batches.size;
  }

  get count(): number {
    return this.seen.size;
  }

  /** Characters that it holds, near enough. */
  get size(): number {
    return this.characters;
  }

  has(eventId: string): boolean {
    return this.seen.has(eventId);
  }

  /** What the events come to in their order. */
  digest(): Digest {
    // Only what is cut off, or counted once of two, depends on the order.
    const orderMatters = this.hasTwins || this.sum.pages.size >= WORDS_MAX;
    if (!orderMatters) return this.sum;
    const digest = emptyDigest();
    for (const event of this.events()) addEvents(digest, [event]);
    return digest;
  }

  /** What the signals look at. */
  acts(): Acts {
    if (!this.hasTwins) return this.done;
    const acts = new Acts();
    for (const event of this.events()) acts.add([event]);
    return acts;
  }

  /** `startedAt`: of the session, epoch ms. */
  lost(startedAt: number): Gap[] {
    const spans = this.inOrder().batches.map(({ page_id, seq, times, dropped }) => ({
      page_id,
      seq,
      dropped,
      first_at: times[0],
      last_at: times.at(-1),
    }));
    return lostBatches(spans, startedAt);
  }

  *events(): Generator<SessionEvent> {
    for (const text of this.texts()) yield JSON.parse(text) as SessionEvent;
  }

  /** The JSON of each event; `from` (epoch ms): of those that are not older. */
  *texts(from = Number.NEGATIVE_INFINITY): Generator<string> {
    const { batches, events, of, first } = this.inOrder();
    for (const event of events) {
      const batch = batches[of[event]!]!;
      const i = event - first[of[event]!]!;
      if (batch.times[i]! < from) continue;
      yield batch.text.slice(i === 0 ? 0 : batch.ends[i - 1], batch.ends[i]);
    }
  }

  /** Every event once, by time, those of one ms in the order of their batches; events are numbered through all batches. */
  private inOrder() {
    if (this.ordered) return this.ordered;
    const batches = [...this.batches.values()].sort(compareBatches);
    const total = batches.reduce((sum, { times }) => sum + times.length, 0);
    const times = new Float64Array(total);
    const of = new Uint32Array(total);
    const first = new Uint32Array(batches.length);
    const events = new Uint32Array(this.seen.size);
    const taken = this.hasTwins ? new Set<string>() : null;
    let number = 0;
    let kept = 0;
    for (const [at, batch] of batches.entries()) {
      first[at] = number;
      times.set(batch.times, number);
      of.fill(at, number, number + batch.times.length);
      for (const id of batch.ids) {
        if (!taken?.has(id)) events[kept++] = number;
        taken?.add(id);
        number++;
      }
    }
    events.sort((a, b) => times[a]! - times[b]! || a - b);
    this.ordered = { batches, events, of, first };
    return this.ordered;
  }
}

function pack({ page_id, seq, events }: StoredBatch): PackedBatch {
  const texts = events.map((event) => JSON.stringify(event));
  let end = 0;
  return {
    page_id,
    seq,
    ids: events.map(({ event_id }) => event_id),
    text: texts.join(''),
    ends: Uint32Array.from(texts, (text) => (end += text.length)),
    times: Float64Array.from(events, ({ timestamp }) => timestamp),
    dropped: events[0]?.dropped ?? 0,
  };
}
