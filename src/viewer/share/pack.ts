// A carried session → a short text of letters, digits, `-` and `_`: the format's packed events, deflated. unpack.ts reads it; the share dialog puts it into links and files.
import { decodePacked } from '../../format/decode-packed.ts';
import { pageLoadOf, type SentEvent, type SessionEvent } from '../../format/event.ts';
import { BATCH_EVENTS_MAX, LAYOUT_BATCH_BOXES_MAX } from '../../format/limits.ts';
import { encodePacked } from '../../format/packed.ts';
import { readEvent } from '../../player/read-event.ts';
import { createBreather } from '../breathe.ts';
import type { Carried } from './carried.ts';

/** Consecutive events of one page load: its place among the loads, and the events, packed or as they are. */
export type Part = [load: number, events: string | SessionEvent[]];

/** What is deflated. */
export interface Envelope {
  v: 1;
  session: Carried['session'];
  gaps: Carried['gaps'];
  /** Of page loads; those of ids that tell nothing are empty. */
  loads: string[];
  parts: Part[];
}

/** Characters of base64 made at once. */
const CHUNK = 0x6000;

/** Rejects with an AbortError where `signal` said so. */
export async function pack({ session, events, gaps }: Carried, signal: AbortSignal): Promise<string> {
  const breathe = createBreather();
  const loads: string[] = [];
  const parts: Part[] = [];
  for (const run of runsOf(events)) {
    const load = pageLoadOf(run[0]!.event_id);
    if (!loads.includes(load)) loads.push(load);
    parts.push([loads.indexOf(load), packedOf(run, session.started_at) ?? run]);
    await breathe();
    signal.throwIfAborted();
  }
  const envelope: Envelope = { v: 1, session, gaps, loads, parts };
  const deflated = new Blob([JSON.stringify(envelope)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return base64(new Uint8Array(await new Response(deflated).arrayBuffer()));
}

/** As many as one packed text may hold. */
function* runsOf(events: readonly SessionEvent[]): Generator<SessionEvent[]> {
  let run: SessionEvent[] = [];
  let rows = 0;
  for (const event of events) {
    const more = event.event_type === 'layout' ? rowsOf(event) : 0;
    const isFull = run.length === BATCH_EVENTS_MAX || rows + more > LAYOUT_BATCH_BOXES_MAX;
    if (run.length > 0 && (isFull || pageLoadOf(run[0]!.event_id) !== pageLoadOf(event.event_id))) {
      yield run;
      run = [];
      rows = 0;
    }
    run.push(event);
    rows += more;
  }
  if (run.length > 0) yield run;
}

export function rowsOf({
  boxes,
  removed,
  scrolled,
}: {
  boxes?: unknown;
  removed?: unknown;
  scrolled?: unknown;
}): number {
  return [boxes, removed, scrolled].reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
}

/** Null where what is packed would not play as it does: fractions of px, texts that are too long. */
function packedOf(run: readonly SessionEvent[], start: number): string | null {
  try {
    const packed = encodePacked(run as readonly SentEvent[], start);
    const unpacked = decodePacked(packed, start);
    const isSame = run.every((event, i) => asPlayed(event) === asPlayed({ ...unpacked[i], event_id: event.event_id }));
    return isSame && unpacked.length === run.length ? packed : null;
  } catch {
    return null;
  }
}

function asPlayed(event: unknown): string {
  return JSON.stringify(readEvent(event));
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
