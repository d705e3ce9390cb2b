// Bindings that a test switches off and on again, or lets fail at one call: what an outage, or a crash, is to the Worker. Used by the tests of faults and cron.
import { runInDurableObject } from 'cloudflare:test';
import type { Bindings } from '../../src/cloudflare/env.ts';
import type { SessionObject } from '../../src/cloudflare/session-object.ts';
import { call, over } from './meter.ts';

export type Store = 'SESSIONS' | 'BUCKET' | 'DB';
/** `before`: the call never comes there. `after`: it does its work, and the answer is lost. `full`: it takes no more. */
export type Fault = 'before' | 'after' | 'full';
/** `all`: that call and all after it never come there, as if the run had been killed. `answer`: of that call alone the answer is lost. */
export type Crash = 'all' | 'answer';

export class Switches {
  private readonly off = new Map<Store, Fault>();
  /** Calls until one fails; infinite: none. */
  private left = Number.POSITIVE_INFINITY;
  private crash: Crash = 'all';
  private calls = 0;

  switch(store: Store, fault: Fault | null): void {
    if (fault) this.off.set(store, fault);
    else this.off.delete(store);
  }

  /** From here on `calls` more calls are made, of whatever store, before one fails. Null: as many as one likes. How many were made since the last time. */
  crashAfter(calls: number | null, crash: Crash = 'all'): number {
    const made = this.calls;
    this.calls = 0;
    this.left = calls ?? Number.POSITIVE_INFINITY;
    this.crash = crash;
    return made;
  }

  bindings(env: Bindings): Bindings {
    const stubOf = (name: string) => this.all('SESSIONS', env.SESSIONS.getByName(name));
    const SESSIONS = over(env.SESSIONS, { getByName: stubOf });
    return { ...env, SESSIONS, BUCKET: this.all('BUCKET', env.BUCKET), DB: this.database(env.DB) };
  }

  /** The object itself has its D1 and R2 by the same switches. */
  async attach(env: Bindings, stub: DurableObjectStub<SessionObject>, more: Partial<Bindings> = {}): Promise<void> {
    await runInDurableObject(stub, (object) => {
      (object as unknown as { env: Bindings }).env = { ...this.bindings(env), ...more };
    });
  }

  private all<T extends object>(store: Store, target: T): T {
    const made = (name: string | symbol) => {
      return (...args: unknown[]) => this.attempt(store, async () => call(target, name, args));
    };
    return new Proxy(target, { get: (_, name) => made(name) });
  }

  private database(db: D1Database): D1Database {
    const whole = new WeakMap<object, D1PreparedStatement>();
    const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
      const wrapped = over(statement, {
        bind: (...values: unknown[]) => wrap(statement.bind(...values)),
        all: () => this.attempt('DB', () => statement.all()),
        run: () => this.attempt('DB', () => statement.run()),
      });
      whole.set(wrapped, statement);
      return wrapped;
    };
    return over(db, {
      prepare: (sql: string) => wrap(db.prepare(sql)),
      batch: (list: D1PreparedStatement[]) => this.attempt('DB', () => db.batch(list.map((one) => whole.get(one)!))),
    });
  }

  private crashOfThis(): Fault | null {
    const left = this.left--;
    if (this.crash === 'all') return left > 0 ? null : 'before';
    return left === 0 ? 'after' : null;
  }

  private async attempt<T>(store: Store, work: () => Promise<T>): Promise<T> {
    this.calls++;
    const fault = this.crashOfThis() ?? this.off.get(store);
    if (fault === 'full') throw new Error('D1_ERROR: Exceeded maximum DB size: SQLITE_FULL');
    if (fault === 'before') throw new Error(`${store} is switched off`);
    const result = await work();
    if (fault === 'after') throw new Error(`the answer of ${store} is lost`);
    return result;
  }
}
