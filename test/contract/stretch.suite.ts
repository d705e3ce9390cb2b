// What the app promises of a stretch of a session: around a time, or from one on; on any set of ports.
import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../src/format/event.ts';
import { frameAt } from '../../src/player/frame.ts';
import { readRecording } from '../../src/player/recording.ts';
import type { Ports } from '../../src/server/ports.ts';
import { AppUnderTest, body, press } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';
import { layout, longVisit, START, shopBoxes } from '../fixtures/recordings.ts';

const MINUTE = 60_000;

/** A visit of two hours and four pages, each of which tells its outline and then small changes of it. */
function visit(): SessionEvent[] {
  const events: SessionEvent[] = [];
  let number = 0;
  for (const [i, event] of longVisit(20_000, 120 * MINUTE).entries()) {
    events.push(event);
    if (i % 5000 === 0) number = 0;
    if (i % 5000 !== 1 && (i % 100 !== 0 || number === 0)) continue;
    const boxes = number === 0 ? shopBoxes() : [[1, 40 + (i % 300), 84, 420, 40, 3, 0, 0, 2]];
    const more = {
      page: event.page,
      event_id: `page${Math.floor(i / 5000)}.999.${i}`,
      whole: number === 0 || undefined,
    };
    events.push(layout(event.timestamp - START + 1, ++number, boxes, more));
  }
  return events;
}

export function stretchSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  const start = async () => new AppUnderTest(await make());

  describe(`app, stretches of a session: ${name}`, () => {
    it('shows a long session around a time as the whole does, with a part of its events', async () => {
      const t = await start();
      const events = visit();
      const header = { kind: 'session', session_id: 'long', visitor_id: 'v', started_at: START };
      await t.load([header, ...events].map((line) => JSON.stringify(line)));
      const whole = (await t.get('/replay/sessions/long')).body;
      const full = readRecording(whole)!;
      for (const at of [0, 30.5 * MINUTE, 62 * MINUTE, 119 * MINUTE, 500 * MINUTE]) {
        const { body: answer } = await t.get(`/replay/sessions/long?at=${at}`);
        expect(answer.session).toEqual(whole.session);
        expect(answer.event_count).toBe(events.length);
        expect(answer.events.length).toBeLessThan(events.length / 2);
        const place = Math.min(at, full.duration);
        expect(answer.part.from).toBeLessThanOrEqual(Math.max(0, place - MINUTE));
        expect(answer.part.to).toBeGreaterThanOrEqual(place + MINUTE);
        const part = readRecording(answer)!;
        for (let later = 0; later <= 5 * MINUTE && place + later < full.duration; later += 20_300) {
          const [seen, expected] = [frameAt(part, place + later), frameAt(full, place + later)];
          for (const of of ['page', 'viewport', 'document', 'scroll', 'cursor', 'trail', 'pulses', 'shifts'] as const) {
            expect(seen[of]).toEqual(expected[of]);
          }
          expect(seen.scene?.boxes).toEqual(expected.scene?.boxes);
        }
      }
    });

    it('gives a short session, and one that still runs, whole', async () => {
      const t = await start();
      const id = await t.record('one');
      const running = await t.get(`/replay/sessions/${id}?at=200`);
      expect(running.body).toEqual((await t.get(`/replay/sessions/${id}`)).body);
      await t.seal();
      expect((await t.get(`/replay/sessions/${id}?at=200`)).body).toEqual((await t.get(`/replay/sessions/${id}`)).body);
    });

    it('gives what is new since a time, running and sealed alike', async () => {
      const t = await start();
      const id = await t.record('one');
      await t.post(body('one', { seq: 1, events: [press(NOW - 100, 'A#new')] }));
      const whole = (await t.get(`/replay/sessions/${id}`)).body;
      expect(whole.events).toHaveLength(3);
      const since = async (ms: number) => (await t.get(`/replay/sessions/${id}?from=${ms}`)).body;
      expect(await since(0)).toEqual(whole);
      expect(await since(900)).toEqual({ ...whole, events: whole.events.slice(2) });
      expect((await since(901)).events).toEqual([]);
      await t.seal();
      expect((await since(900)).events).toEqual(whole.events.slice(2));
    });

    it('refuses what is no time by its name', async () => {
      const t = await start();
      const id = await t.record('one');
      for (const query of ['at=-1', 'at=soon', 'at=', 'at=1&at=2', 'from=1.5']) {
        const { status, body: problem } = await t.get(`/replay/sessions/${id}?${query}`);
        expect([query, status, problem.detail]).toEqual([query, 400, expect.stringContaining(query.split('=')[0]!)]);
      }
      expect((await t.get(`/replay/sessions/${id}?at=1&from=1`)).status).toBe(400);
    });
  });
}
