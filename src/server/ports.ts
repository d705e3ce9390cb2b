// What the app needs of its platform. Absence is null; an adapter that cannot answer throws StoreUnavailable.
// One contract suite per port (test/contract) runs on every adapter, memory included.

import type { Digest } from '../analysis/digest.ts';
import type { Thresholds } from '../analysis/signals/thresholds.ts';
import type { EventBatch, StoredBatch } from '../format/batch.ts';
import type { Sort } from '../format/list.ts';
import type { SessionOrigin, SessionRecord, SessionSummary } from '../format/session.ts';
import type { ListFilter } from './list-filter.ts';

/** A store did not answer: nothing of the request was kept, the same request may be sent again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly store: 'hot' | 'objects' | 'catalog';
  /** True where the disk cannot take more (507), else 503. */
  readonly full: boolean;

  constructor(store: 'hot' | 'objects' | 'catalog', full = false, options?: ErrorOptions) {
    super(`the ${store} store does not answer`, options);
    this.store = store;
    this.full = full;
  }
}

/** The store answers, but its medium cannot give this one object any more. */
export class ObjectUnreadable extends StoreUnavailable {}

/** The store answers, but has more to do than it can: what it refuses is not to be kept elsewhere either. */
export class StoreBusy extends StoreUnavailable {}

/** This run has asked as often as it may: nothing is wrong with the store, and the next run goes on. */
export class RunSpent extends StoreUnavailable {}

/** What the server adds to a batch on arrival. */
export interface Arrival {
  session_id: string;
  /** Epoch ms. */
  received_at: number;
  /** The session's limit on batches in a time counts. */
  limited: boolean;
  /** It was answered before, while the hot store did not answer: what of it can be taken was decided then, and no limit applies any more. */
  acknowledged?: true;
  /** Derived from the request; used where the batch is its session's first. */
  country: string | null;
  country_estimated: boolean;
  browser: string | null;
  os: string | null;
  device: 'desktop' | 'mobile' | 'tablet' | null;
}

/** A running session as the hot store keeps it: fixed by the first batch, but for the counters. */
export interface HotSession extends SessionOrigin {
  /** ms added to the visitor's times: (received - sent_at) of the first batch; 0 where the clocks agree within 5 s. */
  clock_offset: number;
  /** Epoch ms at which the last batch came; from here idleness counts. */
  touched_at: number;
  /** Of all batches, sealed ones included. */
  event_count: number;
  byte_count: number;
  /** Batches that lie in objects already: names and first answers, so that a late duplicate is known. */
  sealed_batches: Omit<StoredBatch, 'events'>[];
  /** Ids of sealed events that a client chose itself. */
  sealed_event_ids: string[];
  /** The next object's number; 1 for a session that was never sealed. */
  next_object: number;
}

/** A running session as lists have it: what is told to others, and what its events come to. */
export interface Running {
  session: SessionOrigin;
  digest: Digest;
}

/** Where a session that is not hot comes from: nowhere yet, or from its objects. */
export type Adoption = { kind: 'new' } | { kind: 'sealed'; session: HotSession; digest: Digest };

export type Receipt =
  /** Durable now. `first`: the session is hot by this batch: it began here, or came back from its objects. `grown`: the session's search words or pages are more than before. */
  | { kind: 'stored'; accepted: number; rejected: number; first: boolean; grown: boolean }
  /** Durable since an earlier time; the counts are those of the first answer. */
  | { kind: 'duplicate'; accepted: number; rejected: number }
  /** Not hot here: look where it comes from and append again with an adoption. */
  | { kind: 'unknown' }
  /** Erased while this request was under way. */
  | { kind: 'erased' }
  /** A session limit (413) or one per time (429) is reached; nothing was kept. */
  | { kind: 'refused'; limit: 'events' | 'bytes' }
  | { kind: 'refused'; limit: 'rate'; seconds: number }
  /** No event of the batch can be taken (400); nothing was kept. */
  | { kind: 'invalid'; field: string; expected: string };

/** Events of one session that one sealed object shall hold, in the order of (page_id, seq). */
export interface SealPart {
  object: number;
  batches: StoredBatch[];
}

/** Acknowledged batches of running sessions. */
export interface HotStore {
  /** Admits one batch (see admission.ts) and makes it durable before it resolves. */
  append(batch: EventBatch, arrival: Arrival, adoption?: Adoption): Promise<Receipt>;
  /** The session and its batches that are not known to be in objects, those being sealed included. */
  tail(sessionId: string): Promise<{ session: HotSession; batches: StoredBatch[] } | null>;
  /** What the events of running sessions come to, those sealed included; sessions that are not hot are left out. */
  digests(sessionIds: string[]): Promise<Map<string, Running>>;
  /** Ids of sessions that no batch reached since `before` (epoch ms), or whose seal was begun; at most `limit`. */
  idle(before: number, limit: number): Promise<string[]>;
  /** The id of every hot session after `after`, in ascending order of code units. */
  sessions(after?: string): AsyncIterable<string>;
  /** Fixes durably which batches go into which object (the same again after a crash); null: not hot. */
  planSeal(sessionId: string): Promise<{ session: HotSession; parts: SealPart[] } | null>;
  /** Forgets the batches of these objects; and the session, where nothing came since the plan. */
  finishSeal(sessionId: string, objects: number[]): Promise<void>;
  /** Removes all of a session, now and for batches under way; how many rows and events went. */
  erase(sessionId: string): Promise<{ rows: number; events: number }>;
  /** Resolves if the store can take a batch; for /health. */
  probe(): Promise<void>;
}

/** Append-only objects under slash-separated keys of printable ASCII. */
export interface ObjectStore {
  /** Durable before it resolves; false: the key exists and was left as it is. */
  putIfAbsent(key: string, body: Uint8Array): Promise<boolean>;
  /** Throws ObjectUnreadable where this object alone cannot be had. */
  get(key: string): Promise<Uint8Array | null>;
  /** Every key that begins with `prefix` and comes after `after`, in ascending order of code units; no limit on their number. */
  list(prefix: string, after?: string): AsyncIterable<string>;
  /** How many of them there were; a store that cannot tell counts all it was given. */
  delete(keys: string[]): Promise<number>;
  probe(): Promise<void>;
}

export interface CatalogQuery {
  /** At most 100. */
  limit: number;
  offset: number;
  visitor_id?: string;
  /** Text in any page's path, element, visitor or country; compared without case. */
  q?: string;
  /** Epoch ms: sessions whose last event, or import, lies before it are left out and not counted. */
  kept_since?: number;
  filter?: ListFilter;
  /** Whose `watched` the filter means. */
  person?: string;
  /** Without: by start. */
  sort?: Sort;
  /** The exact reverse: the earliest, or the least, first. */
  ascending?: boolean;
  /** The last row of the page before, or where it ended. */
  after?: ListPlace;
}

/** A place in a list, between two rows or of one. */
export interface ListPlace {
  /** What the list is ordered by; absent: its start. */
  value?: number;
  started_at: number;
  session_id: string;
  /** Of an order that is that of the newest alone. */
  of_newest?: boolean;
}

export interface CatalogPage {
  sessions: SessionSummary[];
  /** All that match the filters. */
  total: number;
  /** There may be more than `total`. */
  isFloor?: true;
  /** The page has fewer rows than it may have, since enough was looked at; after this place there may be more. */
  stopped?: ListPlace;
  /** The order is that of so many of the newest alone. */
  sortedOf?: number;
}

/** A person, by the name of the key, has watched a session. */
export interface Mark {
  person: string;
  session_id: string;
}

export interface CatalogRow {
  record: SessionRecord;
  /** Lower-case words that `q` looks in, see analysis/digest.ts. */
  search_text: string;
}

/** A batch that the hot store could not take: kept as it was judged, until the hot store takes it. */
export interface KeptBatch {
  /** With the accepted events alone, their ids made; times are still the visitor's. Its key is left empty: keys are never stored. */
  batch: EventBatch;
  arrival: Arrival;
  /** Its answer. */
  accepted: number;
  rejected: number;
}

/** A session that is erased, marked so, and of which something may still be stored. */
export interface Unfinished {
  session_id: string;
  /** Epoch ms: any time on the day of its start. */
  started_at: number;
}

/** How far the rebuilding of the index has come. */
export interface Rebuilding {
  /** Of this rebuilding; empty where none has begun. */
  id: string;
  phase: 'begin' | 'erasures' | 'objects' | 'running' | 'kept' | 'watched' | 'done';
  /** Where the phase goes on: after this time of erasure, object key or session id; empty at its begin. */
  after: string;
  /** In the index, once it is done. */
  sessions: number;
  /** Without a single readable object, and left out. */
  unreadable: number;
}

/** What the catalog has of one session. */
export interface Known {
  /** Epoch ms of its erasure; null: none is known. */
  erased_at: number | null;
  record: SessionRecord | null;
  /** What may be missing in the index, and be stored nevertheless: sessions, or what was erased as well. */
  lacks: 'nothing' | 'sessions' | 'erasures';
}

/** The index of all sessions, which can be rebuilt from objects and hot store; and what was begun and is not finished, which cannot. */
export interface Catalog {
  /** Replaces rows by session_id; an id that was erased gets none. */
  upsert(rows: CatalogRow[]): Promise<void>;
  /** As `upsert`, of rows that were put together while others wrote: none replaces one that knows of as many events. */
  fill(rows: CatalogRow[]): Promise<void>;
  /** Latest start first, then by session_id descending, where the query says nothing else. */
  list(query: CatalogQuery): Promise<CatalogPage>;
  /** The newest of a list with their words, at most its limit; `isAll`: there are no others. */
  newest(query: CatalogQuery): Promise<{ rows: CatalogRow[]; isAll: boolean }>;
  /** Those of the sessions that a person has watched. */
  watchedOf(person: string, sessionIds: string[]): Promise<Set<string>>;
  /** Adds and takes away marks; nothing where they are there, or not. */
  watch(marks: Mark[]): Promise<void>;
  unwatch(marks: Mark[]): Promise<void>;
  /** All marks of these sessions. */
  marksOf(sessionIds: string[]): Promise<Mark[]>;
  find(sessionId: string): Promise<SessionRecord | null>;
  known(sessionId: string): Promise<Known>;
  /** Those of the ids that have a row. */
  findMany(sessionIds: string[]): Promise<Map<string, SessionRecord>>;
  /** All sessions of a visitor. */
  visitor(visitorId: string): Promise<string[]>;
  /** Ended sessions whose retention is over: last event, or import, before `before`; oldest first, at most `limit`. */
  expired(before: number, limit: number): Promise<SessionRecord[]>;
  /** Running sessions of which the same is true as far as their rows tell; at most `limit`. */
  expiredRunning(before: number, limit: number): Promise<SessionRecord[]>;
  /** Every session whose last event, as far as its row tells, lies before `before`. */
  endedBefore(before: number): Promise<string[]>;
  /** Removes rows and kept batches; how many there were. */
  remove(sessionIds: string[]): Promise<number>;
  /** Takes what was removed out of the search index too, a step at a time: false once nothing is left of it. */
  purge(): Promise<boolean>;
  /** Remembers erased ids, so that late batches are answered 410. */
  markErased(sessionIds: string[], at: number): Promise<void>;
  /** Epoch ms of its erasure; null: never erased. */
  erasedAt(sessionId: string): Promise<number | null>;
  /** Those of the ids that were erased. */
  erasedOf(sessionIds: string[]): Promise<Set<string>>;
  /** Keeps a batch durably, and gives the answer that stands: that of the first batch of this name. Null: the session was erased. */
  keep(batch: KeptBatch): Promise<{ accepted: number; rejected: number } | null>;
  /** What the kept batches of a session come to: how many, how many since `since` (epoch ms), events, and characters. */
  keptSize(
    sessionId: string,
    since: number,
  ): Promise<{ batches: number; recent: number; events: number; size: number }>;
  /** Events of the kept batches of those sessions that have some. */
  keptEvents(sessionIds: string[]): Promise<Map<string, number>>;
  /** Kept batches of a session in the order of their arrival, or the first `limit` of them. */
  kept(sessionId: string, limit?: number): Promise<KeptBatch[]>;
  /** Ids of sessions that have kept batches after `after` in the order of ids; at most `limit`. */
  keptSessions(limit: number, after?: string): Promise<string[]>;
  /** Ids of sessions that have kept batches, at most `limit`; those that were postponed come after the others, the longest ago first. */
  keptToMove(limit: number): Promise<string[]>;
  /** Forgets kept batches by their names, once the hot store has them. */
  removeKept(sessionId: string, names: { page_id: string; seq: number }[]): Promise<void>;
  /** Notes what is to be removed from hot store and objects, before it is begun. */
  beginErasing(sessions: Unfinished[]): Promise<void>;
  /** What is still to be removed; at most `limit`, in the order of `keptToMove`. */
  erasing(limit: number): Promise<Unfinished[]>;
  endErasing(sessionIds: string[]): Promise<void>;
  /** These failed at `at` (epoch ms), in moving or in removing: others come before them the next time. Nothing where nothing is left of them to be done. */
  postpone(sessionIds: string[], at: number): Promise<void>;
  /** Drops the rows of all sessions; what was erased stays known, and what is begun and not finished. The index is not complete then: `from` says how far its rebuilding has come, null that none has begun. */
  reset(from?: Rebuilding | null): Promise<void>;
  /** Null: the index is complete. On new tables it is not. */
  rebuilding(): Promise<Rebuilding | null>;
  /** Remembers how far a rebuilding has come, and at its end that the index is complete; nothing where another one began since. */
  advance(to: Rebuilding): Promise<void>;
  markComplete(): Promise<void>;
  probe(): Promise<void>;
}

/** Writes the catalog's rows of running sessions. */
export interface Writer {
  /** This running session's row is to be written: it is new, or has pages or elements that the row lacks. */
  note(sessionId: string): void;
  /** Writes the rows that were noted. Where the catalog does not answer they stay noted, and the error is the caller's. */
  flush(): Promise<void>;
  /** Runs `work` while no other writer of this process runs, so that no row is replaced by an older one. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** False while it has leapt and nobody knows whether it is right: what is removed for its age waits. Absent: it never leaps. */
  isSteady?(): boolean;
}

export interface Ports {
  hot: HotStore;
  objects: ObjectStore;
  catalog: Catalog;
  clock: Clock;
  /** What counts as a signal in sessions that are sealed and read here. Absent: the defaults. */
  thresholds?: Thresholds;
}
