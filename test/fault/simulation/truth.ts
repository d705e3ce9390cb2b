// What was sent, acknowledged and erased, and what may therefore be read. Kept by history.ts; every contradiction is a Violation.

/** An invariant does not hold. */
export class Violation extends Error {}

export interface SentClick {
  event_type: 'click';
  event_id?: string;
  x: number;
  y: number;
  element: string;
  page: string;
  timestamp: number;
}

export interface SentBatch {
  page_id: string;
  seq: number;
  events: SentClick[];
  /** The answer that the visitor has; null: none. */
  answer: { accepted: number; rejected: number } | null;
  /** Some attempt reached a server. */
  isSent: boolean;
  /** No further attempt will be made. */
  isFinal: boolean;
}

export interface SessionTruth {
  id: string;
  batches: SentBatch[];
  /** A server was asked to erase it; then both may be. */
  eraseAsked: boolean;
  /** Somebody was told that it is erased: now it is for ever. */
  isErased: boolean;
  /** An erasure was answered with 200: it is in no list either. */
  isPromised: boolean;
  /** ms between the visitor's clock and the server's at arrival: least and greatest of all attempts. */
  skew: { least: number; most: number };
}

const TOLERANCE_MS = 5000;

export interface ReadEvent extends SentClick {
  event_id: string;
}

/** Names of batches that were acknowledged when a reader asked. */
export function acknowledged(session: SessionTruth): SentBatch[] {
  return session.batches.filter(({ answer }) => answer !== null);
}

/** `promised`: those acknowledged before the reader asked. */
export function checkEvents(session: SessionTruth, promised: readonly SentBatch[], events: ReadEvent[]): void {
  const read = new Map<string, ReadEvent>();
  let last = Number.NEGATIVE_INFINITY;
  for (const event of events) {
    if (read.has(event.event_id)) throw new Violation(`${event.event_id} is read twice`);
    if (event.timestamp < last) throw new Violation(`${event.event_id} is out of order`);
    last = event.timestamp;
    read.set(event.event_id, event);
  }
  const offsets = new Set<number>();
  for (const batch of session.batches) {
    const ids = batch.events.map((event, i) => event.event_id ?? `${batch.page_id}.${batch.seq}.${i}`);
    const found = ids.filter((id) => read.has(id)).length;
    const name = `${session.id.slice(0, 4)} ${batch.page_id}.${batch.seq}`;
    if (found < ids.length && promised.includes(batch))
      throw new Violation(`${ids.length - found} acknowledged events of ${name} are lost`);
    if (found > 0 && found < ids.length) throw new Violation(`only a part of ${name} is read`);
    if (found > 0 && !batch.isSent) throw new Violation(`${name} is read and was never sent`);
    for (const [i, sent] of batch.events.entries()) {
      const event = read.get(ids[i]!);
      if (!event) continue;
      read.delete(ids[i]!);
      offsets.add(event.timestamp - sent.timestamp);
      const expected = { ...sent, event_id: ids[i]!, timestamp: event.timestamp };
      if (textOf(event) !== textOf(expected)) throw new Violation(`${ids[i]} of ${name} is not what was sent`);
    }
  }
  if (read.size > 0) throw new Violation(`${[...read.keys()]} is read and nobody sent it`);
  checkOffsets(session, [...offsets]);
}

/** Of a visitor whose clock stays as it is all times are moved alike. */
function checkOffsets({ id, skew }: SessionTruth, offsets: number[]): void {
  const agrees = skew.most <= TOLERANCE_MS && skew.least >= -TOLERANCE_MS;
  const differs = skew.least > TOLERANCE_MS || skew.most < -TOLERANCE_MS;
  if (agrees && offsets.some((offset) => offset !== 0)) throw new Violation(`times of ${id} were moved`);
  const isSteady = skew.most - skew.least <= TOLERANCE_MS;
  if (differs && isSteady && offsets.length > 1)
    throw new Violation(`times of ${id} were moved by ${offsets.sort()} ms`);
  for (const offset of offsets) {
    if (offset !== 0 && (offset < skew.least || offset > skew.most))
      throw new Violation(`times of ${id} were moved by ${offset} ms, which no clock explains`);
  }
}

function textOf(event: object): string {
  return JSON.stringify(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1)));
}
