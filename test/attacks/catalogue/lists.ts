// Attacks on the list and its parameters: numbers beyond all numbers, commands in filters, and rows that are counted twice or never. Run by http.test.ts.
import { expect } from 'vitest';
import { batch, keyOf } from '../../fixtures/outsider.ts';
import { echoesNothing, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, type Event, reading } from '../sent.ts';
import type { Target } from '../target.ts';

const LIST = '/replay/sessions';
/** More than a page may have. */
const MANY = 130;

const ids = ({ sessions }: { sessions: Event[] }) => sessions.map(({ session_id }) => session_id);

/** `count` sessions of one visitor, every two of which start at the same moment. */
async function fill(target: Target, visitor_id: string, count: number): Promise<void> {
  const now = Date.now();
  await Promise.all(
    Array.from({ length: count }, (_, i) => {
      const sent = collect('', batch({ visitor_id, session_key: keyOf(now - 1000 * (i >> 1)) }));
      return target.post(sent);
    }),
  );
}

/** Every row, page by page. */
async function walk(target: Target, query: string): Promise<Event[]> {
  const rows: Event[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { json } = await target.get(`${LIST}?limit=37&${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    rows.push(...json.sessions);
    cursor = json.next_cursor;
  }
  return rows;
}

export const LISTS: Attack[] = [
  {
    id: 'P182',
    name: 'a page has a hundred rows at most, however many are asked for',
    on: 'unlimited',
    run: async (target) => {
      await fill(target, 'crowd', MANY);
      for (const limit of ['101', '1000000', '9'.repeat(30), '0101', '2147483648', '18446744073709551616']) {
        const { json } = await target.get(`${LIST}?visitor_id=crowd&limit=${limit}`);
        expect([limit, json.sessions.length, json.total]).toEqual([limit, 100, MANY]);
      }
    },
  },
  {
    id: 'P183',
    name: 'a number that is none, or too large for one, is refused or leads behind the end',
    on: 'unlimited',
    sends: ({ server }) =>
      [
        '9223372036854775808',
        '18446744073709551616',
        '9'.repeat(400),
        '1e309',
        '-1',
        '1.5',
        '0x10',
        '',
        '%20',
        '1%00',
        'NaN',
        'Infinity',
        '%2B1',
        '1,000',
        '\u0661',
      ].flatMap((number) =>
        ['offset', 'limit'].map((name) => reading(`${LIST}?${name}=${encodeURI(number)}`, server.key, { bad: number })),
      ),
    expect: [
      status(200, 400),
      echoesNothing,
      ({ answer, sent }) => {
        const isDigits = /=\d+$/.test(sent.path!);
        expect(answer.status).toBe(isDigits ? 200 : 400);
        if (isDigits && sent.path!.includes('offset')) expect(answer.json.sessions).toEqual([]);
      },
    ],
  },
  {
    id: 'P184',
    name: 'a filter is a value, never a command',
    on: 'unlimited',
    sends: ({ server }) =>
      [
        "' OR 1=1 --",
        '" OR ""="',
        "'; DROP TABLE session; --",
        "' UNION SELECT * FROM sqlite_master --",
        '\\',
        "\\' OR 1=1 --",
        '?1',
        ':a',
        'NULL',
        '1); --',
        "x' || visitor_id || '",
        '\u02bc OR 1=1',
      ].flatMap((value) =>
        ['visitor_id', 'q'].map((name) =>
          reading(`${LIST}?${name}=${encodeURIComponent(value)}`, server.key, { bad: `${value}#` }),
        ),
      ),
    expect: [
      status(200),
      echoesNothing,
      ({ answer }) => expect(answer.json).toEqual({ sessions: [], total: 0, next_cursor: null }),
    ],
    run: async (target) => {
      expect((await target.get(LIST)).json.total).toBeGreaterThan(0);
      for (const cursor of [
        "0~' OR 1=1 --",
        '0~a;b',
        '~',
        '1e9~a',
        "0'~a",
        '-~a',
        `0~${'a'.repeat(129)}`,
        '99999999999999999~a',
      ]) {
        expect([cursor, (await target.get(`${LIST}?cursor=${encodeURIComponent(cursor)}`)).status]).toEqual([
          cursor,
          400,
        ]);
      }
    },
  },
  {
    id: 'P185',
    name: 'no sign in a filter stands for others',
    on: 'unlimited',
    run: async (target) => {
      await fill(target, 'exactly-this', 1);
      const total = async (value: string, name = 'visitor_id') =>
        (await target.get(`${LIST}?${name}=${encodeURIComponent(value)}`)).json.total;
      expect(await total('exactly-this')).toBe(1);
      for (const value of [
        '%',
        '_',
        '*',
        '?',
        '.*',
        'exactly%',
        'exactly_this',
        'exactly-thi_',
        'EXACTLY-THIS',
        'exactly-this%',
        '[e]xactly-this',
        ' exactly-this',
      ]) {
        expect([value, await total(value)]).toEqual([value, 0]);
      }
      for (const value of [
        'exactly%this',
        'exact_y-this',
        'exactly*',
        '"exactly" OR "x',
        'exactly NEAR this',
        'visitor_id:exactly-this',
        '^exactly',
      ]) {
        expect([value, await total(value, 'q')]).toEqual([value, 0]);
      }
    },
  },
  {
    id: 'P187',
    name: 'sessions that start at one moment are in one order, at every offset and cursor',
    on: 'unlimited',
    run: async (target) => {
      await fill(target, 'twins', 40);
      const walked = await walk(target, 'visitor_id=twins');
      const inOrder = [...walked].sort((a, b) => b.started_at - a.started_at || (a.session_id < b.session_id ? 1 : -1));
      expect(ids({ sessions: walked })).toEqual(ids({ sessions: inOrder }));
      expect(new Set(ids({ sessions: walked })).size).toBe(40);
      for (let offset = 0; offset < 40; offset += 7) {
        const { json } = await target.get(`${LIST}?visitor_id=twins&limit=7&offset=${offset}`);
        expect(ids(json)).toEqual(ids({ sessions: walked }).slice(offset, offset + 7));
      }
    },
  },
  {
    id: 'P188',
    name: 'the total is the number of rows that a walk to the end comes by, whatever is asked for',
    on: 'unlimited',
    run: async (target) => {
      await fill(target, 'counted', 12);
      for (const query of [
        '',
        'visitor_id=counted',
        'q=counted',
        'q=co',
        'q=hero-btn',
        'q=counted+hero-btn',
        'visitor_id=counted&q=example',
        'visitor_id=nobody',
        'q=nothing-at-all',
      ]) {
        const { json } = await target.get(`${LIST}?${query}`);
        const walked = await walk(target, query);
        expect([query, json.total]).toEqual([query, walked.length]);
        expect(new Set(ids({ sessions: walked })).size).toBe(walked.length);
      }
    },
  },
];
