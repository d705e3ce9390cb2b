// The catalog's SqlDatabase: SQLite in memory, with a simulated log of what outlives a crash. Used by server.ts.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { StoreUnavailable } from '../../../src/server/ports.ts';
import type { SqlDatabase, SqlStatement, SqlValue } from '../../../src/server/sql-database.ts';
import type { Chance } from './chance.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** One for all histories of this thread, each of which ends as if it had never been: what is prepared stays so. */
const db = new DatabaseSync(':memory:');
const prepared = new Map<string, StatementSync>();
/** What the steps call a statement. */
const named = new Map<string, string>();

/** The file: transactions in their order, the first `synced` of which outlive a crash. Each is a savepoint within those before it, to go back to. */
export class Log {
  /** How many transactions there are. */
  length = 0;
  synced = 0;

  constructor() {
    db.exec('BEGIN');
  }

  write(statements: SqlStatement[]): void {
    db.exec(`SAVEPOINT after${this.length}`);
    try {
      for (const { sql, params } of statements) this.prepare(sql).run(...params);
    } catch (error) {
      this.goBack(this.length);
      throw error;
    }
    this.length++;
  }

  prepare(sql: string): StatementSync {
    let statement = prepared.get(sql);
    if (!statement) {
      statement = db.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement;
  }

  crash(chance: Chance): void {
    this.restore(chance.is(0.5) ? this.length : this.synced + chance.below(this.length - this.synced + 1));
  }

  /** An older state: that after so many transactions. */
  restore(kept: number): void {
    if (kept < this.length) this.goBack(kept);
    this.length = kept;
    this.synced = kept;
  }

  close(): void {
    db.exec('ROLLBACK');
  }

  private goBack(length: number): void {
    db.exec(`ROLLBACK TO after${length}`);
    db.exec(`RELEASE after${length}`);
  }
}

export class LoggedDatabase implements SqlDatabase {
  private readonly log: Log;
  private readonly chance: Chance;
  private readonly scheduler: Scheduler;
  private readonly life: Life;

  constructor(log: Log, chance: Chance, scheduler: Scheduler, life: Life) {
    this.log = log;
    this.chance = chance;
    this.scheduler = scheduler;
    this.life = life;
  }

  async all(sql: string, params: SqlValue[]): Promise<Record<string, unknown>[]> {
    await this.turn(sql, 0.003);
    return this.log.prepare(sql).all(...params);
  }

  async run(statement: SqlStatement): Promise<{ changes: number }> {
    await this.turn(statement.sql, 0.01);
    const before = this.changes();
    this.log.write([statement]);
    this.log.synced = this.log.length;
    const changes = this.changes() - before;
    this.loseReply();
    return { changes };
  }

  async batch(statements: SqlStatement[], isDurable = false): Promise<void> {
    await this.turn(statements[0]?.sql ?? '', 0.01);
    this.log.write(statements);
    if (isDurable) this.log.synced = this.log.length;
    this.loseReply();
  }

  private async turn(sql: string, failing: number): Promise<void> {
    let what = named.get(sql);
    if (!what) {
      what = `sql ${sql.replace(/\s+/g, ' ').slice(0, 70)}`;
      named.set(sql, what);
    }
    await this.scheduler.turn(this.life, what);
    if (this.chance.fails(failing)) throw new StoreUnavailable('catalog', this.chance.is(0.3));
  }

  private loseReply(): void {
    if (this.chance.fails(0.01)) throw new StoreUnavailable('catalog');
  }

  private changes(): number {
    return Number(this.log.prepare('SELECT total_changes() AS changes').get()?.changes);
  }
}
