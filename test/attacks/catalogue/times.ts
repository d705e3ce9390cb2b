// Attacks by times: too early, too late, backwards, in other units, or those of a clock that is wrong. Run by http.test.ts.
import { expect } from 'vitest';
import { FUTURE_MAX_MS, PAST_MAX_MS } from '../../../src/format/limits.ts';
import { batch, click, keyOf, PAGE } from '../../fixtures/outsider.ts';
import { expectOrdered, expectStored, inPart, keptNothing, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, type Event, withEvent, withFields, withNumbers } from '../sent.ts';
import type { Target } from '../target.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;
/** ms that pass, at most, from writing a time to sending it. */
const MARGIN = 30_000;

/** Sends a batch from an address of its own; what it is answered, and the session as it is then read. */
async function record(target: Target, body: Event): Promise<{ status: number; id: string; read: Event }> {
  const sent = collect('', body);
  const { status, json } = await target.post(sent);
  const id = json.session_id as string;
  return { status, id, read: (await target.get(`/replay/sessions/${id ?? 'none'}`)).json };
}

/** Its session is listed as one of today's, with numbers that are numbers. */
async function expectListed(target: Target, visitor_id: string): Promise<Event> {
  const { json } = await target.get(`/replay/sessions?visitor_id=${visitor_id}`);
  expect(json.total).toBe(1);
  const [row] = json.sessions as [Event];
  expect(Math.abs(row.started_at - Date.now())).toBeLessThan(60_000);
  for (const name of ['duration', 'engagement_score', 'event_count', 'active_ms', 'scroll_depth', 'ended_at']) {
    expect([name, Number.isFinite(row[name]) && row[name] >= 0]).toEqual([name, true]);
  }
  return row;
}

export const TIMES: Attack[] = [
  {
    id: 'P047',
    name: 'an event of 1970 costs itself alone, and moves no session there',
    sends: () => withNumbers(['timestamp'], ['0', '-1', '1', '-0', '86400000']),
    expect: [
      inPart,
      async ({ target, sent }) => {
        const { json } = await target.get(`/replay/sessions/${sent.session}`);
        expect(json.session.started_at).toBeGreaterThan(Date.now() - 60_000);
      },
    ],
  },
  {
    id: 'P048',
    name: 'a time that no date can hold costs its event alone',
    sends: () =>
      withNumbers(['timestamp'], ['8640000000000001', '-8640000000000001', '8640000000000000', '-8640000000000000']),
    expect: [inPart],
  },
  {
    id: 'P049',
    name: 'a time beyond what numbers can count costs its event alone, and such a clock its batch',
    sends: () => [
      ...withNumbers(['timestamp'], ['1e20', '9007199254740993', '1e308', '-1e20']),
      ...['1e20', '1e999', '-1e20', 'null', '"1e20"', '[]', '{}'].map((sent_at) => {
        const sent = withFields(`sent_at: ${sent_at}`, { sent_at: 'HOLE' });
        return { ...sent, body: String(sent.body).replace('"HOLE"', sent_at), attacked: [] };
      }),
    ],
    expect: [inPart],
  },
  {
    id: 'P050',
    name: 'seconds, microseconds and dates where milliseconds are meant cost their event alone',
    sends: () => {
      const now = Date.now();
      return withNumbers(
        ['timestamp'],
        [`${Math.floor(now / 1000)}`, `${now * 1000}`, `"${new Date(now).toISOString()}"`],
      );
    },
    expect: [inPart],
  },
  {
    id: 'P051',
    name: 'an event may lie a minute ahead, no more',
    sends: () =>
      [FUTURE_MAX_MS + MARGIN, DAY, 100 * YEAR].map((ms) =>
        withEvent(`${ms} ms ahead`, { timestamp: Date.now() + ms }),
      ),
    expect: [inPart],
    run: async (target) => {
      const ahead = batch({ events: [click({ timestamp: Date.now() + FUTURE_MAX_MS - MARGIN })] });
      await expectStored(target, (await record(target, ahead)).id, ahead.events);
    },
  },
  {
    id: 'P052',
    name: 'an event may lie a day back, no more',
    sends: () =>
      [PAST_MAX_MS + 1, 2 * DAY, 50 * YEAR].map((ms) => withEvent(`${ms} ms back`, { timestamp: Date.now() - ms })),
    expect: [inPart],
    run: async (target) => {
      const back = batch({ events: [click({ timestamp: Date.now() - PAST_MAX_MS + MARGIN })] });
      await expectStored(target, (await record(target, back)).id, back.events);
    },
  },
  {
    id: 'P053',
    name: 'the times of a clock that is far off are moved, and what lies between them is not',
    run: async (target) => {
      for (const skew of [-400 * DAY, -6 * 3_600_000, 6 * 3_600_000, -50 * YEAR]) {
        const at = Date.now() + skew;
        const sent = batch({ session_key: keyOf(at - 9000), sent_at: at });
        const events = [8000, 5000, 4999, 1].map((ms) => click({ timestamp: at - ms }));
        const before = Date.now();
        const { read } = await record(target, { ...sent, events });
        const after = Date.now();
        const times = read.events.map(({ timestamp }: Event) => timestamp - read.events[0].timestamp);
        expect(times).toEqual([0, 3000, 3001, 7999]);
        const { started_at } = await expectListed(target, sent.visitor_id);
        expect([started_at >= before - 9000, started_at <= after - 9000]).toEqual([true, true]);
      }
    },
  },
  {
    id: 'P054',
    name: 'a batch that runs backwards is put in order, and lasts no negative time',
    run: async (target) => {
      const now = Date.now();
      const events = Array.from({ length: 50 }, (_, i) => click({ x: i, timestamp: now - 12_000 * i }));
      const sent = batch({ session_key: keyOf(now - 600_000), events });
      const { id, read } = await record(target, sent);
      await expectStored(target, id, events);
      expectOrdered(read.events);
      expect(read.session.duration).toBe(events[0]!.timestamp - read.session.started_at);
      // All before the session's own start.
      const early = batch({ session_key: keyOf(now), events: events.slice(20, 25) });
      expect((await record(target, early)).read.session.duration).toBeGreaterThanOrEqual(0);
    },
  },
  {
    id: 'P055',
    name: 'nobody moves a session out of its time by the clock he claims',
    sends: () =>
      [1000 * YEAR, -1000 * YEAR, 2 * DAY, -2 * DAY].map((ms) =>
        withFields(`sent_at off by ${ms}`, { sent_at: Date.now() + ms }),
      ),
    expect: [status(400), keptNothing],
    run: async (target) => {
      // A clock that is wrong by a thousand years, and true to itself.
      const at = Date.now() + 1000 * YEAR;
      const sent = batch({ session_key: keyOf(at - 5000), sent_at: at, events: [click({ timestamp: at - 1000 })] });
      expect((await record(target, sent)).status).toBe(202);
      await expectListed(target, sent.visitor_id);
    },
  },
  {
    id: 'P056',
    name: 'a session of one event has numbers that are numbers',
    run: async (target) => {
      const kinds = [
        click(),
        { event_type: 'page_view', page: PAGE },
        { event_type: 'visibility_change', state: 'hidden', page: PAGE },
      ];
      for (const kind of kinds) {
        const now = Date.now();
        const sent = batch({ session_key: keyOf(now), events: [{ ...kind, timestamp: now }] });
        await record(target, sent);
        expect((await expectListed(target, sent.visitor_id)).duration).toBe(0);
      }
    },
  },
  {
    id: 'P057',
    name: 'a leap day is a day, a leap second is no time',
    sends: () =>
      ['2016-12-31T23:59:60Z', '2024-02-30T00:00:00Z', '2024-02-29'].map((timestamp) =>
        withEvent(timestamp, { timestamp }),
      ),
    expect: [inPart],
    run: async (target) => {
      const days = [
        '2024-02-29T12:00:00.000Z',
        '2023-12-31T23:59:59.999Z',
        '2000-02-29T00:00:00.000Z',
        '0099-03-01T00:00:00.000Z',
      ];
      for (const day of days) {
        const timestamp = Date.parse(day);
        const session_id = `leap-${timestamp}`;
        const header = {
          kind: 'session',
          session_id,
          visitor_id: 'leap',
          page: PAGE,
          started_at: timestamp,
          ended_at: timestamp,
        };
        const replies = await target.command({ name: 'import', file: 'leap' }, [header, { ...click(), timestamp }]);
        expect(replies.at(-1)).toMatchObject({ imported: { sessions: 1, events: 1, refused: 0 } });
        expect(
          target
            .objects()
            .filter((path) => path.includes(`/sessions/${day.slice(0, 10).replaceAll('-', '/')}/${session_id}/`)),
        ).toHaveLength(1);
        await expectStored(target, session_id, [{ ...click(), timestamp }]);
      }
    },
  },
];
