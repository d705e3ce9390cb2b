// Keeps the catalog's rows of running sessions in step with the hot store: written behind, one writer at a time. Called by collect, seal, erase and before every list.
import { searchText, summarize } from '../analysis/summary.ts';
import { originOf } from './hot-session.ts';
import type { Ports } from './ports.ts';

/** Rows written in one go. */
const ROWS = 200;

export class CatalogWriter {
  private readonly ports: Pick<Ports, 'hot' | 'catalog'>;
  private readonly changed = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(ports: Pick<Ports, 'hot' | 'catalog'>) {
    this.ports = ports;
  }

  /** This running session's row is to be written: it is new, or has pages or elements that the row lacks. */
  note(sessionId: string): void {
    this.changed.add(sessionId);
  }

  /** Writes the rows that were noted. Where the catalog does not answer they stay noted, and the error is the caller's. */
  flush(): Promise<void> {
    return this.alone(async () => {
      while (this.changed.size > 0) {
        const ids = [...this.changed].slice(0, ROWS);
        const digests = await this.ports.hot.digests(ids);
        const rows = [...digests.values()].map(({ session, digest }) => {
          const origin = originOf(session);
          return { record: summarize(origin, digest, 'live'), search_text: searchText(origin, digest) };
        });
        if (rows.length > 0) await this.ports.catalog.upsert(rows);
        for (const id of ids) this.changed.delete(id);
      }
    });
  }

  /** Runs `work` while no other writer of the catalog runs, so that no row is replaced by an older one. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.last.then(work, work);
    this.last = run.catch(() => undefined);
    return run;
  }
}
