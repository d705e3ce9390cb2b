// One batch: what the tracker posts to /collect and what is stored of it.
import type { SentEvent, SessionEvent } from './event.ts';
import type { SessionContext } from './session.ts';

/** A parsed body of POST /collect. `events` hold only known, checked fields; times are still the visitor's. */
export interface EventBatch {
  v: 1;
  session_key: string;
  /** The visitor's clock at session start, epoch ms (read from the key). */
  key_start: number;
  visitor_id: string;
  /** One page load in one tab. */
  page_id: string;
  /** 0, 1, 2 … within the page load. */
  seq: number;
  /** The visitor's clock when this attempt was sent, epoch ms. */
  sent_at: number;
  context: SessionContext;
  events: SentEvent[];
  /** Events that could not be taken. */
  rejected: number;
  /** What the tracker gave up so far in this page load: batches, and samples for which there was no room. Absent: nothing. */
  dropped?: number;
}

/** A batch as the hot store and the objects keep it; named by (session, page_id, seq), times corrected. */
export interface StoredBatch {
  page_id: string;
  seq: number;
  /** What the first answer said. */
  accepted: number;
  rejected: number;
  events: SessionEvent[];
}
