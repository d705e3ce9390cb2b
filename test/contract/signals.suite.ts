// What the app promises of signals, on any set of ports: the same findings running, sealed, late, imported and after a reindex.
import { describe, expect, it } from 'vitest';
import { THRESHOLDS, type Thresholds } from '../../src/analysis/signals/thresholds.ts';
import type { Ports } from '../../src/server/ports.ts';
import { reindex } from '../../src/server/reindex.ts';
import { AppUnderTest, press, view } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';

/** Clicks from this ms before NOW, of which none does anything. */
const rage = (before: number, element = 'BUTTON#pay') =>
  [0, 250, 500, 750].map((ms) => ({ ...press(NOW - before + ms, element), effect_ms: null }));

const RAGE = '4 clicks in 0.8 s on BUTTON#pay, nothing happened';

export function signalsSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  describe(`signals: ${name}`, () => {
    /** Sessions of tests begin a second before NOW, so the clock goes on a little. */
    const start = async (thresholds?: Thresholds) => {
      const t = new AppUnderTest({ ...(await make()), ...(thresholds && { thresholds }) });
      t.clock.at = NOW + 30_000;
      return t;
    };
    const send = (t: AppUnderTest, seq: number, events: unknown[], more: object = {}) =>
      t.record('one', { seq, sent_at: NOW + 30_000, events, ...more });
    const read = async (t: AppUnderTest, id: string) => (await t.get(`/replay/sessions/${id}`)).body.session;
    const row = async (t: AppUnderTest) => (await t.get('/replay/sessions')).body.sessions[0];

    it('finds the same in a running session, in its row once it is sealed, and after a reindex', async () => {
      const t = await start();
      const id = await send(t, 0, [view('https://shop.example/', NOW - 900), ...rage(800)]);
      const running = await read(t, id);
      expect(running).toMatchObject({ status: 'live', signals: { rage_click: 1, dead_click: 1 }, headline: RAGE });
      expect(running.findings.map(({ reason }: { reason: string }) => reason)).toEqual([
        RAGE,
        '4 clicks on BUTTON#pay, nothing happened within 1 s',
      ]);
      expect(await row(t)).toMatchObject({ status: 'live', signals: {}, headline: null });

      await t.seal();
      const sealed = await row(t);
      expect(sealed).toMatchObject({ signals: { rage_click: 1, dead_click: 1 }, headline: RAGE, worth: running.worth });
      expect(await read(t, id)).toEqual({ ...running, status: 'ended' });
      const found = await t.app.ports.catalog.find(id);
      await reindex(t.app.ports, t.app.writer);
      expect(await t.app.ports.catalog.find(id)).toEqual(found);
      expect(await row(t)).toEqual(sealed);
    });

    it('finds what lies in two objects, whichever came first', async () => {
      const batches: [number, unknown[]][] = [
        [0, [view('https://shop.example/', NOW - 900), ...rage(800).slice(0, 2)]],
        [1, rage(800).slice(2)],
      ];
      const texts: string[] = [];
      for (const order of [batches, [...batches].reverse()]) {
        const t = await start();
        let id = '';
        for (const [seq, events] of order) {
          id = await send(t, seq, events);
          await t.seal();
        }
        const sealed = await t.app.ports.catalog.find(id);
        expect(sealed).toMatchObject({ status: 'ended', headline: RAGE });
        await reindex(t.app.ports, t.app.writer);
        expect(await t.app.ports.catalog.find(id)).toEqual(sealed);
        texts.push(JSON.stringify([sealed, await read(t, id)]));
      }
      expect(texts[1]).toBe(texts[0]);
    });

    it('tells after a late batch what is found then', async () => {
      const t = await start();
      const id = await send(t, 0, [view('https://shop.example/', NOW - 900), ...rage(800)]);
      await t.seal();
      await send(t, 1, [{ ...view('https://shop.example/paid', NOW + 3000) }]);
      const running = await read(t, id);
      expect(running).toMatchObject({ status: 'live', signals: { rage_click: 1 } });
      expect(running.headline).toMatch(/the next page came after 3\.\d s$/);
      await t.seal();
      // A page that came at last was slow and not dead.
      expect((await row(t)).signals).toEqual({ rage_click: 1 });
      expect(await read(t, id)).toEqual({ ...running, status: 'ended' });
    });

    it('finds a form abandoned once the session has ended there', async () => {
      const t = await start();
      const fields = ['INPUT#name', 'INPUT#email'].map((element, i) => press(NOW - 800 + 200 * i, element));
      const id = await send(t, 0, [view('https://shop.example/', NOW - 900), ...fields]);
      expect((await read(t, id)).signals).toEqual({});
      await t.seal();
      expect((await read(t, id)).signals).toEqual({ abandoned_form: 1 });
      expect((await row(t)).signals).toEqual({ abandoned_form: 1 });
    });

    it('finds in an imported session what it found in the same that was recorded', async () => {
      const t = await start();
      const id = await send(t, 0, [view('https://shop.example/', NOW - 900), ...rage(800)]);
      await t.seal();
      const { session, events } = (await t.get(`/replay/sessions/${id}`)).body;
      const header = { kind: 'session', session_id: 'imported', visitor_id: 'v', page: 'https://shop.example/' };
      const lines = [{ ...header, started_at: session.started_at }, ...events].map((line) => JSON.stringify(line));
      await t.load(lines);
      expect((await t.app.ports.catalog.find('imported'))?.findings).toEqual(session.findings);
    });

    it('applies thresholds from the next seal on, and to all that is stored with a reindex', async () => {
      const ports = await make();
      const t = new AppUnderTest({ ...ports, thresholds: { ...THRESHOLDS, rage_click: null, dead_click: null } });
      t.clock.at = NOW + 30_000;
      const id = await send(t, 0, [view('https://shop.example/', NOW - 900), ...rage(800)]);
      await t.seal();
      expect((await row(t)).signals).toEqual({});
      const other = new AppUnderTest({ ...ports, thresholds: { ...THRESHOLDS, dead_click: null } });
      other.clock.at = NOW + 30_000;
      expect((await read(other, id)).signals).toEqual({});
      await reindex(other.app.ports, other.app.writer);
      expect((await row(other)).signals).toEqual({ rage_click: 1 });
      expect((await read(other, id)).findings).toHaveLength(1);
    });
  });
}
