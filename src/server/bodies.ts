// Bounds how much of all requests' bodies is held at once, from their first byte until they are answered. Made by app.ts, used by collect.ts.
import { Problem } from './problem.ts';

/** Bytes of all bodies, as sent and unpacked. */
const BYTES_MAX = 32 * 1024 * 1024;
/** Bytes that a body counts for, however short: a request has a size of its own. */
const EACH = 16 * 1024;

/** Told of a body while it comes. */
export interface Meter {
  /** Counts more of it in. Throws Problem 503 where there is no room. */
  add(bytes: number): void;
  /** `cut` is called, instead of others being refused, where a body that came later needs the room. */
  onCut(cut: (problem: Problem) => void): void;
}

/** What one body holds. */
export interface Hold extends Meter {
  /** It has come whole: it is not cut off any more. */
  whole(): void;
  /** It is answered. */
  release(): void;
}

export class Bodies {
  private readonly max: number;
  private held = 0;
  /** Those that can be cut off, oldest first: whoever is slow has begun long ago. */
  private readonly coming = new Map<Hold, (problem: Problem) => void>();

  constructor(max: number = BYTES_MAX) {
    this.max = max;
  }

  /** Counts a body that begins, and `each` bytes for what is done with it. Throws Problem 503 where there is no room. */
  hold(each: number = EACH): Hold {
    let counted = 0;
    let isReleased = false;
    const add = (bytes: number) => {
      if (isReleased) return;
      counted += bytes;
      this.held += bytes;
      this.makeRoom(hold);
    };
    const release = () => {
      this.coming.delete(hold);
      if (!isReleased) this.held -= counted;
      isReleased = true;
    };
    const hold: Hold = {
      add,
      onCut: (cut) => {
        this.coming.set(hold, (problem) => {
          release();
          cut(problem);
        });
      },
      whole: () => void this.coming.delete(hold),
      release,
    };
    try {
      add(each);
    } catch (error) {
      release();
      throw error;
    }
    return hold;
  }

  private makeRoom(asking: Hold): void {
    if (this.held <= this.max) return;
    for (const [hold, cut] of this.coming) {
      if (hold === asking) break;
      cut(noRoom());
      if (this.held <= this.max) return;
    }
    throw noRoom();
  }
}

function noRoom(): Problem {
  return new Problem(503, 'bodies', 'too much is sent at once; send the same batch again later', 2);
}

/** Passes on what comes, each piece once `add` was told of its bytes; fails with what that throws. */
export function counting(add: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      add(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
}
