// Counters of many isolates: each adds what it counted to D1 now and then, and /health reads the sum. Made by app.ts.
import { Counters } from '../server/counters.ts';
import { type SqlDatabase, statement } from '../server/sql-database.ts';

/** ms between two writes of one isolate. */
const PAUSE = 60_000;
const ADD = `INSERT INTO counter SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true
ON CONFLICT (reason) DO UPDATE SET count = count + excluded.count`;

export class SummedCounters extends Counters {
  private readonly db: SqlDatabase;
  private writtenAt = Number.NEGATIVE_INFINITY;

  constructor(db: SqlDatabase) {
    super();
    this.db = db;
  }

  /** At most once a minute. What cannot be written waits for the next time. */
  override async flush(now: number): Promise<void> {
    if (this.counts.size === 0 || now - this.writtenAt < PAUSE) return;
    this.writtenAt = now;
    const counts = [...this.counts];
    this.counts.clear();
    try {
      await this.db.batch([statement(ADD, JSON.stringify(counts))]);
    } catch {
      for (const [reason, count] of counts) this.add(reason, count);
    }
  }

  /** The sum of all isolates, but for what others counted in the last minute. */
  override async read(): Promise<Record<string, number>> {
    const rows = await this.db.all('SELECT reason, count FROM counter', []).catch(() => []);
    const sum = new Counters();
    for (const { reason, count } of rows) sum.add(String(reason), Number(count));
    for (const [reason, count] of this.counts) sum.add(reason, count);
    return sum.read();
  }
}
