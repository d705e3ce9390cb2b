// Decides what of an arriving batch a session takes: pure, so that every HotStore (SQLite, memory, Durable Object) decides alike.
import { addEvents, type Digest, emptyDigest } from '../analysis/digest.ts';
import type { EventBatch, StoredBatch } from '../format/batch.ts';
import type { SessionEvent } from '../format/event.ts';
import {
  CLOCK_TOLERANCE_MS,
  FUTURE_MAX_MS,
  PAST_MAX_MS,
  SESSION_BYTES_MAX,
  SESSION_EVENTS_MAX,
  SESSION_MAX_MS,
} from '../format/limits.ts';
import { type BatchRow, batchOf } from './hot-rows.ts';
import type { Adoption, Arrival, HotSession, Receipt } from './ports.ts';
import { Recent, SESSION_BATCHES } from './rate-limit.ts';

/** Bytes of an event's names and numbers beside its texts, of a click's box, of a page's geometry. */
const EVENT_OVERHEAD = 110;
const BOX = 130;
const GEOMETRY = 140;

/** The first answer to a batch of this name. */
interface Answer {
  accepted: number;
  rejected: number;
}

/** A batch that is to be made durable, and what the session is once it is. */
export interface Admitted {
  kind: 'admitted';
  batch: StoredBatch;
  grown: boolean;
}

/** A running session in memory: everything that the next batch is judged by. */
export class HotState {
  readonly session: HotSession;
  readonly digest: Digest;
  /** `page_id` and `seq` of every batch, hot and sealed, to the first answer. */
  private readonly answers = new Map<string, Answer>();
  /** Ids that the client chose itself; those made here cannot collide. */
  private readonly clientIds: Set<string>;
  private readonly recent = new Recent(SESSION_BATCHES);

  constructor(session: HotSession, digest: Digest = emptyDigest()) {
    this.session = session;
    this.digest = digest;
    this.clientIds = new Set(session.sealed_event_ids);
    for (const batch of session.sealed_batches) this.noteAnswer(batch);
  }

  /** Takes back in a batch that was durable before (after a restart). */
  restore(batch: StoredBatch): void {
    this.noteAnswer(batch);
    addEvents(this.digest, batch.events);
    for (const { event_id } of batch.events) if (!event_id.includes('.')) this.clientIds.add(event_id);
  }

  answerTo(batch: { page_id: string; seq: number }): Answer | undefined {
    return this.answers.get(nameOf(batch));
  }

  /** Judges a batch and, where it is admitted, counts it in. If it then cannot be made durable, this state must be thrown away. */
  admit(batch: EventBatch, arrival: Arrival): Admitted | Exclude<Receipt, { kind: 'stored' }> {
    const before = this.answerTo(batch);
    if (before) return { kind: 'duplicate', ...before };
    const { session } = this;
    const now = arrival.received_at;
    const seconds = arrival.limited && !arrival.acknowledged ? this.recent.take(now) : 0;
    if (seconds > 0) return { kind: 'refused', limit: 'rate', seconds };
    const checked = this.check(batch, now, arrival.acknowledged === true);
    if (!checked) {
      return { kind: 'invalid', field: 'events[0].timestamp', expected: 'must lie from 24 hours ago to 60 s ahead' };
    }
    const { own } = checked;
    const events = own ? checked.events.filter((event) => !this.clientIds.has(event.event_id)) : checked.events;
    const bytes = bytesOf(events);
    if (!arrival.acknowledged) {
      if (session.event_count + events.length > SESSION_EVENTS_MAX) return { kind: 'refused', limit: 'events' };
      if (session.byte_count + bytes > SESSION_BYTES_MAX) return { kind: 'refused', limit: 'bytes' };
    }

    const accepted = checked.events.length;
    const rejected = batch.rejected + batch.events.length - accepted;
    this.answers.set(nameOf(batch), { accepted, rejected });
    for (const id of own ?? []) this.clientIds.add(id);
    const grown = addEvents(this.digest, events);
    session.event_count += events.length;
    session.byte_count += bytes;
    session.touched_at = Math.max(session.touched_at, now);
    const stored = { page_id: batch.page_id, seq: batch.seq, accepted, rejected, events };
    return { kind: 'admitted', batch: stored, grown };
  }

  /** The events whose corrected times can be taken, with their ids, and those of the ids that are the client's own (null: none); null: no event can be taken. */
  private check(
    batch: EventBatch,
    now: number,
    acknowledged: boolean,
  ): { events: SessionEvent[]; own: Set<string> | null } | null {
    const offset = offsetOf(batch, now, this.session.clock_offset);
    const latest = Math.min(now + FUTURE_MAX_MS, this.session.started_at + SESSION_MAX_MS);
    const events: SessionEvent[] = [];
    const prefix = `${batch.page_id}.${batch.seq}.`;
    let own: Set<string> | null = null;
    for (let i = 0; i < batch.events.length; i++) {
      const event = batch.events[i]!;
      const timestamp = event.timestamp + offset;
      if (!acknowledged && (timestamp < now - PAST_MAX_MS || timestamp > latest)) continue;
      const event_id = event.event_id ?? prefix + i;
      if (event.event_id !== undefined) {
        own ??= new Set();
        if (own.has(event_id)) continue;
        own.add(event_id);
      }
      events.push(
        event.event_type === 'mousemove' && event.pointer === undefined && event.dropped === undefined
          ? { event_id, event_type: 'mousemove', x: event.x, y: event.y, page: event.page, timestamp }
          : ({ event_id, ...event, timestamp } as SessionEvent),
      );
    }
    return events.length > 0 ? { events, own } : null;
  }

  private noteAnswer({ accepted, rejected, ...name }: Omit<StoredBatch, 'events'>): void {
    this.answers.set(nameOf(name), { accepted, rejected });
  }
}

/** A session from its first batch, or the reason why it cannot begin. */
export function beginSession(batch: EventBatch, arrival: Arrival): HotSession | Extract<Receipt, { kind: 'invalid' }> {
  const clock_offset = skewOf(batch, arrival.received_at);
  const started_at = batch.key_start + clock_offset;
  const now = arrival.received_at;
  if (started_at < now - SESSION_MAX_MS || started_at > now + FUTURE_MAX_MS) {
    return { kind: 'invalid', field: 'session_key', expected: 'must start from 24 hours ago to 60 s ahead' };
  }
  return {
    session_id: arrival.session_id,
    visitor_id: batch.visitor_id,
    started_at,
    country: arrival.country,
    country_estimated: arrival.country_estimated,
    browser: arrival.browser,
    os: arrival.os,
    device: arrival.device,
    context: batch.context,
    clock_offset,
    touched_at: now,
    event_count: 0,
    byte_count: 0,
    sealed_batches: [],
    sealed_event_ids: [],
    next_object: 1,
  };
}

/** The state in which a session that was not hot begins, or goes on. */
export function openSession(
  batch: EventBatch,
  arrival: Arrival,
  adoption: Adoption,
): HotState | Extract<Receipt, { kind: 'invalid' }> {
  if (adoption.kind === 'sealed') return new HotState(adoption.session, adoption.digest);
  const session = beginSession(batch, arrival);
  return 'kind' in session ? session : new HotState(session);
}

/** The state of a session at rest: as its row has it, what its sealed batches come to, and the batches that came since. */
export function restoreSession(session: HotSession, sealed: Digest, rows: Iterable<BatchRow>): HotState {
  const state = new HotState({ ...session }, sealed);
  for (const row of rows) {
    const batch = batchOf(row);
    state.restore(batch);
    state.session.event_count += batch.events.length;
    state.session.byte_count += bytesOf(batch.events);
    state.session.touched_at = Math.max(state.session.touched_at, row.received_at);
  }
  return state;
}

/** How far (ms) the visitor's clock is behind the server's; 0 where they agree within the tolerance. */
function skewOf(batch: EventBatch, now: number): number {
  const skew = now - batch.sent_at;
  return Math.abs(skew) <= CLOCK_TOLERANCE_MS ? 0 : skew;
}

/** What is added to this batch's times: the session's offset, unless the batch's own differs by more than the tolerance. */
export function offsetOf(batch: EventBatch, now: number, sessionOffset: number): number {
  const own = now - batch.sent_at;
  return Math.abs(own - sessionOffset) <= CLOCK_TOLERANCE_MS ? sessionOffset : skewOf(batch, now);
}

function nameOf(batch: { page_id: string; seq: number }): string {
  return `${batch.page_id}.${batch.seq}`;
}

/** What events count towards the limit on a session's bytes. */
export function bytesOf(events: readonly SessionEvent[]): number {
  return events.reduce((sum, event) => sum + sizeOf(event), 0);
}

/** Bytes of its line in an object, near enough: the texts and what stands around them. */
function sizeOf(event: SessionEvent): number {
  const size = EVENT_OVERHEAD + event.page.length + event.event_id.length;
  switch (event.event_type) {
    case 'click':
      return size + event.element.length + BOX;
    case 'page_view':
    case 'resize':
      return size + GEOMETRY;
    case 'navigation':
      return size + GEOMETRY + (event.from?.length ?? 0);
    case 'error':
      return size + event.name.length + (event.source?.length ?? 0);
    case 'custom':
      return size + event.name.length + (event.properties ? JSON.stringify(event.properties).length : 0);
    case 'layout':
      return JSON.stringify(event).length;
    default:
      return size;
  }
}
