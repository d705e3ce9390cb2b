// Reads the body of a request piece by piece, so that it can be counted while it comes and cut off. Called by client.ts.
import type { IncomingMessage } from 'node:http';
import type { Meter } from '../server/bodies.ts';

/** All of it. Rejects where it does not come whole, and with what `meter` throws. */
export function readBytes(incoming: IncomingMessage, meter: Meter): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    let length = 0;
    // A piece may be a single byte: kept as it is, each would weigh a hundred times that.
    const keep = (piece: Buffer<ArrayBuffer>) => {
      const end = length + piece.length;
      if (length === 0) bytes = piece;
      else {
        if (end > bytes.length) bytes = Buffer.concat([bytes.subarray(0, length)], 2 * end);
        piece.copy(bytes, length);
      }
      length = end;
    };
    const settle = (end: () => void) => {
      incoming.off('data', take).off('end', succeed).off('error', stop).off('close', stop);
      end();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const succeed = () => settle(() => resolve(bytes.subarray(0, length)));
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
