// Group commit: whatever arrives while others are made durable is written together and answered when it is durable. Used by sqlite-hot-store.ts.
import type { StoreUnavailable } from '../server/ports.ts';

/** Items, and bytes of them, that may wait to be written; more is refused at once instead of being answered late. */
const ITEMS_MAX = 10_000;
const BYTES_MAX = 64 * 1024 * 1024;
/** ms that an item may wait for others to share its transaction. */
const CALM_MS = 4;

interface Waiter<Answer> {
  answer: Answer;
  resolve: (answer: Answer) => void;
  reject: (error: StoreUnavailable) => void;
}

interface Log<Item> {
  /** Writes all of the items in one transaction, or throws StoreUnavailable. */
  write(items: Item[]): void;
  /** Resolves once all that was written before the call outlives a power cut; rejects with StoreUnavailable. */
  sync(): Promise<void>;
}

export class CommitQueue<Item, Answer> {
  private readonly log: Log<Item>;
  private items: Item[] = [];
  private bytes = 0;
  /** Of what is still to be written, and of what is written and still to be synced. */
  private waiters: Waiter<Answer>[] = [];
  private written: Waiter<Answer>[] = [];
  private isSyncing = false;

  constructor(log: Log<Item>) {
    this.log = log;
  }

  get isFull(): boolean {
    return this.items.length >= ITEMS_MAX || this.bytes >= BYTES_MAX;
  }

  add(item: Item, bytes: number): void {
    if (this.items.length === 0) this.flushWhenCalm(0, performance.now());
    this.items.push(item);
    this.bytes += bytes;
  }

  /** Resolves with `answer` once all that was added before is durable; rejects where it could not be made so. */
  settle(answer: Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const waiter = { answer, resolve, reject };
      if (this.items.length > 0) this.waiters.push(waiter);
      else {
        this.written.push(waiter);
        this.sync();
      }
    });
  }

  /** Writes all that waits to be. Never throws: the waiters get the error. */
  flush(): void {
    if (this.items.length === 0) return;
    const { items, waiters } = this;
    this.items = [];
    this.waiters = [];
    this.bytes = 0;
    try {
      this.log.write(items);
    } catch (error) {
      for (const { reject } of waiters) reject(error as StoreUnavailable);
      return;
    }
    this.written.push(...waiters);
    this.sync();
  }

  /** One sync at a time; what is written meanwhile is for the next. */
  private async sync(): Promise<void> {
    if (this.isSyncing) return;
    this.isSyncing = true;
    while (this.written.length > 0) {
      const waiters = this.written;
      this.written = [];
      try {
        await this.log.sync();
        for (const { resolve, answer } of waiters) resolve(answer);
      } catch (error) {
        for (const { reject } of waiters) reject(error as StoreUnavailable);
      }
    }
    this.isSyncing = false;
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
