// A crash before and after every single step of a seal, an import and an erasure: whatever is done again afterwards ends
// as if there had been none. A new platform runs it with a factory.
import { describe, expect, it } from 'vitest';
import { CatalogWriter } from '../../src/server/catalog-writer.ts';
import { eraseSessions, repeatErasures } from '../../src/server/erase.ts';
import { importSessions } from '../../src/server/import-sessions.ts';
import type { Ports } from '../../src/server/ports.ts';
import { readSession, type WholeSession } from '../../src/server/read-session.ts';
import { sealIdle } from '../../src/server/seal.ts';
import { arrival, batch, NOW } from '../fixtures/batches.ts';
import { crashes, type StoresUnderTest } from '../fixtures/crashing.ts';

const clock = { now: () => NOW };

export function crashSuite(name: string, make: () => Promise<StoresUnderTest>): void {
  const atEveryStep = crashes(make, clock);
  const seal = (ports: Ports) => sealIdle(ports, new CatalogWriter(ports), NOW + 1);
  const keysOf = async ({ objects }: Ports, prefix = '') => {
    const keys: string[] = [];
    for await (const key of objects.list(prefix)) keys.push(key);
    return keys;
  };

  describe(`crashes: ${name}`, () => {
    it('seals a session once, whichever step a crash undoes', async () => {
      const steps = await atEveryStep(
        async ({ hot }) => {
          await hot.append(batch({ seq: 0 }), arrival('s'), { kind: 'new' });
          await hot.append(batch({ seq: 1 }), arrival('s'));
        },
        seal,
        async (ports) => {
          // In between, nothing is missing and nothing is there twice.
          expect((await readSession(ports, 's'))?.events.count).toBe(4);
          // What comes before the seal is done again goes into an object of its own.
          await ports.hot.append(batch({ seq: 2 }), arrival('s'));
          await seal(ports);
          const whole = await readSession(ports, 's');
          const late = (await ports.hot.tail('s'))?.batches.length ?? 0;
          expect(late).toBe(0);
          expect([4, 6]).toContain(whole?.events.count);
          expect(new Set(idsOf(whole)).size).toBe(whole?.events.count);
          expect(whole?.gaps).toEqual([]);
          expect(await ports.catalog.find('s')).toMatchObject({ status: 'ended', event_count: whole?.events.count });
          expect(await ports.hot.idle(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
          const numbers = (await keysOf(ports, 'sessions/')).map((key) => /\/(\d{6})-/.exec(key)?.[1]);
          expect(new Set(numbers).size).toBe(numbers.length);
        },
      );
      expect(steps).toBeGreaterThan(5);
    });

    it('imports a session once, whichever step a crash undoes', async () => {
      const lines = [
        { kind: 'session', session_id: 'i', visitor_id: 'v', page: 'https://shop.example/', started_at: NOW },
        { event_type: 'page_view', page: 'https://shop.example/', timestamp: NOW, event_id: 'a' },
        {
          event_type: 'click',
          page: 'https://shop.example/',
          timestamp: NOW + 5,
          x: 1,
          y: 2,
          element: 'A',
          event_id: 'b',
        },
      ].map((line) => JSON.stringify(line));
      const load = (ports: Ports) => importSessions(ports, new CatalogWriter(ports), toStream(lines), expect.fail);
      await atEveryStep(
        async () => {},
        load,
        async (ports) => {
          await load(ports);
          expect(idsOf(await readSession(ports, 'i'))).toEqual(['a', 'b']);
          expect(await ports.catalog.find('i')).toMatchObject({ event_count: 2 });
          expect(await load(ports)).toEqual({ sessions: 0, events: 0, known: 1, refused: 0 });
        },
      );
    });

    it('erases a session for good or not at all, whichever step a crash undoes', async () => {
      await atEveryStep(
        async (ports) => {
          await ports.hot.append(batch({ seq: 0 }), arrival('s'), { kind: 'new' });
          await seal(ports);
          const row = await ports.catalog.find('s');
          expect(row).not.toBeNull();
        },
        (ports) => eraseSessions({ ports, writer: new CatalogWriter(ports) }, ['s'], 'erased', 10),
        async (ports) => {
          const isPromised = (await keysOf(ports, 'erasures/')).length > 0;
          await repeatErasures({ ports, writer: new CatalogWriter(ports) }, 0);
          if (isPromised) {
            expect(await readSession(ports, 's')).toBeNull();
            expect(await ports.catalog.erasedAt('s')).toBe(NOW);
            expect(await keysOf(ports, 'sessions/')).toEqual([]);
          } else {
            expect((await readSession(ports, 's'))?.events.count).toBe(2);
          }
        },
      );
    });
  });
}

function idsOf(whole: WholeSession | null): string[] {
  return [...(whole?.events.events() ?? [])].map(({ event_id }) => event_id);
}

async function* toStream(lines: string[]): AsyncGenerator<string> {
  yield* lines;
}
