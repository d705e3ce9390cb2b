// Reads one session whole: its objects, and what is not there yet from the hot store. Called by the API, export, import and seal.
import { findSignals } from '../analysis/signals/find.ts';
import type { Thresholds } from '../analysis/signals/thresholds.ts';
import { summarize } from '../analysis/summary.ts';
import type { Gap, SessionOrigin, SessionRecord } from '../format/session.ts';
import type { Finding } from '../format/signal.ts';
import type { App } from './context.ts';
import { EventLog } from './event-log.ts';
import { sessionFrom, storedFrom } from './fallback.ts';
import { originOf } from './hot-session.ts';
import { orderGaps } from './order.ts';
import type { HotSession, Ports, Writer } from './ports.ts';
import type { Readings } from './readings.ts';
import { readObjects } from './session-objects.ts';
import { Stretch } from './session-part.ts';
import { thresholdsOf } from './signals-setting.ts';

export interface WholeSession {
  session: SessionRecord;
  events: EventLog;
  gaps: Gap[];
  /** Only this stretch was read, and what it builds on. */
  stretch?: Stretch;
}

/**
 * The session with every acknowledged event, in time order; null: there is none, or it was erased. `at` (ms from its start): of a long one
 * that has ended only what shows it there. `writer`: of the process that seals, where it is this one.
 */
export async function readSession(
  ports: Ports,
  sessionId: string,
  at?: number,
  writer?: Writer,
): Promise<WholeSession | null> {
  const { catalog } = ports;
  // Kept batches before the tail, the tail before the objects: what is moved meanwhile is then seen twice, never not at all.
  const kept = await catalog.kept(sessionId);
  const tail = await tailOf(ports, sessionId, writer);
  const row = await catalog.find(sessionId);
  const known = tail?.session ?? row ?? storedFrom(kept, null)?.session;
  if (!known || (await catalog.erasedAt(sessionId)) !== null) return null;

  const isEnded = !tail && kept.length === 0 && row?.status === 'ended';
  const stretch = isEnded && at !== undefined ? Stretch.of(row, at) : null;
  const events = new EventLog();
  const gaps: Gap[] = [];
  let missing = false;
  let first: SessionOrigin | null = null;
  let newest: HotSession | null = null;
  for await (const part of readObjects(ports.objects, sessionId, known.started_at, undefined, stretch)) {
    gaps.push(...part.gaps, ...(part.object?.gaps ?? []));
    if (part.gaps.length > 0) missing = true;
    if (!part.object) continue;
    const { session, clock_offset, batches } = part.object;
    first ??= session;
    newest = sessionFrom(session, clock_offset);
    events.add(batches);
  }
  if (stretch && row) return { session: row, events, gaps: orderGaps(gaps), stretch };
  const late = storedFrom(kept, tail?.session ?? newest);
  const origin = tail ? originOf(tail.session) : (first ?? (late && originOf(late.session)) ?? row!);
  events.add(tail?.batches ?? []);
  events.add(late?.batches ?? []);
  if (events.batchCount === 0 && !missing && !row) return null;
  // What an imported session lacks, its header says.
  if (!missing && !origin.imported_at) gaps.push(...events.lost(origin.started_at));
  const status = tail || late ? 'live' : 'ended';
  return { session: recordOf(origin, events, status, row, thresholdsOf(ports)), events, gaps: orderGaps(gaps) };
}

/** Null: not hot. A session that ended is read from its objects though the hot store does not answer. */
async function tailOf({ hot, catalog }: Ports, sessionId: string, writer?: Writer): ReturnType<Ports['hot']['tail']> {
  try {
    return await hot.tail(sessionId);
  } catch (error) {
    // While it is sealed its row says that it has ended before that is true.
    const known = () => catalog.known(sessionId);
    const { record, lacks } = await (writer?.alone(known) ?? known());
    // While the index is made anew from the objects, what runs seems to have ended.
    if (record?.status === 'ended' && lacks === 'nothing') return null;
    throw error;
  }
}

/** As `readSession`; null also for what is expired and not yet removed. */
export async function readKept(
  { ports, keptSince, writer }: Pick<App, 'ports' | 'keptSince' | 'writer'>,
  sessionId: string,
  at?: number,
): Promise<WholeSession | null> {
  const whole = await readSession(ports, sessionId, at, writer);
  return whole && (whole.session.imported_at ?? whole.session.ended_at) >= keptSince() ? whole : null;
}

/** What the events come to; a session of which nothing is readable any more keeps what the catalog knew. */
function recordOf(
  origin: SessionOrigin,
  events: EventLog,
  status: 'live' | 'ended',
  row: SessionRecord | null,
  thresholds: Thresholds,
): SessionRecord {
  if (events.count === 0 && row) return { ...row, status };
  // Lists, filters and the session itself tell the same, though the thresholds may have changed since.
  const isKnown = status === 'ended' && row?.status === 'ended' && row.event_count === events.count;
  // A row of an earlier version has none.
  const known = isKnown ? (row.findings as Finding[] | undefined) : undefined;
  const findings = known ?? findSignals(events.acts(), thresholds, status === 'ended');
  return summarize(origin, events.digest(), status, findings);
}

/** Characters written at once. */
const CHUNK = 64 * 1024;

/**
 * The session as the API gives it, written piece by piece; held in memory, as `readings` counts, until it is sent or nobody wants it any
 * more. `from` (ms from its start): only the events from there on.
 */
export function wholeText(whole: WholeSession, readings?: Readings, from = 0): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces = piecesOf(whole, from);
  let release: (() => void) | undefined;
  return new ReadableStream({
    start(controller) {
      release = readings?.hold(whole.events.size, () => controller.error(new Error('it was sent for too long')));
    },
    pull(controller) {
      let text = '';
      while (text.length < CHUNK) {
        const { value, done } = pieces.next();
        if (!done) text += value;
        else {
          if (text) controller.enqueue(encoder.encode(text));
          release?.();
          return controller.close();
        }
      }
      controller.enqueue(encoder.encode(text));
    },
    cancel: () => release?.(),
  });
}

function* piecesOf({ session, events, gaps, stretch }: WholeSession, from: number): Generator<string, undefined> {
  yield `{"session":${JSON.stringify(session)},"events":[`;
  let separator = '';
  for (const text of events.texts(from > 0 ? session.started_at + from : undefined)) {
    yield separator + text;
    separator = ',';
  }
  const { started_at } = session;
  const part = stretch && { from: stretch.from - started_at, to: stretch.to - started_at };
  yield `],"event_count":${stretch ? session.event_count : events.count},"gaps":${JSON.stringify(gaps)}`;
  yield part ? `,"part":${JSON.stringify(part)}}` : '}';
}
