// Reads a request's body as text within the format's limits, counting while it comes; one layer of gzip is taken off. Called by collect.
import { BODY_BYTES_MAX, WIRE_BYTES_MAX } from '../format/limits.ts';
import { Problem } from './problem.ts';

const TYPES = ['text/plain', 'application/json'];

/** Throws Problem 400 (broken off, broken gzip), 413 (too many bytes) or 415 (another type or encoding). */
export async function readBody(request: Request, header: (name: string) => string | null): Promise<string> {
  const type = header('content-type')?.replace(/;.*/, '').trim().toLowerCase();
  if (type && !TYPES.includes(type)) throw new Problem(415, 'media_type', `the body must be ${TYPES.join(' or ')}`);
  const encoding = header('content-encoding')?.trim().toLowerCase() || 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new Problem(415, 'media_type', 'the body must be plain or gzip');
  }
  const announced = header('content-length');
  if (announced !== null && !(Number(announced) <= WIRE_BYTES_MAX)) throw tooLarge();
  // A server holds a client to the length it announced: nothing is left to count.
  if (announced !== null && encoding === 'identity') return request.text().catch(brokenOff);
  if (!request.body) return '';
  const sent = request.body.pipeThrough(counting(WIRE_BYTES_MAX));
  if (encoding === 'identity') return new Response(sent).text().catch(brokenOff);
  try {
    const inflated = sent.pipeThrough(new DecompressionStream('gzip') as ReadableWritablePair<Uint8Array, Uint8Array>);
    return await new Response(inflated.pipeThrough(counting(BODY_BYTES_MAX))).text();
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(400, 'gzip', 'body must be one whole gzip member');
  }
}

/** Lets at most `max` bytes pass. */
function counting(max: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > max) throw tooLarge();
      controller.enqueue(chunk);
    },
  });
}

/** The sender went away in the middle: nobody reads the answer, and nothing here has failed. */
function brokenOff(error: unknown): never {
  throw error instanceof Problem ? error : new Problem(400, 'broken_off', 'body must come whole');
}

function tooLarge(): Problem {
  return new Problem(413, 'body_size', `body must be at most ${WIRE_BYTES_MAX} bytes, ${BODY_BYTES_MAX} unpacked`);
}
