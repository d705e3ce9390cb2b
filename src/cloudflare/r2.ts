// ObjectStore on an R2 bucket: created if absent, listed through every cursor. Made by app.ts and session-object.ts.
import { type ObjectStore, StoreUnavailable } from '../server/ports.ts';
import type { Budget } from './budget.ts';

/** Keys that one call deletes: the most that R2 takes. */
const KEYS = 1000;

export class R2ObjectStore implements ObjectStore {
  private readonly bucket: R2Bucket;
  private readonly budget: Budget | undefined;

  constructor(bucket: R2Bucket, budget?: Budget) {
    this.bucket = bucket;
    this.budget = budget;
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    // Null: the condition failed, so the key exists.
    return (await this.attempt(() => this.bucket.put(key, body, { onlyIf: { etagDoesNotMatch: '*' } }))) !== null;
  }

  async get(key: string): Promise<Uint8Array | null> {
    return this.attempt(async () => {
      const object = await this.bucket.get(key);
      return object && new Uint8Array(await object.arrayBuffer());
    });
  }

  async *list(prefix: string, after = ''): AsyncGenerator<string> {
    let cursor: string | undefined;
    do {
      const from = cursor ? { cursor } : after ? { startAfter: after } : {};
      const page: R2Objects = await this.attempt(() => this.bucket.list({ prefix, ...from }));
      for (const { key } of page.objects) yield key;
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor);
  }

  async delete(keys: string[]): Promise<number> {
    for (let i = 0; i < keys.length; i += KEYS) await this.attempt(() => this.bucket.delete(keys.slice(i, i + KEYS)));
    return keys.length;
  }

  async probe(): Promise<void> {
    await this.attempt(() => this.bucket.head('probe'));
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    this.budget?.spend('objects');
    try {
      return await work();
    } catch (error) {
      throw new StoreUnavailable('objects', false, { cause: error });
    }
  }
}
