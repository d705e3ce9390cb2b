// What the catalog needs of SQLite on Node, or of D1. Each platform implements it.

export type SqlValue = string | number | null;

export interface SqlStatement {
  sql: string;
  params: SqlValue[];
}

/** What the catalog needs of a database; errors of the database become StoreUnavailable in the adapter. */
export interface SqlDatabase {
  all(sql: string, params: SqlValue[]): Promise<Record<string, unknown>[]>;
  /** Durable, even if the power fails, before it resolves. `changes`: rows changed, those of triggers and of virtual tables included. */
  run(statement: SqlStatement): Promise<{ changes: number }>;
  /** All or nothing, in order. `isDurable`: even if the power fails, once it resolves; else the latest ones may be undone by that, the last first. */
  batch(statements: SqlStatement[], isDurable?: boolean): Promise<void>;
}

export function statement(sql: string, ...params: SqlValue[]): SqlStatement {
  return { sql, params };
}
