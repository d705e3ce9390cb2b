// Loads exported sessions with their own ids and times, as objects. Twice changes nothing. Called by the CLI.
import type { SessionEvent } from '../format/event.ts';
import { type ExportHeader, isExportHeader, parseExportHeader } from '../format/export-header.ts';
import { FormatError } from '../format/format-error.ts';
import { type HeaderBoxes, outlinesOf, parseHeaderBoxes } from '../format/header-boxes.ts';
import { SESSION_BYTES_MAX, SESSION_EVENTS_MAX } from '../format/limits.ts';
import { eventParser } from '../format/parse-event.ts';
import type { SessionOrigin } from '../format/session.ts';
import { bytesOf } from './admission.ts';
import type { Ports, Writer } from './ports.ts';
import { readSession } from './read-session.ts';
import { putObject, sealedRow, sumObjects } from './session-objects.ts';

export interface ImportResult {
  /** Sessions that were not here before, or had events that were not. */
  sessions: number;
  events: number;
  /** Sessions of which everything was here. */
  known: number;
  /** Lines that could not be taken. */
  refused: number;
}

/** Events of one object. */
const OBJECT_EVENTS = 20_000;

interface Incoming extends ExportHeader {
  line: number;
  events: SessionEvent[];
  ids: Set<string>;
  outlines: HeaderBoxes;
  parse: ReturnType<typeof eventParser>;
}

/** Takes NDJSON line by line; `refuse` is told each line (from 1) that cannot be taken, and why. */
export async function importSessions(
  ports: Ports,
  writer: Writer,
  lines: AsyncIterable<string>,
  refuse: (line: number, reason: string) => void,
): Promise<ImportResult> {
  const result: ImportResult = { sessions: 0, events: 0, known: 0, refused: 0 };
  const refuseAndCount = (at: number, reason: string) => {
    result.refused++;
    refuse(at, reason);
  };
  let current: Incoming | null = null;
  let line = 0;
  for await (const given of lines) {
    line++;
    if (given.trim() === '') continue;
    try {
      const value = parseJson(given);
      if (isExportHeader(value)) {
        if (current) await store(ports, writer, current, result, refuseAndCount);
        current = null;
        const header = parseExportHeader(value);
        const parse = eventParser({ imported: true, final: header.final });
        const outlines = parseHeaderBoxes(value);
        current = { ...header, line, parse, events: [], ids: new Set(), outlines };
        if (outlines.refused > 0) refuseAndCount(line, `boxes: ${outlines.refused} could not be taken`);
      } else {
        if (!current) throw new FormatError('event', 'belongs to no session');
        addEvent(current, value);
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refuseAndCount(line, error.message);
    }
  }
  if (current) await store(ports, writer, current, result, refuseAndCount);
  return result;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormatError('line', 'must be JSON');
  }
}

function addEvent(session: Incoming, value: unknown): void {
  const sent = session.parse(value);
  const event = { ...sent, event_id: sent.event_id ?? `import.0.${session.events.length}` } as SessionEvent;
  if (session.ids.has(event.event_id)) throw new FormatError('event_id', 'was there before in this session');
  if (session.events.length >= SESSION_EVENTS_MAX) {
    throw new FormatError('event', `is beyond the ${SESSION_EVENTS_MAX} of one session`);
  }
  session.ids.add(event.event_id);
  session.events.push(event);
}

/** The header's boxes become events, after those of the time at which their page was first seen. */
function addOutlines(session: Incoming, started_at: number, refuse: (line: number, reason: string) => void): void {
  if (session.outlines.pages.size === 0) return;
  const seen = new Map<string, number>();
  for (const { page, timestamp } of session.events) seen.set(page, Math.min(timestamp, seen.get(page) ?? timestamp));
  for (const outline of outlinesOf(session.outlines, session.session)) {
    // Of a session that was exported they are there already.
    if (session.ids.has(outline.event_id)) continue;
    try {
      const { page } = session.parse({ ...outline, timestamp: started_at });
      addEvent(session, { ...outline, timestamp: seen.get(page) ?? started_at });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refuse(session.line, `boxes: ${error.message}`);
    }
  }
}

/** Writes what is not here yet as further objects, then the catalog's row. */
async function store(
  ports: Ports,
  writer: Writer,
  incoming: Incoming,
  result: ImportResult,
  refuse: (line: number, reason: string) => void,
): Promise<void> {
  const id = incoming.session.session_id;
  if ((await ports.catalog.erasedAt(id)) !== null) return refuse(incoming.line, 'session_id was erased here');
  const here = await readSession(ports, id);
  const started_at = here?.session.started_at ?? incoming.session.started_at ?? incoming.events[0]?.timestamp;
  if (started_at === undefined) return refuse(incoming.line, 'started_at must be there, or an event');
  addOutlines(incoming, started_at, refuse);
  const events = incoming.events.filter((event) => !here?.events.has(event.event_id));
  if (here && events.length === 0) {
    result.known++;
    return;
  }
  if (here?.session.status === 'live') return refuse(incoming.line, 'session_id is that of a running session');

  const before = await sumObjects(ports.objects, id, started_at);
  const session: SessionOrigin = before.origin ?? {
    ...incoming.session,
    started_at,
    imported_at: ports.clock.now(),
  };
  for (const [i, part] of partsOf(events).entries()) {
    const object = before.next_object + i;
    await putObject(ports.objects, {
      object,
      session,
      clock_offset: 0,
      ...(i === 0 && incoming.gaps.length > 0 && !here ? { gaps: incoming.gaps } : {}),
      batches: [{ page_id: `import-${object}`, seq: 0, accepted: part.length, rejected: 0, events: part }],
    });
  }
  await writer.alone(async () => {
    const row = await sealedRow(ports, id, started_at);
    if (row) await ports.catalog.upsert([row]);
  });
  result.sessions++;
  result.events += events.length;
}

/** The events of each object; one at least, with none where there are none. */
function partsOf(events: readonly SessionEvent[]): SessionEvent[][] {
  const parts: SessionEvent[][] = [[]];
  let bytes = 0;
  for (const event of events) {
    const size = bytesOf([event]);
    if (parts.at(-1)!.length >= OBJECT_EVENTS || (bytes > 0 && bytes + size > SESSION_BYTES_MAX)) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(event);
    bytes += size;
  }
  return parts;
}
