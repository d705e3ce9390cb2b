// What a session's events come to, batch by batch: digests merge in any order to the same result. Used at ingest and at seal.
import type { SessionEvent } from '../format/event.ts';

/** An active slot is a stretch of this many ms (epoch-aligned) in which the visitor did something. */
export const SLOT_MS = 5000;
/** Distinct pages, elements and names of errors that a digest keeps, of each. */
export const WORDS_MAX = 200;

/** A mergeable fold of events; plain data but for Map and Set. */
export interface Digest {
  event_count: number;
  click_count: number;
  error_count: number;
  /** Epoch ms; null while there is no event. */
  first_at: number | null;
  last_at: number | null;
  scroll_depth: number;
  /** Page to the time it was first, and last, seen. */
  pages: Map<string, { first: number; last: number }>;
  elements: Set<string>;
  /** Names of errors. */
  errors: Set<string>;
  slots: Set<number>;
  /** The latest `identify`. */
  identity: { id: string; at: number } | null;
}

export function emptyDigest(): Digest {
  return {
    event_count: 0,
    click_count: 0,
    error_count: 0,
    first_at: null,
    last_at: null,
    scroll_depth: 0,
    pages: new Map(),
    elements: new Set(),
    errors: new Set(),
    slots: new Set(),
    identity: null,
  };
}

/** What events come to, taken in the order given. */
export function digestOf(events: readonly SessionEvent[]): Digest {
  const digest = emptyDigest();
  addEvents(digest, events);
  return digest;
}

/** Adds events to a digest, in place; true if a page, an element or an error is new in it. */
export function addEvents(digest: Digest, events: readonly SessionEvent[]): boolean {
  let grown = false;
  // Most events are on the page, and in the slot, of the one before.
  let page: string | undefined;
  let seen: { first: number; last: number } | undefined;
  let slot: number | undefined;
  for (const event of events) {
    const at = event.timestamp;
    digest.event_count++;
    if (digest.first_at === null || at < digest.first_at) digest.first_at = at;
    if (digest.last_at === null || at > digest.last_at) digest.last_at = at;
    // A page's outline is no act, and may be told a moment before its page is.
    if (event.event_type === 'layout') continue;
    if (event.page !== page) {
      page = event.page;
      seen = digest.pages.get(page);
    }
    if (seen) {
      if (at < seen.first) seen.first = at;
      if (at > seen.last) seen.last = at;
    } else if (digest.pages.size < WORDS_MAX) {
      seen = { first: at, last: at };
      digest.pages.set(event.page, seen);
      grown = true;
    }
    switch (event.event_type) {
      case 'click':
        digest.click_count++;
        if (digest.elements.size < WORDS_MAX && !digest.elements.has(event.element)) {
          digest.elements.add(event.element);
          grown = true;
        }
        break;
      case 'scroll':
        if (event.scroll_percent > digest.scroll_depth) digest.scroll_depth = event.scroll_percent;
        break;
      case 'error':
        digest.error_count++;
        if (digest.errors.size < WORDS_MAX && !digest.errors.has(event.name)) {
          digest.errors.add(event.name);
          grown = true;
        }
        break;
      case 'custom':
        if (event.name === 'identify' && isName(event.properties?.id)) {
          const identity = { id: String(event.properties.id), at };
          if (isLater(digest.identity, identity)) {
            digest.identity = identity;
            grown = true;
          }
        }
        break;
    }
    const now = Math.floor(at / SLOT_MS);
    if (now !== slot && ACTIVE.has(event.event_type)) {
      slot = now;
      digest.slots.add(slot);
    }
  }
  return grown;
}

/** Many a site counts its visitors. */
function isName(id: unknown): id is string | number {
  return typeof id === 'string' || typeof id === 'number';
}

/** Of two at the same ms the greater counts, so that the order of arrival does not. */
function isLater(before: Digest['identity'], now: NonNullable<Digest['identity']>): boolean {
  return !before || now.at > before.at || (now.at === before.at && now.id > before.id);
}

/** What the visitor does himself; a page's own changes of size, errors and visibility are not his. */
const ACTIVE: ReadonlySet<string> = new Set(['mousemove', 'click', 'focus', 'scroll', 'page_view', 'navigation']);
