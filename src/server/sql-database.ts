// What the catalog needs of SQLite on Node, or of D1. Each platform implements it.

export type SqlValue = string | number | null;

export interface SqlStatement {
  sql: string;
  params: SqlValue[];
}

/** What the catalog needs of a database; errors of the database become StoreUnavailable in the adapter. */
export interface SqlDatabase {
  all(sql: string, params: SqlValue[]): Promise<Record<string, unknown>[]>;
  /** All or nothing, in order. */
  batch(statements: SqlStatement[]): Promise<void>;
}
