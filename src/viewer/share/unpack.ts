// What pack.ts wrote, from a link or a file that nobody vouches for → the body of an answer of the API, a piece at a time, for load.ts, which trusts it no more than a server's.
import { decodePacked } from '../../format/decode-packed.ts';
import { Failure } from '../failure.ts';
import { type Envelope, rowsOf } from './pack.ts';

/** How much a text may come to: characters of itself, bytes inflated, events, and rows of outlines. */
export interface Bounds {
  text: number;
  inflated: number;
  events: number;
  rows: number;
}

/** Browsers and chat tools give up on longer addresses. */
export const LINK_MAX = 1_000_000;
export const LINK_BOUNDS: Bounds = { text: LINK_MAX, inflated: 8_000_000, events: 100_000, rows: 300_000 };
/** A session of the most events and bytes that the server takes. */
export const FILE_BOUNDS: Bounds = { text: 60_000_000, inflated: 120_000_000, events: 200_000, rows: 3_000_000 };

/** Events told at once: others have their turn in between. */
const AT_ONCE = 1000;

/** Throws Failure, of which the sentence names what carries it: `link` or `file`. */
export async function unpack(text: string, what: 'link' | 'file', bounds: Bounds): Promise<Response> {
  const broken = () =>
    new Failure('broken', `This ${what} is incomplete or was changed on its way: it holds no session.`);
  const tooLarge = () => new Failure('broken', `This ${what} holds more than a session can: it is not opened.`);
  if (text.length > bounds.text) throw tooLarge();
  const json = await inflate(text, bounds.inflated, tooLarge).catch((error: unknown) => {
    throw error instanceof Failure ? error : broken();
  });
  const { v, session, gaps, loads, parts } = parse(json) ?? {};
  if (v !== 1 || !session || typeof session !== 'object' || !Array.isArray(loads) || !Array.isArray(parts))
    throw broken();
  const start = (session as { started_at?: unknown }).started_at;
  if (typeof start !== 'number') throw broken();

  function* pieces(): Generator<string> {
    yield `{"session":${JSON.stringify({ ...(session as object), status: 'ended' })},"gaps":${JSON.stringify(gaps ?? [])},"events":[`;
    let events = 0;
    let rows = 0;
    for (const [number, part] of (parts as unknown[]).entries()) {
      if (!Array.isArray(part)) throw broken();
      const [load, given] = part as [unknown, unknown];
      const id = String((loads as unknown[])[Number(load)] ?? '');
      const found: unknown[] = Array.isArray(given) ? given : decodePacked(given, start as number);
      events += found.length;
      for (const event of found) rows += rowsOf((event ?? {}) as object);
      if (events > bounds.events || rows > bounds.rows) throw tooLarge();
      for (let first = 0; first < found.length; first += AT_ONCE) {
        const some = found.slice(first, first + AT_ONCE);
        const texts = Array.isArray(given)
          ? some.map((event) => JSON.stringify(event))
          : some.map((event, i) => JSON.stringify({ ...(event as object), event_id: idOf(id, number, first + i) }));
        yield `${events === found.length && first === 0 ? '' : ','}${texts.join(',')}`;
      }
    }
    yield `],"event_count":${events}}`;
  }
  const encoder = new TextEncoder();
  const source = pieces();
  return new Response(
    new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull(controller) {
          try {
            const { value, done } = source.next();
            if (done) controller.close();
            else controller.enqueue(encoder.encode(value));
          } catch (error) {
            controller.error(error instanceof Failure ? error : broken());
          }
        },
      },
      { highWaterMark: 0 },
    ),
  );
}

/** As the server makes them, where they told the page load; else such that nothing is concluded from them. */
function idOf(load: string, part: number, event: number): string {
  return load === '' ? `${part}-${event}` : `${load}.${part}.${event}`;
}

async function inflate(text: string, most: number, tooLarge: () => Failure): Promise<string> {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (digit) => digit.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder();
  let json = '';
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.byteLength;
    if (length > most) {
      void reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    json += decoder.decode(part.value, { stream: true });
  }
  return json;
}

function parse(json: string): Partial<Record<keyof Envelope, unknown>> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
