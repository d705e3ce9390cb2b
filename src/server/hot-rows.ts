// The events of one hot batch as a short text: what a row of a hot store holds until the session is sealed. Written once a batch,
// so it is made for speed and few bytes: most events are mouse samples, and those become three numbers.
//
// A JSON list of: a text (the page from here on), a number (the index in its batch of the event that follows, where it
// is not the next), `[dt, x, y]` or `[dt, x, y, pointer]` (a mouse sample, dt ms after the event before), or a whole event.
import type { StoredBatch } from '../format/batch.ts';
import type { MousemoveEvent, PointerKind, SessionEvent } from '../format/event.ts';
import type { SealPart } from './ports.ts';

type Sample = [dt: number, x: number, y: number, pointer?: PointerKind];

/** Loses nothing: `decodeEvents` gives equal events. */
export function encodeEvents(pageId: string, seq: number, events: readonly SessionEvent[]): string {
  const prefix = `${pageId}.${seq}.`;
  const items: string[] = [];
  let page = '';
  let time = 0;
  let next = 0;
  for (const event of events) {
    const index = event.event_type === 'mousemove' && !event.dropped ? indexOf(event, prefix, next) : -1;
    if (index < 0) {
      items.push(JSON.stringify(event));
      next++;
    } else {
      const { x, y, pointer, timestamp } = event as MousemoveEvent;
      if (index !== next) items.push(String(index));
      if (event.page !== page) {
        page = event.page;
        items.push(JSON.stringify(page));
      }
      items.push(pointer ? `[${timestamp - time},${x},${y},"${pointer}"]` : `[${timestamp - time},${x},${y}]`);
      next = index + 1;
    }
    time = event.timestamp;
  }
  return `[${items.join()}]`;
}

/** The index that a made id tells; -1 for an id that the client chose. The usual one is tried first. */
function indexOf(event: SessionEvent, prefix: string, next: number): number {
  if (event.event_id === prefix + next) return next;
  if (!event.event_id.startsWith(prefix)) return -1;
  const index = Number(event.event_id.slice(prefix.length));
  return event.event_id === prefix + index ? index : -1;
}

export function decodeEvents(pageId: string, seq: number, text: string): SessionEvent[] {
  const events: SessionEvent[] = [];
  let page = '';
  let time = 0;
  let next = 0;
  for (const item of JSON.parse(text) as (string | number | Sample | SessionEvent)[]) {
    if (typeof item === 'string') page = item;
    else if (typeof item === 'number') next = item;
    else if (Array.isArray(item)) {
      const [dt, x, y, pointer] = item;
      time += dt;
      const id = `${pageId}.${seq}.${next++}`;
      const point = pointer ? { x, y, pointer } : { x, y };
      events.push({ event_id: id, event_type: 'mousemove', ...point, page, timestamp: time });
    } else {
      events.push(item);
      time = item.timestamp;
      next++;
    }
  }
  return events;
}

/** A hot batch as its row has it; `object`: the number of the object it is being sealed into, null before. */
export interface BatchRow {
  page_id: string;
  seq: number;
  received_at: number;
  object: number | null;
  accepted: number;
  rejected: number;
  events: string;
}

export function batchOf({ page_id, seq, accepted, rejected, events }: BatchRow): StoredBatch {
  return { page_id, seq, accepted, rejected, events: decodeEvents(page_id, seq, events) };
}

/** The planned batches by the object that each goes into, lowest number first; batches keep the order of the rows. */
export function sealPartsOf(rows: readonly BatchRow[]): SealPart[] {
  const parts = new Map<number, SealPart>();
  for (const row of rows) {
    if (row.object === null) continue;
    const part = parts.get(row.object) ?? { object: row.object, batches: [] };
    part.batches.push(batchOf(row));
    parts.set(row.object, part);
  }
  return [...parts.values()].sort((a, b) => a.object - b.object);
}
