// ObjectStore on an R2 bucket: created if absent, listed through every cursor. Made by app.ts and session-object.ts.
import { type ObjectStore, StoreUnavailable } from '../server/ports.ts';

/** Keys that one call deletes: the most that R2 takes. */
const KEYS = 1000;

export class R2ObjectStore implements ObjectStore {
  private readonly bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.bucket = bucket;
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    // Null: the condition failed, so the key exists.
    return (await attempt(() => this.bucket.put(key, body, { onlyIf: { etagDoesNotMatch: '*' } }))) !== null;
  }

  async get(key: string): Promise<Uint8Array | null> {
    return attempt(async () => {
      const object = await this.bucket.get(key);
      return object && new Uint8Array(await object.arrayBuffer());
    });
  }

  async *list(prefix: string, after = ''): AsyncGenerator<string> {
    let cursor: string | undefined;
    do {
      const from = cursor ? { cursor } : after ? { startAfter: after } : {};
      const page: R2Objects = await attempt(() => this.bucket.list({ prefix, ...from }));
      for (const { key } of page.objects) yield key;
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor);
  }

  async delete(keys: string[]): Promise<number> {
    for (let i = 0; i < keys.length; i += KEYS) await attempt(() => this.bucket.delete(keys.slice(i, i + KEYS)));
    return keys.length;
  }

  async probe(): Promise<void> {
    await attempt(() => this.bucket.head('probe'));
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StoreUnavailable('objects', false, { cause: error });
  }
}
