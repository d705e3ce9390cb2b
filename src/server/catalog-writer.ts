// Keeps the catalog's rows of running sessions in step with the hot store: written behind, one writer at a time. Called by collect, seal, erase and before every list.
import { rowOf } from './hot-session.ts';
import type { Ports, Writer } from './ports.ts';

/** Rows written in one go. */
const ROWS = 200;

/** The writer of a process that is the only one to write the catalog. */
export class CatalogWriter implements Writer {
  private readonly ports: Pick<Ports, 'hot' | 'catalog'>;
  private readonly changed = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(ports: Pick<Ports, 'hot' | 'catalog'>) {
    this.ports = ports;
  }

  note(sessionId: string): void {
    this.changed.add(sessionId);
  }

  flush(): Promise<void> {
    return this.alone(async () => {
      while (this.changed.size > 0) {
        const ids = [...this.changed].slice(0, ROWS);
        const digests = await this.ports.hot.digests(ids);
        const rows = [...digests.values()].map((running) => rowOf(running, 'live'));
        if (rows.length > 0) await this.ports.catalog.upsert(rows);
        for (const id of ids) this.changed.delete(id);
      }
    });
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.last.then(work, work);
    this.last = run.catch(() => undefined);
    return run;
  }
}
