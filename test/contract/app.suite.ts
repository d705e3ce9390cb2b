// What the app promises at its outside, on any set of ports. A new platform runs it with a factory.
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AppOptions } from '../../src/server/context.ts';
import type { Ports } from '../../src/server/ports.ts';
import { sealIdle } from '../../src/server/seal.ts';
import { AppUnderTest, body, KEY, press, view } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';

const HOUR = 3_600_000;

export function appSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  const start = async (options: Partial<AppOptions> = {}) => new AppUnderTest(await make(), options);

  describe(`app: ${name}`, () => {
    it('answers a batch with 202 and shows it at once, running and sealed alike', async () => {
      const t = await start();
      const answer = await t.post(body('one'));
      expect(answer.status).toBe(202);
      expect(answer.body).toMatchObject({ accepted: 2, rejected: 0 });
      const id = answer.body.session_id;
      expect(id).toMatch(/^[0-9a-f]{32}$/);

      const running = await t.get(`/replay/sessions/${id}`);
      expect(running.body).toMatchObject({ event_count: 2, gaps: [], session: { session_id: id, status: 'live' } });
      const list = await t.get('/replay/sessions');
      expect(list.body).toMatchObject({ total: 1, next_cursor: null });
      expect(list.body.sessions[0]).toMatchObject({
        session_id: id,
        visitor_id: 'visitor',
        entry_page: 'https://shop.example/',
        started_at: NOW - 1000,
        duration: 500,
        event_count: 2,
        status: 'live',
      });

      expect(await t.seal()).toBe(1);
      const sealed = await t.get(`/replay/sessions/${id}`);
      expect(sealed.body.events).toEqual(running.body.events);
      expect(sealed.body.session).toEqual({ ...running.body.session, status: 'ended' });
      expect(await t.app.ports.hot.tail(id)).toBeNull();
    });

    it('gives the same answer to the same batch, before and after the seal, and keeps the first content', async () => {
      const t = await start();
      const first = await t.post(body('one', { events: [press(NOW - 500), { event_type: 'nonsense' }] }));
      expect(first.body).toMatchObject({ accepted: 1, rejected: 1 });
      const again = await Promise.all(
        Array.from({ length: 50 }, () => t.post(body('one', { events: [press(NOW - 1)] }))),
      );
      for (const answer of again) expect([answer.status, answer.body]).toEqual([202, first.body]);
      await t.seal();
      expect((await t.post(body('one'))).body).toEqual(first.body);
      const read = await t.get(`/replay/sessions/${first.body.session_id}`);
      expect(read.body.event_count).toBe(1);
      expect(read.body.events[0].timestamp).toBe(NOW - 500);
    });

    it('adds a batch that comes after the seal by a further object', async () => {
      const t = await start();
      const id = await t.record('one');
      await t.seal();
      const late = await t.post(body('one', { seq: 1, events: [press(NOW - 100, 'A#late')] }));
      expect(late.status).toBe(202);
      expect((await t.get(`/replay/sessions/${id}`)).body.event_count).toBe(3);
      expect((await t.get('/replay/sessions?q=late')).body.total).toBe(1);
      await t.seal();
      const keys: string[] = [];
      for await (const key of t.app.ports.objects.list('sessions/')) keys.push(key);
      expect(keys).toHaveLength(2);
      expect((await t.get(`/replay/sessions/${id}`)).body).toMatchObject({ event_count: 3, gaps: [] });
      expect((await t.get('/replay/sessions')).body.sessions[0]).toMatchObject({ event_count: 3, status: 'ended' });
    });

    it('lists a session as running again when a batch comes after, or during, its seal', async () => {
      const t = await start();
      await t.record('one');
      await t.seal();
      await t.post(body('one', { seq: 1 }));
      expect((await t.get('/replay/sessions')).body.sessions[0]).toMatchObject({ event_count: 4, status: 'live' });
      const { objects } = t.app.ports;
      const putLate: typeof objects.putIfAbsent = async (...object) => {
        await t.post(body('one', { seq: 2 }));
        return objects.putIfAbsent(...object);
      };
      const slow = Object.create(objects, { putIfAbsent: { value: putLate } });
      await sealIdle({ ...t.app.ports, objects: slow }, t.app.writer, t.clock.at + 1);
      expect((await t.get('/replay/sessions')).body.sessions[0]).toMatchObject({ event_count: 6, status: 'live' });
    });

    it('reads events back in one order, whatever the order of arrival', async () => {
      const batches = Array.from({ length: 12 }, (_, i) =>
        body('one', {
          page_id: `p${i % 3}`,
          seq: Math.floor(i / 3),
          events: [press(NOW - 500 + (i % 4)), press(NOW - 400)],
        }),
      );
      const orders = [
        batches,
        [...batches].reverse(),
        [...batches].sort((a, b) => String(a.page_id).localeCompare(String(b.page_id))),
      ];
      const texts = [];
      for (const order of orders) {
        const t = await start();
        let id = '';
        for (const one of order) id = (await t.post(one)).body.session_id;
        const { events, session } = (await t.get(`/replay/sessions/${id}`)).body;
        texts.push(JSON.stringify([events, session]));
      }
      expect(new Set(texts).size).toBe(1);
    });

    it('moves all times of a session by its first batch where the clock is wrong', async () => {
      const t = await start();
      const wrong = NOW - 400 * 24 * HOUR;
      const key = { session_key: `${(wrong - 60_000).toString(36)}-wrongclock0000000000000` };
      const sent = (seq: number, at: number, now: number) => ({ ...key, seq, sent_at: at, events: [press(now)] });
      const id = await t.record('', sent(0, wrong, wrong - 3000));
      await t.record('', sent(1, wrong + 2000, wrong - 1000));
      const { body: read } = await t.get(`/replay/sessions/${id}`);
      expect(read.session.started_at).toBe(NOW - 60_000);
      expect(read.events.map((event: { timestamp: number }) => event.timestamp)).toEqual([NOW - 3000, NOW - 1000]);
    });

    it('keeps the good events of a batch and counts the others', async () => {
      const t = await start();
      const bad = [
        null,
        1,
        'x',
        [],
        {},
        { ...press(NOW), x: '450' },
        press(NOW + 61_000),
        press(NOW - 24 * HOUR - 1),
        press(0),
      ];
      const answer = await t.post(body('one', { events: [...bad, press(NOW + 59_000)] }));
      expect(answer.body).toMatchObject({ accepted: 1, rejected: bad.length });
      expect((await t.post(body('two', { events: bad }))).status).toBe(400);
      expect((await t.get('/replay/sessions')).body.total).toBe(1);
    });

    it.each([
      ['an empty body', '', 'body'],
      ['a torn body', '{', 'body'],
      ['another version', { v: 2 }, 'v '],
      ['a bad key', { session_key: 'x' }, 'session_key'],
      ['an old key', { session_key: `${(NOW - 25 * HOUR).toString(36)}-${'0'.repeat(22)}` }, 'session_key'],
      ['a bad visitor', { visitor_id: '../../etc/passwd' }, 'visitor_id'],
      ['a bad page', { page_id: ['a'] }, 'page_id'],
      ['a bad number', { seq: -1 }, 'seq'],
      ['no time', { sent_at: null }, 'sent_at'],
      ['no events', { events: [] }, 'events'],
      ['too many events', { events: Array(1001).fill({}) }, 'events'],
      ['a broken packed text', { events: undefined, packed: '\u0001' }, 'packed'],
    ])('refuses %s with 400 and the field, and repeats nothing of it', async (_name, given, field) => {
      const t = await start();
      const answer = await t.post(typeof given === 'string' ? given : body('one', given));
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.body).toMatchObject({ type: 'about:blank', status: 400 });
      expect(answer.body.detail).toMatch(new RegExp(`^${field}`));
      expect(JSON.stringify(answer.body)).not.toContain('passwd');
    });

    it('takes one layer of gzip within its limits', async () => {
      const t = await start();
      const zip = (data: string | Uint8Array) => gzipSync(data) as Uint8Array<ArrayBuffer>;
      const send = (bytes: Uint8Array<ArrayBuffer>, encoding = 'gzip') =>
        t.request('/collect', { method: 'POST', body: bytes, headers: { 'content-encoding': encoding } });
      const valid = JSON.stringify(body('one'));
      expect((await send(zip(valid))).status).toBe(202);
      expect((await send(zip(zip(valid)))).status).toBe(400);
      expect((await send(zip(new Uint8Array(100 * 1024 * 1024)))).status).toBe(413);
      expect((await send(new Uint8Array([...zip(valid), 1, 2, 3]))).status).toBe(400);
      expect((await send(zip(valid).slice(0, -9))).status).toBe(400);
      expect((await send(zip(valid), 'br')).status).toBe(415);
      expect((await t.post(' '.repeat(256 * 1024 + 1))).status).toBe(413);
    });

    it('gives a reader nothing without the key, and the same nothing for what exists and what does not', async () => {
      const t = await start();
      const id = await t.record('one');
      const texts = new Set<string>();
      for (const path of [
        '/replay/sessions',
        `/replay/sessions/${id}`,
        '/replay/sessions/none',
        `/replay/visitors/visitor`,
      ]) {
        const answer = await t.request(path);
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
        texts.add(JSON.stringify(answer.body));
      }
      expect(texts.size).toBe(1);
      const wrong = { 'x-api-key': KEY, authorization: 'Bearer other' };
      expect((await t.request('/replay/sessions', { headers: wrong })).status).toBe(401);
      const both = { 'x-api-key': KEY, authorization: `Bearer ${KEY}` };
      expect((await t.request('/replay/sessions', { headers: both })).status).toBe(200);
      expect((await t.request(`/replay/sessions?api_key=${KEY}`)).status).toBe(401);
    });

    it('pages through the list by cursor and by offset, latest start first', async () => {
      const t = await start({ rateLimits: false });
      for (let i = 0; i < 7; i++) {
        const session_key = `${(NOW - 10_000 - Math.floor(i / 2) * 1000).toString(36)}-${`s${i}`.padEnd(22, '0')}`;
        await t.record('', { session_key, visitor_id: `v${i % 2}` });
      }
      await t.seal();
      const whole = (await t.get('/replay/sessions')).body.sessions.map(
        (one: { session_id: string }) => one.session_id,
      );
      expect(whole).toHaveLength(7);
      const paged: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body: page } = await t.get(
          `/replay/sessions?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        expect(page.total).toBe(7);
        paged.push(...page.sessions.map((one: { session_id: string }) => one.session_id));
        cursor = page.next_cursor;
      }
      expect(paged).toEqual(whole);
      for (let offset = 0; offset <= 7; offset++) {
        const { body: page } = await t.get(`/replay/sessions?limit=2&offset=${offset}`);
        expect(page.sessions.map((one: { session_id: string }) => one.session_id)).toEqual(
          whole.slice(offset, offset + 2),
        );
      }
      expect((await t.get('/replay/sessions?visitor_id=v1')).body.total).toBe(3);
      expect((await t.get(`/replay/sessions?limit=${'9'.repeat(30)}`)).body.sessions).toHaveLength(7);
      expect((await t.get(`/replay/sessions?offset=${'9'.repeat(400)}`)).body).toMatchObject({
        sessions: [],
        total: 7,
      });
      expect((await t.get('/replay/sessions?limit=0')).body).toEqual({ sessions: [], total: 7, next_cursor: null });
      for (const bad of ['limit=-1', 'limit=x', 'limit=1e2', 'offset=1.5', 'offset=', 'cursor=x']) {
        expect((await t.get(`/replay/sessions?${bad}`)).status).toBe(400);
      }
    });

    it('finds text in any page, element, visitor and country', async () => {
      const t = await start();
      await t.record('one', {
        context: { timezone: 'Asia/Kolkata' },
        events: [view('https://shop.example/pricing', NOW), press(NOW, 'A#Buy')],
      });
      await t.record('two', { visitor_id: 'somebody' });
      const total = async (q: string) => (await t.get(`/replay/sessions?q=${encodeURIComponent(q)}`)).body.total;
      expect(await total('pricing')).toBe(1);
      expect(await total('ricin')).toBe(1);
      expect(await total('a#buy')).toBe(1);
      expect(await total('SOMEBODY')).toBe(1);
      expect(await total('in')).toBe(1);
      expect(await total('shop buy')).toBe(1);
      expect(await total('nowhere')).toBe(0);
      expect(await total('"; DROP TABLE session; --')).toBe(0);
      for (const odd of ['%', '_', '"', '"""', '*', 'pricing OR qqq', 'words:x', '😀😀😀', '((('])
        expect(await total(odd)).toBe(0);
      expect(await total('pricing\u0000shop')).toBe(1);
    });

    it('keeps nothing of visitors who ask not to be tracked, nor of bots', async () => {
      const t = await start();
      for (const headers of [{ dnt: '1' }, { 'sec-gpc': '1' }, { 'user-agent': 'HeadlessChrome/1' }] as Record<
        string,
        string
      >[]) {
        const answer = await t.post(body('one'), headers);
        expect([answer.status, answer.body.accepted]).toEqual([202, 0]);
      }
      expect((await t.get('/replay/sessions')).body.total).toBe(0);
      expect((await t.get('/health')).body.counters).toMatchObject({ privacy_signal: 2, bot: 1 });
      const open = await start({ respectPrivacySignals: false, recordBots: true });
      expect((await open.post(body('one'), { dnt: '1', 'user-agent': 'HeadlessChrome/1' })).body.accepted).toBe(2);
    });

    it('lets only listed origins, and its own pages, record', async () => {
      const t = await start({ allowedOrigins: ['https://shop.example'] });
      expect(
        (await t.post(body('one'), { origin: 'https://shop.example' })).headers.get('access-control-allow-origin'),
      ).toBe('https://shop.example');
      for (const origin of ['https://shop.example.evil.test', 'null', 'http://shop.example']) {
        const answer = await t.post(body('two'), { origin });
        expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
        const tracker = await t.request('/tracker.js', { headers: { origin } });
        expect([tracker.status, tracker.headers.get('access-control-allow-origin')]).toEqual([200, null]);
      }
      const tracker = await t.request('/tracker.js', { headers: { origin: 'https://shop.example' } });
      expect(tracker.headers.get('access-control-allow-origin')).toBe('https://shop.example');
      expect(tracker.headers.get('vary')).toBe('accept-encoding, origin');
      expect((await t.post(body('two'), { origin: 'http://silhouette.test' })).status).toBe(202);
      expect((await t.post(body('two', { seq: 1 }))).status).toBe(202);
    });

    it('holds a session, and a client address, to their limits', async () => {
      const t = await start();
      const statuses = [];
      for (let seq = 0; seq < 32; seq++) statuses.push((await t.post(body('one', { seq }))).status);
      expect(statuses.filter((status) => status === 202)).toHaveLength(30);
      const refused = await t.post(body('one', { seq: 40 }));
      expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 10]);
      expect((await t.post(body('one', { seq: 0 }))).status).toBe(202);
      t.clock.at += 9999;
      expect((await t.post(body('one', { seq: 40 }))).status).toBe(429);
      t.clock.at += 1;
      expect((await t.post(body('one', { seq: 40 }))).status).toBe(202);
      const started = [];
      for (let i = 0; i < 310; i++) started.push((await t.post(body(`n${i}`), {}, '192.0.2.9')).status);
      expect(started.filter((status) => status === 429)).toHaveLength(10);
    });

    it('says which methods a path takes, and that others are none of it', async () => {
      const t = await start();
      const wrong = await t.request('/replay/sessions', { method: 'POST', headers: { 'x-api-key': KEY } });
      expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      expect((await t.request('/collect')).status).toBe(405);
      expect((await t.request('/', { method: 'POST' })).status).toBe(405);
      expect((await t.request('/demo/', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD');
      expect((await t.request('/demo/')).body).toBe('demo');
      expect((await t.request('/nothing')).status).toBe(404);
      expect((await t.get('/replay/sessions/a%2Fevents%2F0001')).status).toBe(404);
      const preflight = await t.request('/replay/sessions', {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.test' },
      });
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    });

    it('lets no browser guess the type of an answer, keep it or run anything in it', async () => {
      const t = await start();
      for (const path of ['/health', '/nothing', '/replay/sessions', '/replay/sessions/none', '/tracker.js?']) {
        const { headers } = await t.get(path);
        expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
        if (path.startsWith('/tracker')) continue;
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; sandbox/);
      }
    });

    it('sends a long session compressed to whoever takes that', async () => {
      const t = await start();
      const events = Array.from({ length: 100 }, (_, i) => press(NOW - 500 + i));
      const id = await t.record('one', { events });
      const headers = { 'x-api-key': KEY, 'accept-encoding': 'gzip, br' };
      const response = await t.app.fetch(new Request(`http://silhouette.test/replay/sessions/${id}`, { headers }), {
        address: '192.0.2.1',
        country: null,
      });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      const sent = new Uint8Array(await response.arrayBuffer());
      expect(sent.length).toBeLessThan(2000);
      expect(JSON.parse(gunzipSync(sent).toString()).event_count).toBe(100);
      expect((await t.get(`/replay/sessions/${id}`)).headers.get('content-encoding')).toBeNull();
    });

    it('is healthy, and tells its counters to the holder of the key alone', async () => {
      const t = await start();
      expect((await t.request('/health')).body).toEqual({ status: 'ok' });
      expect((await t.get('/health')).body).toMatchObject({ status: 'ok', counters: {} });
    });
  });
}
