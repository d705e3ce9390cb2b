// A simulated visitor: closes batches and sends each until its answer is final, one at a time, as the tracker's outbox does. Moved by history.ts.
import { createHash } from 'node:crypto';
import type { Chance } from './chance.ts';
import { type SentBatch, type SentClick, type SessionTruth, Violation } from './truth.ts';

/** A request on its way. */
export interface Message {
  visitor: Visitor;
  batch: SentBatch;
  body: string;
  sentAt: number;
  /** Someone still waits for its answer. */
  awaited: boolean;
}

export class Visitor {
  readonly truth: SessionTruth;
  readonly visitor_id: string;
  /** ms that the visitor's clock is ahead. */
  private readonly ahead: number;
  private readonly ownIds: boolean;
  private readonly key: string;
  private readonly chance: Chance;
  private readonly number: number;
  private clicks = 0;
  private readonly seqs = new Map<string, number>();
  inFlight: Message | null = null;
  /** The server said that the session is over. */
  isOver = false;

  constructor(chance: Chance, number: number, now: number) {
    this.chance = chance;
    this.number = number;
    this.visitor_id = `visitor${number % 3}`;
    this.ahead = chance.is(0.4) ? chance.pick([3_600_000, -7_200_000, 42_000]) : chance.below(800);
    this.ownIds = chance.is(0.2);
    this.key = `${(now + this.ahead).toString(36)}-${String(number).padStart(24, '0')}`;
    const id = createHash('sha256').update(this.key).digest('hex').slice(0, 32);
    const skew = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
    this.truth = { id, batches: [], eraseAsked: false, isErased: false, isPromised: false, skew };
  }

  /** Closes a batch of up to three clicks in one of two tabs. */
  act(now: number): void {
    if (this.isOver) return;
    const page_id = this.chance.is(0.8) ? 'p1' : 'p2';
    const seq = this.seqs.get(page_id) ?? 0;
    this.seqs.set(page_id, seq + 1);
    const count = 1 + this.chance.below(3);
    const events = Array.from({ length: count }, (_, i): SentClick => {
      const x = 1000 * this.number + ++this.clicks;
      const event = { event_type: 'click' as const, x, y: seq, element: 'BUTTON#buy', page: 'https://shop.example/' };
      const timestamp = now + this.ahead - 10 * (count - i);
      return { ...(this.ownIds ? { event_id: `own${x}` } : {}), ...event, timestamp };
    });
    this.truth.batches.push({ page_id, seq, events, answer: null, isSent: false, isFinal: false });
  }

  /** The next attempt of the oldest batch that is not final; null: there is none, or one is in flight. */
  send(now: number): Message | null {
    const batch = this.truth.batches.find(({ isFinal }) => !isFinal);
    if (!batch || this.inFlight || this.isOver) return null;
    this.inFlight = this.attempt(batch, now);
    return this.inFlight;
  }

  attempt(batch: SentBatch, now: number): Message {
    const body = JSON.stringify({
      v: 1,
      sent_at: now + this.ahead,
      session_key: this.key,
      visitor_id: this.visitor_id,
      page_id: batch.page_id,
      seq: batch.seq,
      events: batch.events,
    });
    return { visitor: this, batch, body, sentAt: now + this.ahead, awaited: true };
  }

  /** What comes back; null: nothing does. */
  hear({ batch }: Message, answer: { status: number; body: { accepted?: number; rejected?: number } } | null): void {
    if (!answer || answer.status === 429 || answer.status >= 500) return;
    const { status, body } = answer;
    const { truth } = this;
    if (status === 410) {
      if (!truth.eraseAsked) throw new Violation(`410 for ${truth.id}, which nobody erased`);
      truth.isErased = true;
      this.isOver = true;
    } else if (status !== 202) throw new Violation(`a batch of ${truth.id} was answered ${status}`);
    else {
      const said = { accepted: body.accepted!, rejected: body.rejected! };
      if (said.accepted !== batch.events.length) throw new Violation(`${said.accepted} of a batch were accepted`);
      const before = batch.answer;
      if (before && before.accepted !== said.accepted) throw new Violation('a duplicate was answered otherwise');
      batch.answer = said;
    }
    batch.isFinal = true;
  }

  get isDone(): boolean {
    return this.isOver || this.truth.batches.every(({ isFinal }) => isFinal);
  }
}
