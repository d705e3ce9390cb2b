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

/**
 * The file: transactions in their order, the first `synced` of which outlive a crash. A state to go back to is a savepoint within those before it;
 * the others are given up, since each page that is written is noted in every savepoint.
 */
export class Log {
  /** How many transactions there are. */
  length = 0;
  /** How many of them were there at each copy that can be gone back to. */
  readonly copies: number[] = [];
  private synced = 0;
  /** The states that have a savepoint: lengths, rising. */
  private readonly saved: number[] = [];

  constructor() {
    db.exec('BEGIN');
  }

  write(statements: SqlStatement[], isDurable: boolean): void {
    db.exec(`SAVEPOINT after${this.length}`);
    this.saved.push(this.length);
    try {
      for (const { sql, params } of statements) this.prepare(sql).run(...params);
    } catch (error) {
      this.goBack(this.length);
      throw error;
    }
    this.length++;
    if (isDurable) this.sync();
  }

  /** The transactions so far outlive a crash. */
  private sync(): void {
    this.synced = this.length;
    const copied = this.copies.at(-1) ?? -1;
    const i = this.saved.findIndex((length) => length > copied);
    if (i === -1) return;
    db.exec(`RELEASE after${this.saved[i]}`);
    this.saved.length = i;
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
    while ((this.copies.at(-1) ?? 0) > kept) this.copies.pop();
  }

  close(): void {
    db.exec('ROLLBACK');
  }

  private goBack(length: number): void {
    db.exec(`ROLLBACK TO after${length}`);
    db.exec(`RELEASE after${length}`);
    while ((this.saved.at(-1) ?? -1) >= length) this.saved.pop();
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
    this.log.write([statement], true);
    const changes = this.changes() - before;
    this.loseReply();
    return { changes };
  }

  async batch(statements: SqlStatement[], isDurable = false): Promise<void> {
    await this.turn(statements[0]?.sql ?? '', 0.01);
    this.log.write(statements, isDurable);
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
