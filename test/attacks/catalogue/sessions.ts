// Attacks on sessions: writing into that of another, taking it over, ending it, sending again what was sent before. Run by http.test.ts.
import { expect } from 'vitest';
import { click, keyOf } from '../../fixtures/outsider.ts';
import type { Answer } from '../ask.ts';
import type { Attack } from '../run.ts';
import { plant, post } from '../send.ts';
import { collect } from '../sent.ts';
import type { Target } from '../target.ts';

/** A session that somebody has, and how it reads. */
async function victim(target: Target) {
  const { id, sent } = await plant(target);
  const read = async () => (await target.get(`/replay/sessions/${id}`)).text;
  return { sent, id, read, before: await read() };
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
      const caught = collect('', sent);
      const answers: Answer[] = [];
      for (let i = 0; i < 1000; i += 50) {
        answers.push(...(await Promise.all(Array.from({ length: 50 }, () => target.send(caught)))));
      }
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
];
