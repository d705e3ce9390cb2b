// Group commit: whatever arrives while one transaction is written goes into the next, and is answered when that is durable. Used by sqlite-hot-store.ts.
import type { StoreUnavailable } from '../server/ports.ts';

/** Items, and bytes of them, that may wait for a transaction; more is refused at once instead of being answered late. */
const ITEMS_MAX = 10_000;
const BYTES_MAX = 64 * 1024 * 1024;
/** ms that an item may wait for others to share its transaction. */
const CALM_MS = 4;

interface Waiter<Answer> {
  answer: Answer;
  resolve: (answer: Answer) => void;
  reject: (error: StoreUnavailable) => void;
}

export class CommitQueue<Item, Answer> {
  private readonly write: (items: Item[]) => void;
  private items: Item[] = [];
  private bytes = 0;
  private waiters: Waiter<Answer>[] = [];

  /** `write` writes all of its items in one transaction, or throws StoreUnavailable. */
  constructor(write: (items: Item[]) => void) {
    this.write = write;
  }

  get isFull(): boolean {
    return this.items.length >= ITEMS_MAX || this.bytes >= BYTES_MAX;
  }

  add(item: Item, bytes: number): void {
    if (this.items.length === 0) this.flushWhenCalm(0, performance.now());
    this.items.push(item);
    this.bytes += bytes;
  }

  /** Resolves with `answer` once all that is in the queue now is durable; rejects where it could not be made so. */
  settle(answer: Answer): Promise<Answer> {
    return new Promise((resolve, reject) => this.waiters.push({ answer, resolve, reject }));
  }

  /** Writes all that waits and answers everybody. Never throws: the waiters get the error. */
  flush(): void {
    if (this.items.length === 0) return;
    const { items, waiters } = this;
    this.items = [];
    this.waiters = [];
    this.bytes = 0;
    try {
      this.write(items);
    } catch (error) {
      for (const { reject } of waiters) reject(error as StoreUnavailable);
      return;
    }
    for (const { resolve, answer } of waiters) resolve(answer);
  }

  /** Flushes once a turn of the event loop brings nothing more: bodies that are still being read join this transaction. */
  private flushWhenCalm(seen: number, since: number): void {
    setImmediate(() => {
      const waiting = this.items.length;
      if (waiting > seen && performance.now() - since < CALM_MS) this.flushWhenCalm(waiting, since);
      else this.flush();
    });
  }
}
