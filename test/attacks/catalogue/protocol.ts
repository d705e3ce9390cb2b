// Attacks by what HTTP allows to be said: other methods, hosts, paths, parameters, ranges and types. Run by http.test.ts.
import { expect } from 'vitest';
import { expectStored, status } from '../oracles.ts';
import { exchange, request } from '../raw.ts';
import type { Attack } from '../run.ts';
import { plant } from '../send.ts';
import { reading } from '../sent.ts';

const LIST = '/replay/sessions';
/** What a program or a framework may take for another method. */
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override', '_method'];
const EVIL = 'evil.test';

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
    run: async ({ server }) => {
      const twice = request('GET /health HTTP/1.1', [`Host: ${EVIL}`, 'Connection: close']);
      for (const sent of [
        twice,
        twice.replaceAll('Host:', 'HOST:'),
        request('GET /health HTTP/1.1', ['Host:', 'Connection: close']),
      ]) {
        const { statuses, text } = await exchange(server.origin, [sent]);
        expect([sent, statuses]).toEqual([sent, [400]]);
        expect(text).not.toContain(EVIL);
      }
    },
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
];
