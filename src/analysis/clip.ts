// The events of a stretch of a session, with what was on the screen when it began. Called where a part of a session is shown without the rest.
import { type ClickEvent, type LayoutEvent, pageLoadOf, type SessionEvent } from '../format/event.ts';
import type { Gap, SessionRecord } from '../format/session.ts';
import { digestOf } from './digest.ts';
import { summarize } from './summary.ts';

/** Epoch ms, both ends included; null: no end on this side. */
export interface Range {
  from: number | null;
  to: number | null;
}

/** What a page load had come to when the stretch began: its last page, size, place and outline. */
interface Load {
  page: SessionEvent | null;
  size: SessionEvent | null;
  scroll: SessionEvent | null;
  pointer: SessionEvent | null;
  /** The last whole outline and the differences since. */
  outline: LayoutEvent[];
  /** The last of each nested scroller. */
  scrolled: Map<number, LayoutEvent>;
}

/**
 * Events within the range, in their order (`events` is in time order). Before them, with the time `from`, those that say what was to be seen
 * then: of the page loads that the range knows of, the last page, size, scroll, pointer and outline.
 */
export function clipEvents(events: Iterable<SessionEvent>, { from, to }: Range): SessionEvent[] {
  const loads = new Map<string, Load>();
  const outlines = new Map<string, LayoutEvent>();
  const inside: SessionEvent[] = [];
  let watched = '';
  for (const event of events) {
    if (to !== null && event.timestamp > to) break;
    if (from !== null && event.timestamp < from) {
      if (event.event_type === 'layout' && event.outline) outlines.set(event.page, event);
      else {
        const id = pageLoadOf(event.event_id);
        if (add(loadAt(loads, id), event)) watched = id;
      }
    } else inside.push(event);
  }
  if (from === null) return inside;
  const seen = new Set([...inside.map(({ event_id }) => pageLoadOf(event_id)), watched]);
  const opening = [...loads].filter(([id]) => seen.has(id) && id !== watched).map(([, load]) => load);
  // What was watched comes last: so it is what is to be seen.
  const shown = loads.get(watched);
  if (shown) opening.push(shown);
  const before = opening.flatMap(stateOf);
  const pages = new Set([...before, ...inside].map(({ page }) => page));
  for (const outline of outlines.values()) if (pages.has(outline.page)) before.unshift(outline);
  return [...before.map((event) => ({ ...event, timestamp: from })), ...inside];
}

/** The record of a session that began and ended where the range does; `inside`: what `clipEvents` gave. Counts, pages and findings are those of the range. */
export function clipRecord(
  session: SessionRecord,
  inside: readonly SessionEvent[],
  { from, to }: Range,
): SessionRecord {
  const started_at = Math.max(session.started_at, from ?? session.started_at);
  // Nothing more comes into a stretch that is over.
  const status = to !== null && session.ended_at > to ? 'ended' : session.status;
  const findings = session.findings.filter(
    (finding) => finding.from >= (from ?? finding.from) && finding.to <= (to ?? finding.to),
  );
  return summarize({ ...session, started_at }, digestOf(inside), status, findings);
}

/** Gaps within the range, cut at its ends. */
export function clipGaps(gaps: readonly Gap[], range: Range): Gap[] {
  const from = range.from ?? Number.NEGATIVE_INFINITY;
  const to = range.to ?? Number.POSITIVE_INFINITY;
  return gaps
    .filter((gap) => gap.to >= from && gap.from <= to)
    .map((gap) => ({ ...gap, from: Math.max(gap.from, from), to: Math.min(gap.to, to) }));
}

function loadAt(loads: Map<string, Load>, id: string): Load {
  const known = loads.get(id);
  if (known) return known;
  const load: Load = { page: null, size: null, scroll: null, pointer: null, outline: [], scrolled: new Map() };
  loads.set(id, load);
  return load;
}

/** True where the visitor did it, in this page load. */
function add(load: Load, event: SessionEvent): boolean {
  switch (event.event_type) {
    case 'page_view':
    case 'navigation':
      load.page = event;
      load.size = load.scroll = load.pointer = null;
      // A route within a page leaves its outline as it is, a new page tells its own.
      return true;
    case 'resize':
      load.size = event;
      return false;
    case 'scroll':
      load.scroll = event;
      return true;
    case 'mousemove':
      load.pointer = event;
      return true;
    case 'click':
      // The pointer lies there, but the click is not repeated.
      load.pointer = pointerAt(event);
      return true;
    case 'layout':
      if (event.whole) load.outline = [];
      if (event.number !== undefined) load.outline.push(event);
      else for (const [element] of event.scrolled ?? []) load.scrolled.set(element!, event);
      return false;
    default:
      return false;
  }
}

function pointerAt({ event_id, x, y, pointer, page, timestamp }: ClickEvent): SessionEvent {
  return { event_id, event_type: 'mousemove', x, y, ...(pointer && { pointer }), page, timestamp };
}

function stateOf({ page, size, scroll, pointer, outline, scrolled }: Load): SessionEvent[] {
  return [page, size, ...outline, ...new Set(scrolled.values()), scroll, pointer].filter((event) => event !== null);
}
