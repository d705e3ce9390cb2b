// A hot session at rest: as rows keep it, and what stays of it once batches lie in objects. Used by every HotStore.
import { addEvents, type Digest, emptyDigest } from '../analysis/digest.ts';
import { searchText, summarize } from '../analysis/summary.ts';
import type { StoredBatch } from '../format/batch.ts';
import type { SessionOrigin } from '../format/session.ts';
import type { Finding } from '../format/signal.ts';
import { bytesOf } from './admission.ts';
import type { CatalogRow, HotSession, Running } from './ports.ts';

/** The part of a hot session that is told to others; of what is only that, the same. */
export function originOf(session: SessionOrigin | HotSession): SessionOrigin {
  const { clock_offset, touched_at, event_count, byte_count, ...rest } = session as HotSession;
  const { sealed_batches, sealed_event_ids, next_object, ...origin } = rest;
  return origin;
}

/** The catalog's row of a hot session; what is found in it is told once it is sealed. */
export function rowOf(running: Running, status: 'live' | 'ended', findings: readonly Finding[] = []): CatalogRow {
  const origin = originOf(running.session);
  const { digest } = running;
  return { record: summarize(origin, digest, status, findings), search_text: searchText(origin, digest) };
}

/** The session once these batches are in objects: it still knows their names, first answers and the client's own event ids. */
export function withSealed(session: HotSession, batches: readonly StoredBatch[]): HotSession {
  const names = batches.map(({ page_id, seq, accepted, rejected }) => ({ page_id, seq, accepted, rejected }));
  const eventIds = batches.flatMap((batch) => batch.events.map((event) => event.event_id));
  return {
    ...session,
    sealed_batches: [...session.sealed_batches, ...names],
    sealed_event_ids: [...session.sealed_event_ids, ...eventIds.filter((id) => !id.includes('.'))],
  };
}

/** As `withSealed`, of a session as its row has it: these batches also enter its counters and, in place, the digest of what is sealed. */
export function addSealed(session: HotSession, digest: Digest, batches: readonly StoredBatch[]): HotSession {
  const sealed = withSealed(session, batches);
  for (const { events } of batches) {
    addEvents(digest, events);
    sealed.event_count += events.length;
    sealed.byte_count += bytesOf(events);
  }
  return sealed;
}

/** JSON of a digest. */
export function encodeDigest(digest: Digest): string {
  return JSON.stringify({
    ...digest,
    pages: [...digest.pages],
    elements: [...digest.elements],
    errors: [...digest.errors],
    slots: [...digest.slots],
  });
}

/** The inverse of `encodeDigest`, for text that we wrote ourselves. */
export function decodeDigest(text: string): Digest {
  const stored = JSON.parse(text);
  return {
    ...stored,
    pages: new Map(stored.pages),
    elements: new Set(stored.elements),
    // A digest of an earlier version has none.
    errors: new Set(stored.errors),
    slots: new Set(stored.slots),
  };
}

/** The session without what columns hold; its counters are those of the batches that lie in objects. */
export function recordText(session: HotSession): string {
  const { session_id, touched_at, next_object, ...record } = session;
  return JSON.stringify(record);
}

/** The session as its row has it: before the batches that are still here. */
export function sessionOf(row: Record<string, unknown>): HotSession {
  const { number, session_id, record, sealed_digest, ...columns } = row;
  // In the order in which it began: its answers are the same, letter by letter, after a restart.
  return { session_id, ...JSON.parse(String(record)), ...columns };
}

/** What the batches that lie in objects already come to. */
export function sealedDigestOf({ sealed_digest }: { sealed_digest?: unknown }): Digest {
  return typeof sealed_digest === 'string' ? decodeDigest(sealed_digest) : emptyDigest();
}
