// SqlDatabase on D1: what the catalog runs on. Made by app.ts and session-object.ts.
import { StoreUnavailable } from '../server/ports.ts';
import type { SqlDatabase, SqlStatement, SqlValue } from '../server/sql-database.ts';
import type { Budget } from './budget.ts';

/** What D1 says of a database that has reached its 10 GB, or 500 MB on the free plan. */
const FULL = /database or disk is full|SQLITE_FULL|exceeded maximum DB size/i;

/** Nothing is tried again here: D1 itself repeats what only reads, and of a write nobody knows whether it was done. */
export class D1SqlDatabase implements SqlDatabase {
  private readonly db: D1Database;
  private readonly budget: Budget | undefined;

  constructor(db: D1Database, budget?: Budget) {
    this.db = db;
    this.budget = budget;
  }

  async all(sql: string, params: SqlValue[]): Promise<Record<string, unknown>[]> {
    return this.attempt(1, async () => {
      const { results } = await this.prepare({ sql, params }).all<Record<string, unknown>>();
      return results;
    });
  }

  run(statement: SqlStatement): Promise<{ changes: number }> {
    return this.attempt(1, async () => ({ changes: (await this.prepare(statement).run()).meta.changes }));
  }

  async batch(statements: SqlStatement[]): Promise<void> {
    if (statements.length === 0) return;
    await this.attempt(statements.length, async () => {
      await this.db.batch(statements.map((one) => this.prepare(one)));
    });
  }

  private prepare({ sql, params }: SqlStatement): D1PreparedStatement {
    return this.db.prepare(sql).bind(...params);
  }

  private async attempt<T>(statements: number, work: () => Promise<T>): Promise<T> {
    // Cloudflare counts each statement.
    this.budget?.spend('catalog', statements);
    try {
      return await work();
    } catch (error) {
      throw new StoreUnavailable('catalog', FULL.test(String(error)), { cause: error });
    }
  }
}
