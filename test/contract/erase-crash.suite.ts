// A crash before and after every step of erasing a visitor and of retention: done again it ends the same, nothing is left over, and nothing else is touched. A new platform runs it with a factory.
import { describe, expect, it } from 'vitest';
import { continueErasing, eraseSessions, repeatErasures, retain } from '../../src/server/erase.ts';
import type { Ports } from '../../src/server/ports.ts';
import { readSession } from '../../src/server/read-session.ts';
import { sealIdle } from '../../src/server/seal.ts';
import { arrival, batch, click, NOW, record } from '../fixtures/batches.ts';
import { crashes, type StoresUnderTest } from '../fixtures/crashing.ts';

const DAY = 86_400_000;
/** Days that sessions are kept here. */
const KEPT = 30;
const GONE = ['goes-sealed', 'goes-running', 'goes-kept'];
const STAYS = ['stays-sealed', 'stays-running'];
const SHARES = 'keys/shares/';
const clock = { now: () => NOW };
const writer = { note: () => undefined, flush: async () => undefined, alone: <T>(work: () => Promise<T>) => work() };

export function eraseCrashSuite(name: string, make: () => Promise<StoresUnderTest>): void {
  const atEveryStep = crashes(make, clock);

  /** Sessions whose last event lies at `at`: two that were sealed, the others run; of one the catalog keeps a batch. */
  async function prepare({ hot, catalog, ...ports }: Ports, at: number): Promise<void> {
    const sent = (of: number, seq = 0) =>
      batch({ seq, key_start: of - 1000, sent_at: of, events: [click(of - 500), click(of - 400)] });
    const add = (id: string, of: number, seq: number) =>
      hot.append(sent(of, seq), arrival(id, { received_at: of }), seq === 0 ? { kind: 'new' } : undefined);
    for (const [id, of] of [['goes-sealed', at] as const, ['stays-sealed', NOW] as const]) {
      await add(id, of, 0);
      await hot.planSeal(id);
      // What comes between plan and seal lies in an object of its own.
      await add(id, of, 1);
      await sealIdle({ hot, catalog, ...ports }, writer, NOW + 1);
    }
    for (const [id, of] of [['goes-running', at] as const, ['stays-running', NOW] as const]) {
      await add(id, of, 0);
      await add(id, of, 1);
    }
    for (const seq of [0, 1]) {
      await catalog.keep({
        batch: sent(at, seq),
        arrival: arrival('goes-kept', { received_at: at }),
        accepted: 2,
        rejected: 0,
      });
    }
    const live = (id: string, of: number) => {
      const row = record(id, { status: 'live', started_at: of - 1000, ended_at: of - 400, event_count: 4 });
      return { record: row, search_text: 'lamps' };
    };
    for (const id of ['goes-sealed', 'stays-sealed'])
      await ports.objects.putIfAbsent(
        `${SHARES}${id === 'goes-sealed' ? 'a' : 'b'}${'0'.repeat(11)}/${NOW + DAY}-${id}.json`,
        new Uint8Array(),
      );
    await catalog.upsert([live('goes-running', at), live('goes-kept', at), live('stays-running', NOW)]);
  }

  /** What a process does at its start, until there is nothing more to do. */
  async function finish(ports: Ports): Promise<void> {
    await repeatErasures({ ports, writer }, 0);
    for (let step = 0; await continueErasing(ports, 1); step++) expect(step).toBeLessThan(20);
    for (let step = 0; await ports.catalog.purge(); step++) expect(step).toBeLessThan(100);
  }

  async function expectGone({ hot, objects, catalog, ...ports }: Ports): Promise<void> {
    for (const id of GONE) {
      expect([id, await readSession({ hot, objects, catalog, ...ports }, id)]).toEqual([id, null]);
      expect([id, await catalog.erasedAt(id), await hot.tail(id)]).toEqual([id, NOW, null]);
      expect([id, await catalog.kept(id)]).toEqual([id, []]);
      const late = { batch: batch(), arrival: arrival(id), accepted: 2, rejected: 0 };
      expect([id, await catalog.keep(late)]).toEqual([id, null]);
    }
    expect(await catalog.erasing(10)).toEqual([]);
    const { sessions, total } = await catalog.list({ limit: 10, offset: 0 });
    expect([sessions.map(({ session_id }) => session_id).sort(), total]).toEqual([[...STAYS].sort(), 2]);
    const keys: string[] = [];
    for await (const key of objects.list('sessions/')) keys.push(key);
    expect(keys.filter((key) => !key.includes('stays-sealed'))).toEqual([]);
    expect(keys).toHaveLength(2);
    const shares: string[] = [];
    for await (const key of objects.list(SHARES)) shares.push(key);
    expect(shares).toEqual([expect.stringContaining('stays-sealed')]);
  }

  async function expectWhole(ports: Ports, ids: string[]): Promise<void> {
    for (const id of ids) {
      const whole = await readSession(ports, id);
      expect([id, whole?.events.count, whole?.gaps]).toEqual([id, 4, []]);
    }
  }

  async function isLogged({ objects }: Ports): Promise<boolean> {
    for await (const _ of objects.list('erasures/')) return true;
    return false;
  }

  describe(`crashes while erasing: ${name}`, () => {
    it('a visitor is erased in every store or in none, whichever step a crash undoes', async () => {
      const steps = await atEveryStep(
        (ports) => prepare(ports, NOW),
        async (ports) => {
          await eraseSessions({ ports, writer }, GONE, 'erased', 2);
          while (await continueErasing(ports, 1));
          while (await ports.catalog.purge());
        },
        async (ports) => {
          const isPromised = await isLogged(ports);
          await finish(ports);
          if (isPromised) await expectGone(ports);
          else await expectWhole(ports, GONE);
          await expectWhole(ports, STAYS);
        },
      );
      expect(steps).toBeGreaterThan(30);
    });

    it('what is expired is removed, and nothing that is not, whichever step a crash undoes', async () => {
      const expire = async (ports: Ports) => {
        const app = { ports, writer, options: { sessionsAtOnce: 1 }, keptSince: () => NOW - KEPT * DAY };
        while (await retain(app as unknown as Parameters<typeof retain>[0]));
        while (await continueErasing(ports, 1));
        while (await ports.catalog.purge());
      };
      const steps = await atEveryStep(
        (ports) => prepare(ports, NOW - (KEPT + 1) * DAY),
        expire,
        async (ports) => {
          await expectWhole(ports, STAYS);
          await finish(ports);
          await expire(ports);
          await expectGone(ports);
          await expectWhole(ports, STAYS);
        },
      );
      expect(steps).toBeGreaterThan(30);
    });
  });
}
