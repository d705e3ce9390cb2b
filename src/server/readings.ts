// Bounds what reading costs a process that records as well: lists and sessions come one after the other, and what they hold in memory is limited. Called by app.ts.
import { Problem } from './problem.ts';

/** ms that a reading may have to wait; one that would wait longer is refused at once. */
const WAIT_MAX = 700;
/** ms after which the guess of how long it would be was wrong. */
const PATIENCE = 1000;
/** ms: longest pause after a reading while others wait. */
const PAUSE_MAX = 250;
/** What the last reading weighs in the guess of how long the next takes, with the pause after it. */
const SHARE = 0.3;
/** Characters of all sessions that are being sent. */
const HELD_MAX = 32 * 1024 * 1024;
/** ms for which a session is sent before it can be made to give room. */
const SEND_MS = 30_000;

/** A session that is being sent. */
interface Sent {
  size: number;
  /** ms. */
  since: number;
  cut(): void;
}

export class Readings {
  private isBusy = false;
  /** ms from one reading to the next of late, while others wait. */
  private usual = 0;
  private readonly waiting = new Set<() => void>();
  /** Oldest first. */
  private readonly sent = new Set<Sent>();
  private held = 0;
  private readonly heldMax: number;
  private readonly now: () => number;

  constructor({ heldMax = HELD_MAX, now = () => performance.now() }: { heldMax?: number; now?: () => number } = {}) {
    this.heldMax = heldMax;
    this.now = now;
  }

  /** Does `work` once those before are done; throws Problem 503 where that would be too late. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.isBusy) await this.wait();
    this.isBusy = true;
    const began = this.now();
    try {
      return await work();
    } finally {
      this.end(began);
    }
  }

  /** Throws Problem 503 where no further session can be held; one that has been sent for long is cut off for it. */
  makeRoom(): void {
    const before = this.now() - SEND_MS;
    for (const one of this.sent) {
      if (this.held < this.heldMax || one.since > before) break;
      this.release(one);
      one.cut();
    }
    if (this.held >= this.heldMax) throw tooMuch();
  }

  /** Counts a session of `size` characters until what is returned is called. `cut` ends its sending. */
  hold(size: number, cut: () => void): () => void {
    const one = { size, since: this.now(), cut };
    this.sent.add(one);
    this.held += size;
    return () => this.release(one);
  }

  private release(one: Sent): void {
    if (this.sent.delete(one)) this.held -= one.size;
  }

  private wait(): Promise<void> {
    if (this.waiting.size > 0 && this.usual * (this.waiting.size + 1) > WAIT_MAX) throw tooMuch();
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.add(begin);
      const timer = setTimeout(() => {
        if (this.waiting.delete(begin)) reject(tooMuch());
      }, PATIENCE);
    });
  }

  private end(began: number): void {
    const pause = this.waiting.size > 0 ? Math.min(PAUSE_MAX, this.now() - began) : 0;
    // Batches that came meanwhile are taken in between, and other readings have a chance to ask.
    setTimeout(() => {
      this.usual += SHARE * (this.now() - began - this.usual);
      const [begin] = this.waiting;
      this.isBusy = begin !== undefined;
      if (begin) this.waiting.delete(begin);
      begin?.();
    }, pause);
  }
}

function tooMuch(): Problem {
  return new Problem(503, 'reading', 'too much is read at once; ask again later', 2);
}
