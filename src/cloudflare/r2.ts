// ObjectStore on an R2 bucket: created if absent, listed through every cursor. Made by worker.ts and session-object.ts.
import { type ObjectStore, StoreUnavailable } from '../server/ports.ts';

export class R2ObjectStore implements ObjectStore {
  private readonly bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.bucket = bucket;
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    // Null: the condition failed, so the key exists.
    return (await attempt(this.bucket.put(key, body, { onlyIf: { etagDoesNotMatch: '*' } }))) !== null;
  }

  async get(key: string): Promise<Uint8Array | null> {
    const object = await attempt(this.bucket.get(key));
    return object && new Uint8Array(await attempt(object.arrayBuffer()));
  }

  async *list(prefix: string, after = ''): AsyncGenerator<string> {
    let cursor: string | undefined;
    do {
      const page: R2Objects = await attempt(
        this.bucket.list(cursor ? { prefix, cursor } : after ? { prefix, startAfter: after } : { prefix }),
      );
      for (const { key } of page.objects) yield key;
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor);
  }

  async delete(keys: string[]): Promise<number> {
    for (let i = 0; i < keys.length; i += 1000) await attempt(this.bucket.delete(keys.slice(i, i + 1000)));
    return keys.length;
  }

  async probe(): Promise<void> {
    await attempt(this.bucket.head('probe'));
  }
}

async function attempt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new StoreUnavailable('objects', false, { cause: error });
  }
}
