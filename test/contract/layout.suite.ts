// What the app promises of the outlines of pages: as they were sent, or as an import's header told them; on any set of ports.
import { describe, expect, it } from 'vitest';
import type { SentEvent } from '../../src/format/event.ts';
import { encodePacked } from '../../src/format/packed.ts';
import { exportSession } from '../../src/server/export-session.ts';
import type { Ports } from '../../src/server/ports.ts';
import { readSession } from '../../src/server/read-session.ts';
import { AppUnderTest, body, press, view } from '../fixtures/app-under-test.ts';
import { layout, NOW } from '../fixtures/batches.ts';

export function layoutSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  const start = async () => new AppUnderTest(await make());

  describe(`app, outlines of pages: ${name}`, () => {
    it('keeps outlines of a page, packed or not, and gives them back as they are', async () => {
      const t = await start();
      const whole = layout(NOW - 900);
      const difference: SentEvent = {
        event_type: 'layout',
        number: 2,
        removed: [9],
        scrolled: [[12, 0, 240]],
        page: whole.page,
        timestamp: NOW - 300,
      };
      const events = [view(whole.page, NOW - 900), whole, press(NOW - 500), difference];
      const plain = await t.record('plain', { events });
      const { events: _, ...rest } = body('packed');
      const { body: receipt } = await t.post({ ...rest, packed: encodePacked(events, NOW - 1000) });
      expect(receipt).toMatchObject({ accepted: 4, rejected: 0 });
      const read = async (id: string) => (await t.get(`/replay/sessions/${id}`)).body;
      const running = [await read(plain), await read(receipt.session_id)];
      for (const { events, session } of running) {
        expect(events[1]).toEqual({ ...whole, event_id: 'page.0.1' });
        expect(events[3]).toEqual({ ...difference, event_id: 'page.0.3' });
        expect(session).toMatchObject({ event_count: 4, page_count: 1, active_ms: 700 });
      }
      await t.seal();
      expect((await read(plain)).events).toEqual(running[0].events);
      expect((await read(receipt.session_id)).events).toEqual(running[0].events);
    });

    it('rejects an outline of no sense and keeps its batch', async () => {
      const t = await start();
      const palette = { ...layout(NOW - 400), palette: ['red'] };
      const hollow = { ...layout(NOW - 400), boxes: [[0, 0, 0, -5, 1e9, 1]] };
      const { body: receipt } = await t.post(body('one', { events: [press(NOW - 500), palette, hollow] }));
      expect(receipt).toMatchObject({ accepted: 1, rejected: 2 });
      const { status, body: refusal } = await t.post(body('two', { events: [palette] }));
      expect(status).toBe(400);
      expect(JSON.stringify(refusal)).toContain('events[0].palette');
      expect(JSON.stringify(refusal)).not.toContain('red');
    });

    it('makes outlines of the boxes in a header, one for each page, which are exported as events', async () => {
      const t = await start();
      const header = {
        kind: 'session',
        session_id: 'search.1',
        visitor_id: 'v',
        page: 'https://e.x/?q=shoes',
        started_at: 1000,
        viewport: { width: 1280, height: 900 },
        document: { width: 1280, height: 4000 },
        boxes: [
          { x: 160, y: 220.4, width: 600, height: 90 },
          { location: { x: 800, y: 220 }, size: { width: 300, height: 400 }, kind: 'picture' },
          { x: 0, y: 0, width: 0, height: 90 },
          { x: 10, y: 10, width: 90, height: 90, kind: 'advertisement' },
          { x: 5, y: 6, width: 70, height: 8, kind: 'text', page: 'https://e.x/next' },
          { x: 5, y: 6, width: 70, height: 8, kind: 'control', page: 'nowhere' },
        ],
      };
      const event = (timestamp: number) => ({
        event_type: 'mousemove',
        x: 1,
        y: 2,
        page: 'https://e.x/?q=shoes',
        timestamp,
      });
      const lines = [header, event(2000), event(2500)].map((line) => JSON.stringify(line));
      const refused: string[] = [];
      expect(await t.load(lines, refused)).toEqual({ sessions: 1, events: 4, known: 0, refused: 2 });
      expect(refused).toEqual(['1: boxes: 2 could not be taken', '1: boxes: page must be an http or https address']);
      const { session, events } = (await t.get('/replay/sessions/search.1')).body;
      expect(session).toMatchObject({ pages: ['https://e.x/'], event_count: 4, duration: 1500, click_count: 0 });
      expect(session).not.toHaveProperty('boxes');
      const outline = {
        event_type: 'layout',
        viewport_width: 1280,
        viewport_height: 900,
        document_width: 1280,
        document_height: 4000,
        number: 1,
        whole: true,
        palette: ['#eef', '#bbc', '#667'],
        outline: true,
      };
      expect(events.filter((one: { event_type: string }) => one.event_type === 'layout')).toEqual([
        {
          ...outline,
          event_id: 'import.layout.2',
          boxes: [[1, 5, 6, 70, 8, 1, 0, 0, 3]],
          page: 'https://e.x/next',
          timestamp: 1000,
        },
        {
          ...outline,
          event_id: 'import.layout.1',
          boxes: [
            [0, 160, 220, 600, 90, 1, 0, 0, 1, 2, 1],
            [2, 800, 220, 300, 400, 2],
          ],
          page: 'https://e.x/',
          timestamp: 2000,
        },
      ]);
      expect(events.map((one: { event_id: string }) => one.event_id)).toEqual([
        'import.layout.2',
        'import.0.0',
        'import.layout.1',
        'import.0.1',
      ]);
      expect(await t.load(lines)).toMatchObject({ sessions: 0, events: 0, known: 1 });

      const exported = [...exportSession((await readSession(t.app.ports, 'search.1'))!)];
      const elsewhere = await start();
      expect(await elsewhere.load(exported)).toEqual({ sessions: 1, events: 4, known: 0, refused: 0 });
      expect([...exportSession((await readSession(elsewhere.app.ports, 'search.1'))!)]).toEqual(exported);
    });
  });
}
