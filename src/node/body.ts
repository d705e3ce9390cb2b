// Reads the body of a request piece by piece, so that it can be counted while it comes and cut off. Called by client.ts.
import type { IncomingMessage } from 'node:http';
import type { Meter } from '../server/bodies.ts';

/** All of it. Rejects where it does not come whole, and with what `meter` throws. */
export function readBytes(incoming: IncomingMessage, meter: Meter): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer<ArrayBuffer>[] = [];
    const settle = (end: () => void) => {
      incoming.off('data', take).off('end', succeed).off('error', stop).off('close', stop);
      end();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const succeed = () => settle(() => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)));
    const take = (piece: Buffer<ArrayBuffer>) => {
      pieces.push(piece);
      try {
        meter.add(piece.length);
      } catch (error) {
        fail(error);
      }
    };
    const stop = () => {
      // A page that closes sends its farewell and goes: all of it may be here.
      if (!incoming.complete) return fail(new Error('the connection ended'));
      for (let piece = incoming.read(); piece !== null; piece = incoming.read()) pieces.push(piece);
      succeed();
    };
    meter.onCut(fail);
    incoming.on('data', take).once('end', succeed).once('error', stop).once('close', stop);
    if (incoming.destroyed) stop();
  });
}
