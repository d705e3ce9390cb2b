// Reads the body of a request piece by piece, so that it can be counted while it comes and cut off. Called by client.ts, and ahead of the app by listener.ts.
import type { IncomingMessage } from 'node:http';
import { WIRE_BYTES_MAX } from '../format/limits.ts';
import type { Bodies, Meter } from '../server/bodies.ts';

/** Bytes of a piece that is kept as it came. A smaller one is put with others: it may be a single byte, and would weigh a hundred times that. */
const SMALL = 1024;
const ROOM = 4 * SMALL;

/** Pieces that came one after the other: the first `length` bytes. */
interface Part {
  bytes: Buffer<ArrayBuffer>;
  length: number;
}

const read = new WeakMap<IncomingMessage, Uint8Array<ArrayBuffer>>();

/** True: this batch comes slowly. While nobody but us waits for it, it costs no more than its bytes and its connection. */
export function isSlow(incoming: IncomingMessage): boolean {
  const { method, url, headers } = incoming;
  if (method !== 'POST' || url !== '/collect' || isHere(incoming)) return false;
  return Number(headers['content-length']) <= WIRE_BYTES_MAX;
}

/** The whole body has been taken in. Of one that came with its head the parser says so only later. */
function isHere({ complete, headers, readableLength }: IncomingMessage): boolean {
  return complete || readableLength === Number(headers['content-length']);
}

/** Reads what `readBytes` will give. Rejects as it does. */
export async function readAhead(incoming: IncomingMessage, bodies: Bodies): Promise<void> {
  const hold = bodies.hold(0);
  try {
    read.set(incoming, await readBytes(incoming, hold));
  } finally {
    hold.release();
  }
}

/** All of it. Rejects where it does not come whole, and with what `meter` throws. */
export async function readBytes(incoming: IncomingMessage, meter: Meter): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = read.get(incoming);
  if (!bytes) return readPieces(incoming, meter);
  meter.add(bytes.length);
  return bytes;
}

function readPieces(incoming: IncomingMessage, meter: Meter): Promise<Uint8Array<ArrayBuffer>> {
  // Most come whole with their head: nothing is to be waited for.
  const whole: Buffer<ArrayBuffer> | null = isHere(incoming) ? incoming.read() : null;
  if (whole) {
    // Else its end is never heard of, and the connection holds it.
    incoming.resume();
    meter.add(whole.length);
    return Promise.resolve(whole);
  }
  return new Promise((resolve, reject) => {
    const parts: Part[] = [];
    const keep = (piece: Buffer<ArrayBuffer>) => {
      const last = parts.at(-1);
      if (last && last.length + piece.length <= last.bytes.length) {
        piece.copy(last.bytes, last.length);
        last.length += piece.length;
      } else if (!last || piece.length >= SMALL) parts.push({ bytes: piece, length: piece.length });
      else {
        const bytes = Buffer.allocUnsafeSlow(ROOM);
        piece.copy(bytes);
        parts.push({ bytes, length: piece.length });
      }
    };
    const settle = (end: () => void) => {
      incoming.off('data', take).off('end', succeed).off('error', stop).off('close', stop);
      end();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const succeed = () => settle(() => resolve(join(parts)));
    const take = (piece: Buffer<ArrayBuffer>) => {
      keep(piece);
      try {
        meter.add(piece.length);
      } catch (error) {
        fail(error);
      }
    };
    const stop = () => {
      // A page that closes sends its farewell and goes: all of it may be here.
      if (!incoming.complete) return fail(new Error('the connection ended'));
      for (let piece = incoming.read(); piece !== null; piece = incoming.read()) keep(piece);
      succeed();
    };
    meter.onCut(fail);
    incoming.on('data', take).once('end', succeed).once('error', stop).once('close', stop);
    if (incoming.destroyed) stop();
  });
}

function join(parts: Part[]): Uint8Array<ArrayBuffer> {
  const all = parts.map(({ bytes, length }) => bytes.subarray(0, length));
  return all.length === 1 ? all[0]! : Buffer.concat(all);
}
