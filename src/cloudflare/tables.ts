// D1 whose tables are made before the first statement: a Worker has no start, and D1 may be away when its first request comes. Made by app.ts.
import { RunSpent } from '../server/ports.ts';
import type { SqlDatabase, SqlStatement, SqlValue } from '../server/sql-database.ts';

export class DatabaseWithTables implements SqlDatabase {
  private readonly db: SqlDatabase;
  private readonly prepare: () => Promise<void>;
  /** Not a promise: a request must not wait for another's, and a failure is not remembered. */
  private ready = false;

  /** `prepare` makes the tables, side by side with others if need be. */
  constructor(db: SqlDatabase, prepare: () => Promise<void>) {
    this.db = db;
    this.prepare = prepare;
  }

  all(sql: string, params: SqlValue[]): Promise<Record<string, unknown>[]> {
    return this.attempt(() => this.db.all(sql, params));
  }

  run(statement: SqlStatement): Promise<{ changes: number }> {
    return this.attempt(() => this.db.run(statement));
  }

  batch(statements: SqlStatement[], isDurable?: boolean): Promise<void> {
    return this.attempt(() => this.db.batch(statements, isDurable));
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    if (!this.ready) await this.prepare();
    this.ready = true;
    try {
      return await work();
    } catch (error) {
      // Somebody may have dropped the tables: they are looked at again.
      if (!(error instanceof RunSpent)) this.ready = false;
      throw error;
    }
  }
}
