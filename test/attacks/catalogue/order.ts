// Attacks by order and repetition: batches that come twice, backwards, split anew, from two tabs. Run by http.test.ts.
import { expect } from 'vitest';
import { batch, click, keyOf, random } from '../../fixtures/outsider.ts';
import { expectOrdered, expectStored } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { post, postAll } from '../send.ts';
import { collect, type Event } from '../sent.ts';

type Body = ReturnType<typeof batch>;

/** Batches of one session that go on one after the other, each of `size` clicks. */
function longSession(count: number, size = 2): Body[] {
  const now = Date.now();
  const whole = batch({ session_key: keyOf(now - 1000 * count), sent_at: now });
  return Array.from({ length: count }, (_, seq) => {
    const events = Array.from({ length: size }, (_, i) =>
      click({ x: seq, y: i, timestamp: now - 1000 * (count - seq) + i }),
    );
    return { ...whole, seq, events };
  });
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => [Math.random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}

export const ORDER: Attack[] = [
  {
    id: 'P113',
    name: 'two hundred batches, each ten times, shuffled and side by side, are two hundred',
    on: 'unlimited',
    run: async (target) => {
      const bodies = longSession(200);
      const answers = await postAll(target, shuffled(Array(10).fill(bodies).flat()), 50);
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      const id = answers[0]!.json.session_id;
      await expectStored(
        target,
        id,
        bodies.flatMap(({ events }) => events),
      );
      expectOrdered((await target.get(`/replay/sessions/${id}`)).json.events);
      const { json } = await target.get(`/replay/sessions?visitor_id=${bodies[0]!.visitor_id}`);
      expect(json).toMatchObject({ total: 1, sessions: [{ event_count: 400, click_count: 400 }] });
    },
  },
  {
    id: 'P114',
    name: 'a session that arrives backwards reads as one that did not',
    on: 'unlimited',
    run: async (target) => {
      const bodies = longSession(100);
      const other = { session_key: `${bodies[0]!.session_key}2` };
      for (const body of bodies) await post(target, body);
      for (const body of [...bodies].reverse()) await post(target, { ...body, ...other });
      const [forwards, backwards] = await Promise.all(
        [bodies[0]!, { ...bodies[0]!, ...other }].map(async (body) => {
          const { json } = await target.get(`/replay/sessions/${collect('', body).session}`);
          return { ...json, session: { ...json.session, session_id: '' } };
        }),
      );
      expect(backwards).toEqual(forwards);
      expect(forwards.event_count).toBe(200);
    },
  },
  {
    id: 'P115',
    name: 'an event that comes in two batches is there once',
    run: async (target) => {
      const body = batch({ events: [click({ event_id: 'one' }), click({ event_id: 'two', x: 2 })] });
      await post(target, body);
      const more = [click({ event_id: 'two', x: 2 }), click({ event_id: 'three', x: 3 })];
      const { json } = await post(target, { ...body, seq: 1, events: more });
      await expectStored(target, json.session_id, [...body.events, more[1]!]);
    },
  },
  {
    id: 'P116',
    name: 'batches that are split anew are the same events',
    run: async (target) => {
      const body = batch();
      const events = Array.from({ length: 12 }, (_, i) => click({ event_id: `e${i}`, x: i }));
      const part = (page_id: string, seq: number, from: number, to: number) =>
        post(target, { ...body, page_id, seq, events: events.slice(from, to) });
      const first = await part('first', 0, 0, 8);
      await Promise.all([
        part('again', 0, 0, 5),
        part('again', 1, 5, 12),
        part('again', 2, 3, 4),
        part('third', 0, 0, 12),
      ]);
      await expectStored(target, first.json.session_id, events);
    },
  },
  {
    id: 'P117',
    name: 'two tabs of one session are both there, each with its own events in their order',
    run: async (target) => {
      const body = batch();
      const now = Date.now();
      const tabs = ['tab-a', 'tab-b'];
      const bodies = Array.from({ length: 8 }, (_, seq) =>
        tabs.map((page_id, tab) => ({
          ...body,
          page_id,
          seq,
          events: [0, 1].map((i) => click({ x: tab, y: seq, timestamp: now - 900 + 100 * seq + i })),
        })),
      ).flat();
      const answers = await postAll(target, shuffled(bodies), 8);
      const id = answers[0]!.json.session_id;
      await expectStored(
        target,
        id,
        bodies.flatMap(({ events }) => events),
      );
      const { events } = (await target.get(`/replay/sessions/${id}`)).json as { events: Event[] };
      expectOrdered(events);
      for (const [tab, page_id] of tabs.entries()) {
        const own = events.filter(({ event_id }) => event_id.startsWith(`${page_id}.`));
        expect(own.map(({ x, y }) => [x, y])).toEqual(Array.from({ length: 16 }, (_, i) => [tab, i >> 1]));
      }
    },
  },
  {
    id: 'P120',
    name: 'a batch that is there already is a success like the first',
    run: async (target) => {
      const body = batch({ visitor_id: random(12) });
      const first = await post(target, body);
      const again = await post(target, { ...body, sent_at: body.sent_at + 60_000 });
      expect([again.status, again.json]).toEqual([202, first.json]);
      expect(again.headers.get('retry-after')).toBeNull();
    },
  },
];
