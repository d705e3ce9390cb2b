// Attacks by what HTTP allows to be said: other methods, hosts, paths, parameters, ranges, origins and types. Run by http.test.ts.
import { expect } from 'vitest';
import { batch } from '../../fixtures/outsider.ts';
import { exact, expectStored, keptNothing, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, reading, type Sent } from '../sent.ts';
import type { Target } from '../target.ts';

const LIST = '/replay/sessions';
/** What a program or a framework may take for another method. */
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override', '_method'];
const EVIL = 'evil.test';

/** A session that is there before an attack on it. */
async function plant(target: Target, more = {}): Promise<{ id: string; sent: ReturnType<typeof batch> }> {
  const sent = batch(more);
  const one = collect('', sent);
  expect((await target.post(one)).status).toBe(202);
  return { id: one.session!, sent };
}

const noCors = ({ answer }: { answer: { headers: Headers } }) => {
  for (const name of ['access-control-allow-origin', 'access-control-allow-credentials']) {
    expect(answer.headers.get(name)).toBeNull();
  }
};

export const PROTOCOL: Attack[] = [
  {
    id: 'P082',
    name: 'no header, parameter or field turns one method into another',
    run: async (target) => {
      const { id, sent } = await plant(target);
      const { key } = target.server;
      for (const path of [LIST, `${LIST}/${id}`, `/replay/visitors/${sent.visitor_id}`]) {
        for (const override of OVERRIDES) {
          const headers = { 'x-api-key': key, [override]: 'DELETE' };
          for (const method of ['POST', 'GET', 'PUT', 'PATCH', 'HEAD']) {
            const answer = await target.ask({
              method,
              path: `${path}?_method=DELETE`,
              headers,
              body: '_method=DELETE',
            });
            expect([200, 404, 405]).toContain(answer.status);
            if (method !== 'GET' && method !== 'HEAD') expect(answer.status).toBe(405);
          }
        }
      }
      await expectStored(target, id, sent.events);
    },
  },
  {
    id: 'P083',
    name: 'whoever asks for the head alone needs the key as well',
    sends: () =>
      [LIST, `${LIST}/any`, `${LIST}?limit=1`, '/replay/visitors/any', '/replay/commands'].map((path) =>
        reading(path, undefined, { method: 'HEAD' }),
      ),
    expect: [status(401), ({ answer }) => expect(answer.text).toBe('')],
  },
  {
    id: 'P084',
    name: 'no page and no redirection leads to the host that a request names',
    sends: () =>
      ['/replay', '/', '/demo', '/demo/', '/tracker.js', '/nothing'].flatMap((path) => [
        reading(path, undefined, { as: `host ${path}`, headers: { host: EVIL }, bad: EVIL }),
        reading(path, undefined, {
          headers: { 'x-forwarded-host': EVIL, 'x-forwarded-proto': 'javascript', forwarded: `host=${EVIL}` },
          bad: EVIL,
        }),
        reading(`http://${EVIL}${path}`, undefined, { bad: EVIL }),
        reading(`/${path}`.replace('//', `//${EVIL}/`), undefined, { bad: EVIL }),
      ]),
    expect: [
      status(200, 302, 400, 404),
      ({ answer, sent }) => expect(JSON.stringify([...answer.headers]) + answer.text).not.toContain(sent.bad),
      ({ answer }) => expect(answer.headers.get('location') ?? '/').toMatch(/^\/(?!\/)/),
    ],
  },
  {
    id: 'P085',
    name: 'a filter that comes twice, or as a list, is never no filter',
    run: async (target) => {
      const [{ sent }, { sent: other }] = [await plant(target), await plant(target)];
      const ask = (query: string) => target.get(`${LIST}?${query}`);
      const [a, b] = [sent.visitor_id, other.visitor_id];
      expect((await ask(`visitor_id=${a}`)).json.total).toBe(1);
      for (const query of [
        `visitor_id=${a}&visitor_id[]=${b}`,
        `visitor_id[]=${b}&visitor_id=${a}`,
        `visitor_id=${a}&visitor_id=${b}`,
        `visitor_id=${a}&visitor_id=`,
        `visitor_id=&visitor_id=${a}`,
        `visitor_id[]=${a}`,
        `visitor_id%5B%5D=${a}`,
        `visitor_id[0]=${a}`,
        `visitor_id[$ne]=x`,
        `visitor_id.x=${a}`,
        `q[]=${a}`,
        `limit=1&limit=100`,
        `offset=0&offset[]=1`,
        `cursor[]=0~a`,
      ]) {
        expect([query, (await ask(query)).status]).toEqual([query, 400]);
      }
    },
  },
  {
    id: 'P086',
    name: 'an answer is JSON whatever a browser would rather have',
    run: async (target) => {
      const { id } = await plant(target);
      for (const path of [
        LIST,
        `${LIST}/${id}`,
        `${LIST}/none`,
        '/health',
        '/nothing',
        `${LIST}/${id}?callback=alert&format=html`,
      ]) {
        for (const accept of ['text/html', 'application/xhtml+xml', 'image/*', 'text/javascript', '']) {
          const { headers } = await target.get(path, { accept });
          expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
          expect(headers.get('x-content-type-options')).toBe('nosniff');
          expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
        }
      }
    },
  },
  {
    id: 'P087',
    name: 'no spelling of a path gives anything without the key',
    run: async (target) => {
      const { id, sent } = await plant(target);
      const spellings = [LIST, `${LIST}/${id}`].flatMap((path) => [
        path,
        path.toUpperCase(),
        path.replace('sessions', 'SESSIONS'),
        `${path}%2f`,
        `${path}/`,
        `${path};x=1`,
        `${path}.json`,
        `${path}%00`,
        `${path}%20`,
        `/${path}`,
        path.replaceAll('/', '//'),
        path.replace('/replay', '/./replay'),
        path.replace('/replay', '/demo/../replay'),
        path.replace('/replay', '/demo/%2e%2e/replay'),
        path.replace('/replay', '/replay/%2e/'),
        path.replace('sessions', '%73essions'),
        path.replace('/replay', '/%72eplay'),
        path.replaceAll('/', '\\'),
        `${path}?/../../tracker.js`,
        `${path}#/tracker.js`,
        `http://127.0.0.1${path}`,
      ]);
      for (const path of spellings) {
        for (const method of ['GET', 'DELETE', 'POST', 'OPTIONS', 'QUERY', 'PROPFIND']) {
          const { status: said, text } = await target.ask({ method, path });
          expect([path, method, [400, 401, 404, 405, 501].includes(said)]).toEqual([path, method, true]);
          for (const secret of [sent.visitor_id, id, 'hero-btn', '"total"']) expect(text).not.toContain(secret);
        }
      }
      await expectStored(target, id, sent.events);
    },
  },
  {
    id: 'P088',
    name: 'a file that is asked for in a thousand pieces is sent once, whole',
    sends: () => {
      const pieces = Array.from({ length: 1000 }, (_, i) => `${i}-${i}`).join();
      return [
        'bytes=0-99999999999',
        `bytes=${pieces}`,
        'bytes=-1',
        'bytes=5-1',
        `bytes=0-${'9'.repeat(400)}`,
        'bytes=0-,0-,0-',
        'lines=1-2',
      ].flatMap((range) =>
        ['/tracker.js', '/replay', '/demo/'].map((path) =>
          reading(path, undefined, { as: `${path} ${range.slice(0, 30)}`, headers: { range, 'if-range': '"x"' } }),
        ),
      );
    },
    expect: [
      status(200, 206, 416),
      ({ answer, witnessed }) => {
        expect(answer.text.length).toBeLessThan(500_000);
        expect(witnessed.cpu_ms).toBeLessThan(1000);
      },
    ],
  },
  {
    id: 'P090',
    name: 'an origin is the one that may record, or it is not',
    on: 'strict',
    sends: ({ server }) =>
      [
        'https://allowed.example.evil.test',
        'https://evil-allowed.example',
        'https://allowed.example:444',
        'https://allowed.example/',
        'https://allowed.example@evil.test',
        'https://evil.test#https://allowed.example',
        'http://allowed.example',
        'https://ALLOWED.example.',
        'https://sub.allowed.example',
        'allowed.example',
        'https://allowed.example, https://evil.test',
        'https://allowed.example%00.evil.test',
        `${server.origin}.evil.test`,
        `https://evil.test?${server.origin}`,
      ].map((origin) => collect(origin, batch(), { headers: { origin } })),
    expect: [status(403), keptNothing, noCors],
    run: async (target) => {
      const sent = batch();
      const one = collect('', sent, { headers: { origin: 'https://allowed.example' } });
      const answer = await target.post(one);
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
        202,
        'https://allowed.example',
      ]);
      await expectStored(target, one.session!, sent.events);
    },
  },
  {
    id: 'P091',
    name: 'an origin that a browser hides may not record',
    on: 'strict',
    sends: () =>
      ['null', 'file://', 'chrome-extension://abcdefgh', 'data:', 'about:blank', ''].map((origin) =>
        collect(origin, batch(), { headers: { origin } }),
      ),
    expect: [status(403), keptNothing, noCors],
  },
  {
    id: 'P092',
    name: 'a program that names no origin is held to every other limit',
    on: 'strict',
    sends: () => [collect('no origin', batch())],
    expect: [exact, noCors],
    run: async (target) => {
      const client = target.stranger();
      const answers: number[] = [];
      const sent = batch();
      for (let seq = 0; seq < 31; seq++) {
        answers.push((await target.ask(collect('', { ...sent, seq }, { headers: client }))).status);
      }
      expect(answers.filter((said) => said !== 202)).toEqual([429]);
    },
  },
  {
    id: 'P093',
    name: 'no other site is told that it may read, erase or command',
    sends: ({ server }) => {
      const asked = { origin: `https://${EVIL}`, 'access-control-request-headers': 'authorization,x-api-key' };
      return [LIST, `${LIST}/any`, '/replay/visitors/any', '/replay/commands', '/health', '/replay', '/'].flatMap(
        (path): Sent[] => [
          ...['GET', 'DELETE', 'POST'].map((wanted) =>
            reading(path, undefined, {
              method: 'OPTIONS',
              headers: { ...asked, 'access-control-request-method': wanted },
            }),
          ),
          reading(path, server.key, { headers: { origin: `https://${EVIL}` } }),
        ],
      );
    },
    expect: [
      status(200, 302, 401, 404, 405),
      noCors,
      ({ answer }) => expect(answer.headers.get('cross-origin-resource-policy') ?? 'same-origin').toBe('same-origin'),
    ],
  },
  {
    id: 'P095',
    name: 'nothing is erased by asking for it',
    run: async (target) => {
      const { id, sent } = await plant(target);
      const { key } = target.server;
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
        const visitors = await target.ask({
          method,
          path: `/replay/visitors/${sent.visitor_id}`,
          headers: { 'x-api-key': key },
        });
        expect(visitors.status).toBe(405);
        await target.ask({ method, path: `${LIST}/${id}?erase=1`, headers: { 'x-api-key': key } });
        const command = `/replay/commands?name=erase&visitor=${sent.visitor_id}`;
        expect([400, 405]).toContain(
          (await target.ask({ method, path: command, headers: { 'x-api-key': key } })).status,
        );
      }
      await expectStored(target, id, sent.events);
    },
  },
];
