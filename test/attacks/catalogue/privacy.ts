// Attacks on who is recorded and on who watches: what must not be kept, what is erased, and what a browser is told to forbid and to forget. Run by http.test.ts.
import { expect } from 'vitest';
import { batch, click, PAGE } from '../../fixtures/outsider.ts';
import { exact, keptNothing, nowhere, type Oracle, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { BROWSER, collect, type Event, reading } from '../sent.ts';

const SECRET = 'canary-secret-7391';
const ADDRESS = '203.0.113.177';

/** Nothing was recorded of it, and it was answered as if it had been. */
const notRecorded: Oracle = ({ answer }) => {
  expect([answer.status, answer.json]).toMatchObject([202, { accepted: 0, rejected: 0 }]);
};

/** The parts of a Content-Security-Policy by their names. */
function policyOf(headers: Headers): Map<string, string> {
  const parts = headers
    .get('content-security-policy')!
    .split(';')
    .map((part) => part.trim());
  return new Map(parts.map((part) => [part.split(' ')[0]!, part.split(' ').slice(1).join(' ')]));
}

export const PRIVACY: Attack[] = [
  {
    id: 'P162',
    name: 'what an address says behind its path is kept nowhere, whichever way it comes',
    sends: () => {
      const address = `https://user:${SECRET}@other.example/path?session=${SECRET}#${SECRET}`;
      const sent = (as: string, fields: Event, headers = {}) => {
        const { body, ...rest } = collect(as, batch({ context: { language: 'en' }, ...fields }), {
          headers,
          bad: SECRET,
        });
        return { ...rest, body: body! };
      };
      return [
        sent('referer', {}, { referer: address }),
        sent('cookie', {}, { cookie: `session=${SECRET}` }),
        sent('authorization', {}, { authorization: `Bearer ${SECRET}` }),
        sent('referrer', { context: { referrer: address } }),
        sent('referrer that is none', { context: { referrer: `//${SECRET}` } }),
        sent('page', { events: [click({ page: address })] }),
        sent('from', { events: [{ event_type: 'navigation', from: address, page: address, timestamp: Date.now() }] }),
        sent('source', {
          events: [{ event_type: 'error', name: 'E', source: address, page: PAGE, timestamp: Date.now() }],
        }),
        sent('unknown fields', {
          note: SECRET,
          events: [{ ...click(), text: SECRET, value: SECRET, element_text: SECRET }],
        }),
        sent('unknown context', { context: { title: SECRET, user_agent: SECRET } }),
      ];
    },
    expect: [status(202), nowhere, ({ target }) => expect(target.server.output.stderr).not.toContain(SECRET)],
  },
  {
    id: 'P164',
    name: 'no address of a visitor is kept, whichever header names it',
    sends: () =>
      [
        'cf-connecting-ip',
        'x-real-ip',
        'forwarded',
        'x-forwarded-for',
        'true-client-ip',
        'x-client-ip',
        'via',
        'from',
        'x-forwarded',
      ].map((name) =>
        collect(name, batch(), {
          headers: { [name]: name === 'forwarded' ? `for=${ADDRESS}` : ADDRESS },
          bad: ADDRESS,
        }),
      ),
    expect: [exact, nowhere, ({ target }) => expect(target.server.output.stderr).not.toContain(ADDRESS)],
  },
  {
    id: 'P166',
    name: 'of whoever asks not to be tracked nothing is kept',
    sends: () => {
      const asked: Record<string, string>[] = [
        { dnt: '1' },
        { 'sec-gpc': '1' },
        { dnt: '1', 'sec-gpc': '0' },
        { DNT: '1' },
        { dnt: '0', 'Sec-GPC': '1' },
      ];
      return asked.map((headers) =>
        collect(JSON.stringify(headers), batch({ visitor_id: SECRET }), { headers, bad: SECRET }),
      );
    },
    expect: [notRecorded, keptNothing],
  },
  {
    id: 'P167',
    name: 'a visitor who is erased is gone at once, with a receipt, and in the log of who did it',
    run: async (target) => {
      const visitor_id = `${SECRET}-erased`;
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) {
        const sent = collect('', batch({ visitor_id }));
        await target.post(sent);
        ids.push(sent.session!);
      }
      const receipt = await target.erase(`/replay/visitors/${visitor_id}`);
      expect(receipt.json).toMatchObject({
        erased: { sessions: 3, events: 6, rows: expect.any(Number) },
        at: expect.any(Number),
      });
      expect((await target.get(`/replay/sessions?visitor_id=${visitor_id}`)).json.total).toBe(0);
      expect((await target.get(`/replay/sessions?q=${visitor_id}`)).json.total).toBe(0);
      for (const id of ids) {
        expect((await target.get(`/replay/sessions/${id}`)).status).toBe(404);
        expect((await target.erase(`/replay/sessions/${id}`)).status).toBe(404);
      }
      expect((await target.erase(`/replay/visitors/${visitor_id}`)).status).toBe(404);
      const audited = async () => {
        const lines = await target.command({ name: 'audit', since: receipt.json.at });
        return lines.map(({ line }) => JSON.parse(String(line)));
      };
      const isLogged = expect.objectContaining({ key: 'owner', act: 'erase', sessions: 3, by: 'visitor' });
      await expect.poll(audited).toContainEqual(isLogged);
    },
  },
  {
    id: 'P169',
    name: 'the viewer may run its own script, ask its own server, and nothing else',
    sends: () => [
      reading('/replay'),
      reading('/replay?visitor_id=x'),
      reading('/replay', undefined, { headers: { accept: '*/*' } }),
    ],
    expect: [
      status(200),
      ({ answer: { headers, text } }) => {
        const policy = policyOf(headers);
        for (const name of [
          'default-src',
          'frame-ancestors',
          'base-uri',
          'form-action',
          'object-src',
          'trusted-types',
        ]) {
          expect([name, policy.get(name) ?? policy.get('default-src')]).toEqual([name, "'none'"]);
        }
        expect(policy.get('script-src')).toMatch(/^('sha256-[\w+/=]{44}' ?)+$/);
        expect(policy.get('connect-src')).toBe("'self'");
        expect(policy.get('require-trusted-types-for')).toBe("'script'");
        expect([...policy.values()].join(' ')).not.toMatch(/unsafe|https?:|\*/);
        expect(headers.get('x-frame-options')).toBe('DENY');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('referrer-policy')).toBe('no-referrer');
        for (const name of ['cross-origin-opener-policy', 'cross-origin-resource-policy'])
          expect(headers.get(name)).toBe('same-origin');
        expect(text).not.toMatch(/<[^>]+\son\w+=|(src|href)=["']?(https?:)?\/\//i);
      },
    ],
  },
  {
    id: 'P174',
    name: 'what needs the key is kept by no cache',
    run: async (target) => {
      const sent = collect('', batch());
      await target.post(sent);
      const paths = [
        '/replay/sessions',
        `/replay/sessions/${sent.session}`,
        '/replay/sessions/none',
        '/replay/sessions?limit=x',
        '/replay/visitors/none',
        '/health',
      ];
      for (const path of paths) {
        for (const answer of [
          await target.get(path),
          await target.get(path, { 'accept-encoding': 'gzip', 'if-none-match': '*' }),
          await target.ask({ path }),
        ]) {
          const { headers } = answer;
          expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
          expect(headers.get('etag') ?? headers.get('last-modified')).toBeNull();
          expect(headers.get('vary')).toMatch(/authorization.*x-api-key/i);
        }
      }
    },
  },
  {
    id: 'P181',
    name: 'whoever names no browser is recorded as of none, and whoever names a robot is not',
    sends: () => [
      collect('none', batch(), { headers: { 'user-agent': '' } }),
      collect('a space', batch(), { headers: { 'user-agent': ' ' } }),
      collect('a program', batch(), { headers: { 'user-agent': 'curl/8.0' } }),
      collect('a dash', batch(), { headers: { 'user-agent': '-' } }),
    ],
    expect: [
      exact,
      async ({ target, sent }) => {
        const { json } = await target.get(`/replay/sessions/${sent.session}`);
        expect(json.session).toMatchObject({ browser: null, os: null, device: null });
      },
    ],
    run: async (target) => {
      for (const robot of [
        'Googlebot/2.1',
        `${BROWSER} HeadlessChrome/156.0`,
        'AdsBot-Google',
        'facebookexternalhit/1.1',
        'bingbot',
      ]) {
        const sent = collect(robot, batch(), { headers: { 'user-agent': robot } });
        expect((await target.post(sent)).json).toMatchObject({ accepted: 0, rejected: 0 });
        expect((await target.get(`/replay/sessions/${sent.session}`)).status).toBe(404);
      }
    },
  },
];
