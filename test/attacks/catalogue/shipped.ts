// Attacks on what is shipped: ids that could be guessed, answers that say too much, routes that were left over, files that are not what their sources make. Run by static.test.ts.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bundleTracker } from '../../../scripts/bundle-tracker.mjs';
import { randomId } from '../../../src/tracker/identity.ts';
import { batch, expectProblem } from '../../fixtures/outsider.ts';
import { ROOT } from '../../fixtures/server.ts';
import { echoesNothing, keptNothing, status } from '../oracles.ts';
import type { Attack } from '../run.ts';
import { collect, reading, type Sent, withFields } from '../sent.ts';

const IDS = 100_000;
const SECRET = 'canary-of-a-refusal';

/** What programs are known to leave open, and scanners ask for. */
const LEFT_OVER =
  `/debug /metrics /storybook /.git/HEAD /.git/config /.env /.env.local /wp-login.php /wp-admin/ /__test /__vitest__/ /admin /api
  /api/v1/sessions /graphql /swagger.json /openapi.json /actuator/health /server-status /phpinfo.php /console /_debugbar /trace /status /dist/server.mjs
  /dist/server.mjs.map /server.mjs.map /tracker.js.map /replay.js.map /src/node/main.ts /package.json /package-lock.json /node_modules/ /data/hot.db /hot.db
  /catalog.db /api-key /data/api-key /sessions/ /erasures/ /keys/ /audit/ /backup /restore /robots.txt /favicon.ico /.well-known/security.txt /crossdomain.xml
  /demo /demo/ /demo/index.html /replay/demo /replay/ /replay/api-key /replay/tracker.js /health/ /health/live /collect/ /tracker.js/x`.split(
    /\s+/,
  );

/** Requests of which none can be done, each for another reason. */
function refusals(key: string): Sent[] {
  const evil = { 'user-agent': SECRET, cookie: SECRET, referer: `https://e.x/${SECRET}` };
  const fields: Record<string, unknown> = {
    v: SECRET,
    session_key: SECRET,
    visitor_id: `${SECRET}!`,
    page_id: `${SECRET}/`,
    seq: SECRET,
    sent_at: SECRET,
    context: SECRET,
    events: SECRET,
    params: SECRET,
    packed: SECRET,
  };
  const event = { event_type: 'click', x: 1, y: 1, element: 'A', page: 'https://e.x/', timestamp: Date.now() };
  const events = [
    'event_type',
    'event_id',
    'x',
    'y',
    'page',
    'timestamp',
    'element',
    'pointer',
    'element_box',
    'element_x',
    'fixed',
    'effect_ms',
  ].map((name) => withFields(name, { events: [{ ...event, [name]: name === 'element' ? [SECRET] : `${SECRET} ` }] }));
  const commands = [
    '',
    SECRET,
    `{"name":"${SECRET}"}`,
    '{"name":"export"}',
    '{"name":"erase"}',
    '[]',
    'null',
    '{"name":"create_key","key":7}',
    '{"name":"audit"}',
  ];
  return [
    ...Object.entries(fields).map(([name, value]) => withFields(name, { [name]: value })),
    ...events,
    collect('no JSON', SECRET),
    collect('another type', JSON.stringify(batch()), { headers: { 'content-type': SECRET } }),
    collect('another packing', JSON.stringify(batch()), { headers: { 'content-encoding': SECRET } }),
    collect('no gzip', SECRET, { headers: { 'content-encoding': 'gzip' } }),
    collect('too large', SECRET.repeat(20_000)),
    ...commands.map((body) => reading('/replay/commands', key, { as: `command ${body}`, method: 'POST', body })),
    ...['limit', 'offset', 'cursor', 'visitor_id[]'].map((name) => reading(`/replay/sessions?${name}=${SECRET}`, key)),
    ...['/replay/sessions', `/replay/sessions/${SECRET}`, `/${SECRET}`, `/replay/visitors/${SECRET}`].flatMap(
      (path) => [
        ...['POST', 'PUT', 'PATCH'].map((method) => reading(path, key, { method, body: SECRET })),
        reading(path, SECRET),
        reading(path),
      ],
    ),
    reading(`/replay/sessions/${SECRET}`, key),
    reading(`/replay/sessions/${SECRET}`, key, { method: 'DELETE' }),
    reading(`/replay/visitors/${SECRET}`, key, { method: 'DELETE' }),
    reading('/collect'),
    reading('/tracker.js', undefined, { method: 'POST', body: SECRET }),
    reading('/health', SECRET),
  ].map((sent) => ({ ...sent, headers: { ...evil, ...sent.headers }, bad: SECRET }));
}

export const SHIPPED: Attack[] = [
  {
    id: 'P110',
    name: 'the ids that the tracker makes are 128 random bits each, and nothing else',
    run: async () => {
      const real = crypto.getRandomValues.bind(crypto);
      let drawn = 0;
      let same: BigUint64Array | null = null;
      crypto.getRandomValues = (array) => {
        drawn += array.byteLength;
        if (!same || !(array instanceof BigUint64Array)) return real(array);
        array.set(same);
        return array;
      };
      try {
        const ids = new Set(Array.from({ length: IDS }, randomId));
        expect([ids.size, drawn]).toEqual([IDS, 16 * IDS]);
        for (const id of ids) expect(id).toMatch(/^[0-9a-z]{20,26}$/);
        // Of the same bits the same id: neither the time nor a count is in it.
        same = new BigUint64Array([1n, 2n ** 64n - 1n]);
        expect(randomId()).toBe(randomId());
      } finally {
        crypto.getRandomValues = real;
      }
      const tracker = (await bundleTracker()).toString();
      expect(tracker.match(/getRandomValues/g)).toHaveLength(1);
    },
  },
  {
    id: 'P168',
    name: 'no refusal repeats anything, whatever is refused',
    sends: ({ server }) => refusals(server.key),
    expect: [
      ({ answer }) => {
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expectProblem(answer, answer.status);
      },
      echoesNothing,
      keptNothing,
      ({ target }) => expect(target.server.output.stderr).not.toContain(SECRET),
    ],
  },
  {
    id: 'P176',
    name: 'nothing is there but what is meant to be',
    on: 'direct',
    sends: ({ server }) => LEFT_OVER.flatMap((path) => [reading(path), reading(path, server.key)]),
    expect: [status(404), echoesNothing],
  },
  {
    id: 'P177',
    name: 'the tracker is what its sources make, and the viewer runs the scripts that its policy names',
    run: async (target) => {
      const [tracker, viewer] = [await target.ask({ path: '/tracker.js' }), await target.ask({ path: '/replay' })];
      expect(tracker.text).toBe((await bundleTracker()).toString());
      const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');
      const scripts = [...viewer.text.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script!);
      const policy = viewer.headers.get('content-security-policy') ?? '';
      const named = [...(/script-src ([^;]*)/.exec(policy)?.[1] ?? '').matchAll(/'sha256-([^']*)'/g)].map(
        ([, hash]) => hash,
      );
      expect(scripts.map(sha256)).toEqual(named);
      expect(named.length).toBeGreaterThan(0);
      for (const { headers, text } of [tracker, viewer])
        expect(headers.get('etag')).toBe(`"${sha256(text).slice(0, 22)}"`);
      // What is installed is what was looked at, and nothing runs because it was installed.
      const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
      const packages = Object.entries(lock.packages as Record<string, { integrity?: string; link?: boolean }>).filter(
        ([path]) => path !== '',
      );
      expect(packages.filter(([, { integrity, link }]) => !link && !/^sha512-/.test(integrity ?? ''))).toEqual([]);
    },
  },
];
