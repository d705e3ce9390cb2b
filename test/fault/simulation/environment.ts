// Takes chance and other threads out of this thread's globals, so that a history depends on its seed alone. Called by history.ts, in a worker of its own.
import { createHash } from 'node:crypto';

let made = 0;

/** Ids that the program makes go on from here: the same for each history. */
export function beginAnew(): void {
  made = 0;
}

export function prepareEnvironment(): void {
  const digest = async (_: string, bytes: Uint8Array) => {
    const hash = createHash('sha256').update(bytes).digest();
    return hash.buffer.slice(hash.byteOffset, hash.byteOffset + hash.length);
  };
  Object.defineProperty(crypto.subtle, 'digest', { value: digest });
  const randomUUID = () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`;
  Object.defineProperty(crypto, 'randomUUID', { value: randomUUID });
  Math.random = () => {
    throw new Error('chance that no seed decides');
  };
}
