// Reads a request's body as text within the format's limits, counting while it comes; one layer of gzip is taken off. Called by collect.
import { BODY_BYTES_MAX, WIRE_BYTES_MAX } from '../format/limits.ts';
import { counting, type Hold, type Meter } from './bodies.ts';
import type { Client } from './context.ts';
import { headersOf } from './cross-origin.ts';
import { Problem } from './problem.ts';

/** Bytes of a body that may be counted before they come: no tracker sends more. */
const SHORT = 64 * 1024;

const TYPES = ['text/plain', 'application/json'];
const decoder = new TextDecoder();

/** Throws Problem 400 (broken off, broken gzip), 413 (too many bytes), 415 (another type or encoding) or 503 (too much is sent by all at once). */
export async function readBody(request: Request, client: Client, hold: Hold): Promise<string> {
  const header = headersOf(request, client);
  const type = header('content-type')?.replace(/;.*/, '').trim().toLowerCase();
  if (type && !TYPES.includes(type)) throw new Problem(415, 'media_type', `the body must be ${TYPES.join(' or ')}`);
  const encoding = header('content-encoding')?.trim().toLowerCase() || 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new Problem(415, 'media_type', 'the body must be plain or gzip');
  }
  const announced = header('content-length');
  if (announced !== null && !(Number(announced) <= WIRE_BYTES_MAX)) throw tooLarge();
  const sent = await bytesOf(request, client, atMost(WIRE_BYTES_MAX, hold)).catch(brokenOff);
  hold.whole();
  if (encoding === 'identity') return decoder.decode(sent);
  const inflated = new Blob([sent]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return await new Response(inflated.pipeThrough(counting(atMost(BODY_BYTES_MAX, hold).add))).text();
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(400, 'gzip', 'body must be one whole gzip member');
  }
}

async function bytesOf(request: Request, client: Client, meter: Meter): Promise<Uint8Array<ArrayBuffer>> {
  if (client.body) return client.body(meter);
  if (!request.body) return new Uint8Array();
  const announced = Number(headersOf(request, client)('content-length') ?? Number.POSITIVE_INFINITY);
  const isShort = announced <= SHORT;
  // A server holds a client to the length it announced: nothing is left to count.
  if (isShort) meter.add(announced);
  return new Uint8Array(
    await (isShort ? request : new Response(request.body.pipeThrough(counting(meter.add)))).arrayBuffer(),
  );
}

/** Lets at most `max` bytes of this body pass. */
function atMost(max: number, hold: Hold): Meter {
  let bytes = 0;
  return {
    add(more) {
      bytes += more;
      if (bytes > max) throw tooLarge();
      hold.add(more);
    },
    onCut: hold.onCut,
  };
}

/** The sender went away in the middle: nobody reads the answer, and nothing here has failed. */
function brokenOff(error: unknown): never {
  throw error instanceof Problem ? error : new Problem(400, 'broken_off', 'body must come whole');
}

function tooLarge(): Problem {
  return new Problem(413, 'body_size', `body must be at most ${WIRE_BYTES_MAX} bytes, ${BODY_BYTES_MAX} unpacked`);
}
