// ObjectStore on the simulated disk, by the steps of the folder store: temporary name, sync, link, sync of the folder. Used by server.ts.
import { type ObjectStore, StoreUnavailable } from '../../../src/server/ports.ts';
import { type Disk, DiskError } from './disk.ts';
import type { Life, Scheduler } from './scheduler.ts';

const ROOT = 'objects/';
/** Keys that one call lists; the next one sees what was put meanwhile. */
const PAGE = 3;
let temporary = 0;

export class DiskObjectStore implements ObjectStore {
  private readonly disk: Disk;
  private readonly scheduler: Scheduler;
  private readonly life: Life;

  constructor(disk: Disk, scheduler: Scheduler, life: Life) {
    this.disk = disk;
    this.scheduler = scheduler;
    this.life = life;
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    const name = ROOT + key;
    const draft = `drafts/${++temporary}`;
    await this.step(`write ${key}`, () => this.disk.append(draft, body));
    await this.step(`sync ${key}`, () => this.disk.sync(draft));
    const isNew = await this.step(`link ${key}`, () => this.disk.link(draft, name));
    this.disk.unlink(draft);
    // One that is there may be another's, who has not synced it yet.
    await this.step(`sync the folder of ${key}`, () => this.syncName(name, isNew));
    return isNew;
  }

  /** A name that could not be made durable is taken back: nobody is to act on what a crash undoes. */
  private syncName(name: string, isNew: boolean): void {
    try {
      this.disk.syncNames(name);
    } catch (error) {
      if (isNew) this.disk.unlink(name);
      throw error;
    }
  }

  get(key: string): Promise<Uint8Array | null> {
    return this.step(`get ${key}`, () => {
      this.disk.strain(0.004);
      return this.disk.read(ROOT + key);
    });
  }

  async *list(prefix: string, after = ''): AsyncGenerator<string> {
    let last = after;
    for (;;) {
      const keys = await this.step(`list ${prefix} after ${last}`, () => {
        this.disk.strain(0.004);
        const names = this.disk.names(ROOT + prefix).map((name) => name.slice(ROOT.length));
        return names.filter((key) => key > last).slice(0, PAGE);
      });
      yield* keys;
      if (keys.length < PAGE) return;
      last = keys.at(-1)!;
    }
  }

  async delete(keys: string[]): Promise<number> {
    let deleted = 0;
    for (const key of keys) {
      await this.step(`delete ${key}`, () => {
        this.disk.strain(0.01);
        if (this.disk.unlink(ROOT + key)) deleted++;
      });
      await this.step(`sync the folder of ${key}`, () => this.disk.syncNames(ROOT + key));
    }
    return deleted;
  }

  async probe(): Promise<void> {}

  private async step<T>(what: string, work: () => T): Promise<T> {
    await this.scheduler.turn(this.life, what);
    try {
      return work();
    } catch (error) {
      if (error instanceof DiskError) throw new StoreUnavailable('objects', error.full, { cause: error });
      throw error;
    }
  }
}
