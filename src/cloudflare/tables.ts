// D1 whose tables are made before the first statement: a Worker has no start, and D1 may be away when its first request comes. Made by worker.ts.
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

  async all(sql: string, params: SqlValue[]): Promise<Record<string, unknown>[]> {
    await this.ensure();
    return this.db.all(sql, params);
  }

  async run(statement: SqlStatement): Promise<{ changes: number }> {
    await this.ensure();
    return this.db.run(statement);
  }

  async batch(statements: SqlStatement[]): Promise<void> {
    await this.ensure();
    return this.db.batch(statements);
  }

  private async ensure(): Promise<void> {
    if (this.ready) return;
    await this.prepare();
    this.ready = true;
  }
}
