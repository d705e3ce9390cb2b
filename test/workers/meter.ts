// Counts what is asked of Durable Objects, R2 and D1, where it is billed: bindings and storage behind proxies. Used by the tests of cost and limits.
import { runInDurableObject } from 'cloudflare:test';
import type { Bindings } from '../../src/cloudflare/env.ts';
import type { SessionObject } from '../../src/cloudflare/session-object.ts';

type Call = (...args: never[]) => unknown;
type Cursor = { rowsWritten: number };

const CLASS_A = ['put', 'list', 'createMultipartUpload'];
const CLASS_B = ['get', 'head'];

export class Meter {
  object_requests = 0;
  d1_queries = 0;
  d1_rows_written = 0;
  d1_rows_read = 0;
  r2_class_a = 0;
  r2_class_b = 0;
  r2_free = 0;
  private written = 0;
  private readonly cursors: Cursor[] = [];

  /** Questions to other services, of which the free plan allows 50 to a request. */
  get subrequests(): number {
    return this.object_requests + this.d1_queries + this.r2_class_a + this.r2_class_b + this.r2_free;
  }

  get object_rows(): number {
    return this.written + this.cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
  }

  /** Bindings that count. */
  bindings(env: Bindings): Bindings {
    return {
      ...env,
      SESSIONS: this.namespace(env.SESSIONS),
      BUCKET: this.bucket(env.BUCKET),
      DB: this.database(env.DB),
    };
  }

  /** From here on counts what this object itself writes and asks. */
  async attach(env: Bindings, stub: DurableObjectStub<SessionObject>, more: Partial<Bindings> = {}): Promise<void> {
    await runInDurableObject(stub, (object, state) => {
      const inner = object as unknown as { ctx: object; env: Bindings; rows: { storage: object } };
      inner.env = { ...this.bindings(env), ...more };
      const sql = over(state.storage.sql, {
        exec: (...args: Parameters<SqlStorage['exec']>) => {
          const cursor = state.storage.sql.exec(...args);
          this.cursors.push(cursor);
          return cursor;
        },
      });
      const kv = over(state.storage.kv, {
        put: this.row(state.storage.kv, 'put'),
        delete: this.row(state.storage.kv, 'delete'),
      });
      const storage = over(state.storage, { sql, kv, setAlarm: this.row(state.storage, 'setAlarm') });
      inner.ctx = over(state, { storage });
      inner.rows.storage = storage;
    });
  }

  private row(target: object, name: string): Call {
    return (...args) => {
      this.written++;
      return call(target, name, args);
    };
  }

  private namespace(namespace: Bindings['SESSIONS']): Bindings['SESSIONS'] {
    const stubOf = (name: string) => {
      const stub = namespace.getByName(name);
      return new Proxy(stub, {
        get: (_, method) => {
          return (...args: never[]) => {
            this.object_requests++;
            return call(stub, method, args);
          };
        },
      });
    };
    return over(namespace, { getByName: stubOf });
  }

  private bucket(bucket: R2Bucket): R2Bucket {
    const counted = (name: string) => {
      return (...args: never[]) => {
        if (CLASS_A.includes(name)) this.r2_class_a++;
        else if (CLASS_B.includes(name)) this.r2_class_b++;
        else this.r2_free++;
        return call(bucket, name, args);
      };
    };
    return new Proxy(bucket, { get: (_, name) => counted(String(name)) });
  }

  private database(db: D1Database): D1Database {
    const whole = new WeakMap<object, D1PreparedStatement>();
    const note = <T extends { meta: D1Meta }>(result: T): T => {
      this.d1_queries++;
      this.d1_rows_written += result.meta.rows_written;
      this.d1_rows_read += result.meta.rows_read;
      return result;
    };
    const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
      const wrapped = over(statement, {
        bind: (...values: unknown[]) => wrap(statement.bind(...values)),
        all: async () => note(await statement.all()),
        run: async () => note(await statement.run()),
      });
      whole.set(wrapped, statement);
      return wrapped;
    };
    return over(db, {
      prepare: (sql: string) => wrap(db.prepare(sql)),
      batch: async (statements: D1PreparedStatement[]) => {
        return (await db.batch(statements.map((one) => whole.get(one)!))).map(note);
      },
    });
  }
}

/** `target` with some members replaced. */
export function over<T extends object>(target: T, members: object): T {
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name);
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

export function call(target: object, name: string | symbol, args: unknown[]): unknown {
  return (target as Record<string | symbol, (...args: unknown[]) => unknown>)[name]!(...args);
}
