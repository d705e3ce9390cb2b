// Attacks on sessions: writing into that of another, taking it over, sending what was sent before, out of order, twice, from two tabs. Run by http.test.ts.
import { expect } from 'vitest';
import { batch, click, keyOf, random } from '../../fixtures/outsider.ts';
import type { Answer } from '../ask.ts';
import { expectOrdered, expectStored } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, type Event } from '../sent.ts';
import type { Target } from '../target.ts';

type Body = ReturnType<typeof batch>;

function post(target: Target, body: object): Promise<Answer> {
  return target.post(collect('', body));
}

/** Each is sent, `at` of them at a time; all answers. */
async function postAll(target: Target, bodies: readonly object[], at: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  const waiting = [...bodies];
  const sender = async () => {
    for (let body = waiting.shift(); body; body = waiting.shift()) answers.push(await post(target, body));
  };
  await Promise.all(Array.from({ length: at }, sender));
  return answers;
}

/** A session that somebody has, and how it reads. */
async function victim(target: Target) {
  const sent = batch();
  const { json } = await post(target, sent);
  const id = json.session_id as string;
  const read = async () => (await target.get(`/replay/sessions/${id}`)).text;
  return { sent, id, read, before: await read() };
}

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

export const SESSIONS: Attack[] = [
  {
    id: 'P106',
    name: 'whoever knows the id of a session cannot write into it',
    run: async (target) => {
      const { sent, id, read, before } = await victim(target);
      const { session_key: _, ...keyless } = sent;
      const forged = { ...sent, seq: 1, events: [click({ x: 666 })] };
      for (const more of [
        { session_key: keyOf(Date.now()), session_id: id },
        { session_key: `${sent.session_key.slice(0, -1)}!` },
        { session_key: `${sent.session_key.slice(0, -1)}${sent.session_key.endsWith('A') ? 'B' : 'A'}` },
        { session_key: sent.session_key.toUpperCase() },
        { session_key: id },
        { session_key: `${Date.now().toString(36)}-${id}` },
        { session_key: `0${sent.session_key}` },
      ]) {
        const answer = await post(target, { ...forged, ...more });
        expect([202, 400]).toContain(answer.status);
        expect(answer.json.session_id).not.toBe(id);
      }
      expect((await post(target, { ...keyless, session_id: id, events: forged.events })).status).toBe(400);
      expect(await read()).toBe(before);
    },
  },
  {
    id: 'P107',
    name: 'who began a session is its visitor for good',
    run: async (target) => {
      const { sent, id } = await victim(target);
      const later = {
        ...sent,
        seq: 1,
        visitor_id: 'somebody-else',
        context: { language: 'xx' },
        events: [click({ x: 2 })],
      };
      expect((await post(target, later)).status).toBe(202);
      const { json } = await target.get(`/replay/sessions/${id}`);
      expect(json.session).toMatchObject({ visitor_id: sent.visitor_id, context: sent.context, event_count: 3 });
      expect((await target.get('/replay/sessions?visitor_id=somebody-else')).json.total).toBe(0);
    },
  },
  {
    id: 'P108',
    name: 'a request that was caught and is sent a thousand times changes nothing',
    on: 'unlimited',
    run: async (target) => {
      const { sent, id, read, before } = await victim(target);
      const answers = await postAll(target, Array(1000).fill(sent), 50);
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]!.json).toEqual({ session_id: id, accepted: 2, rejected: 0 });
      expect(await read()).toBe(before);
      expect((await target.get('/health')).json.counters.batch_duplicate).toBeGreaterThanOrEqual(1000);
    },
  },
  {
    id: 'P109',
    name: 'a key of a session without its secret, or with another beginning, opens nothing of it',
    run: async (target) => {
      const { sent, read, before } = await victim(target);
      const [start, secret] = [
        sent.session_key.slice(0, sent.session_key.indexOf('-')),
        sent.session_key.slice(sent.session_key.indexOf('-') + 1),
      ];
      for (const session_key of [
        `${start}-`,
        `${start}`,
        `-${secret}`,
        secret,
        `${start}-${'0'.repeat(19)}`,
        `none-${secret}.`,
        `${start}.${secret}`,
        `${start}--`,
        '',
      ]) {
        expect([session_key, (await post(target, { ...sent, session_key })).status]).toEqual([session_key, 400]);
      }
      // Another beginning is another session.
      const moved = `${(Number.parseInt(start, 36) + 1).toString(36)}-${secret}`;
      expect((await post(target, { ...sent, session_key: moved, seq: 1 })).status).toBe(202);
      expect(await read()).toBe(before);
    },
  },
  {
    id: 'P111',
    name: 'nobody ends the session of another',
    run: async (target) => {
      const { sent, id, read, before } = await victim(target);
      const events = [
        { event_type: 'visibility_change', state: 'hidden', page: sent.events[0]!.page, timestamp: Date.now() },
        { event_type: 'end', page: sent.events[0]!.page, timestamp: Date.now() },
        { event_type: 'custom', name: 'session_end', page: sent.events[0]!.page, timestamp: Date.now() },
      ];
      await post(target, { ...sent, session_key: keyOf(Date.now()), session_id: id, status: 'ended', events });
      expect(await read()).toBe(before);
      // His own he may hide: it stays a running one.
      await post(target, { ...sent, seq: 1, status: 'ended', events });
      expect((await target.get(`/replay/sessions/${id}`)).json.session.status).toBe('live');
    },
  },
  {
    id: 'P112',
    name: 'of two batches of one name the first is kept, and the second is counted',
    run: async (target) => {
      const { sent, read, before } = await victim(target);
      const counted = async () => (await target.get('/health')).json.counters.batch_duplicate ?? 0;
      const known = await counted();
      const answer = await post(target, { ...sent, events: [click({ x: 666 }), click({ x: 667 }), click({ x: 668 })] });
      expect([answer.status, answer.json.accepted]).toEqual([202, 2]);
      expect(await counted()).toBe(known + 1);
      expect(await read()).toBe(before);
    },
  },
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
