// The contract's requests as an outsider makes them, of a real server: recording, reading, and what a browser is told.
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, batch, click, expectProblem, idOf, keyOf, Outsider, PAGE } from '../fixtures/outsider.ts';

const DAY = 86_400_000;

let o: Outsider;

beforeAll(async () => {
  const { outsider, end } = await Outsider.start();
  o = outsider;
  return end;
});

/** A body of exactly this many bytes. */
function padded(bytes: number): string {
  const text = JSON.stringify(batch());
  return `${text.slice(0, -1)}${' '.repeat(bytes - text.length)}}`;
}

describe('POST /collect', () => {
  it('answers 202 with the id that the key gives, and is read back with the fields of the specification', async () => {
    const sent = batch();
    const answer = await o.post(sent);
    const session_id = idOf(sent.session_key);
    expect([answer.status, answer.json]).toEqual([202, { session_id, accepted: 2, rejected: 0 }]);
    const { session, events, event_count, gaps } = await o.read(session_id);
    // The server of these tests seals after a second, which may be over.
    expect([event_count, gaps, session.status]).toEqual([2, [], expect.stringMatching(/^(live|ended)$/)]);
    expect(events[1]).toMatchObject({ ...sent.events[1], event_id: expect.any(String) });
    const list = await o.get(`/replay/sessions?visitor_id=${sent.visitor_id}`);
    expect(list.json).toMatchObject({ total: 1, next_cursor: null });
    expect(list.json.sessions[0]).toMatchObject({
      session_id,
      visitor_id: sent.visitor_id,
      entry_page: PAGE,
      country: null,
      started_at: Number.parseInt(sent.session_key, 36),
      duration: sent.events[1]!.timestamp - Number.parseInt(sent.session_key, 36),
      engagement_score: expect.any(Number),
      event_count: 2,
    });
  });

  it('takes what is at a limit and refuses what is beyond it', async () => {
    const zip = (text: string) => new Uint8Array(gzipSync(text));
    const gzipped = { 'content-encoding': 'gzip' };
    const events = (count: number) => batch({ events: Array.from({ length: count }, () => click()) });
    const id = (length: number) => 'i'.repeat(length);
    const now = Date.now();
    const both: [Answer, Answer, number][] = [
      [await o.post(events(1000)), await o.post(events(1001)), 400],
      [await o.post(events(1)), await o.post(events(0)), 400],
      [await o.post(padded(262_144)), await o.post(padded(262_145)), 413],
      [await o.post(zip(padded(1_048_576)), gzipped), await o.post(zip(padded(1_048_577)), gzipped), 413],
      [await o.post(batch({ visitor_id: id(64) })), await o.post(batch({ visitor_id: id(65) })), 400],
      [await o.post(batch({ page_id: id(1) })), await o.post(batch({ page_id: '' })), 400],
      [await o.post(batch({ session_key: keyOf(now, 20) })), await o.post(batch({ session_key: keyOf(now, 19) })), 400],
      [await o.post(batch({ session_key: keyOf(now, 64) })), await o.post(batch({ session_key: keyOf(now, 65) })), 400],
      [
        await o.post(batch({ session_key: keyOf(now - DAY + 5000) })),
        await o.post(batch({ session_key: keyOf(now - DAY - 1000) })),
        400,
      ],
    ];
    for (const [within, beyond, status] of both) {
      expect(within.status).toBe(202);
      expectProblem(beyond, status);
    }
  });

  it.each([
    ['', 'body'],
    ['{', 'body'],
    ['NaN', 'body'],
    ['[]', 'body'],
    ['['.repeat(100_000), 'body'],
    [{ v: 2 }, 'v'],
    [{ session_key: '../../canary' }, 'session_key'],
    [{ visitor_id: '../canary' }, 'visitor_id'],
    [{ visitor_id: ['canary'] }, 'visitor_id'],
    [{ page_id: 'a/b' }, 'page_id'],
    [{ seq: -1 }, 'seq'],
    [{ seq: '0' }, 'seq'],
    [{ sent_at: 'canary' }, 'sent_at'],
    [{ events: {} }, 'events'],
    [{ events: [null, 1, 'canary', [], {}] }, 'events'],
    [{ events: [click({ x: 'canary' })] }, 'events[0].x'],
    [{ events: [click({ page: 'javascript:canary()' })] }, 'events[0].page'],
    [{ events: [click({ timestamp: 0 })] }, 'events[0].timestamp'],
    [{ events: [click({ event_type: 'canary' })] }, 'events[0].event_type'],
  ])('refuses %j with 400, names the field and repeats nothing', async (given, field) => {
    const answer = await o.post(typeof given === 'string' ? given : batch(given));
    expectProblem(answer, 400);
    expect(answer.json.detail.startsWith(`${field} `) || answer.json.detail.startsWith(`${field}[`)).toBe(true);
    expect(answer.text).not.toMatch(/canary/);
  });

  it('keeps the good events of a batch and counts the others', async () => {
    const bad = [click({ x: null }), click({ timestamp: Date.now() + 70_000 }), click({ timestamp: 1e20 }), 7];
    const answer = await o.post(batch({ events: [...bad, click({ timestamp: Date.now() + 50_000 })] }));
    expect(answer.json).toMatchObject({ accepted: 1, rejected: bad.length });
    expect((await o.read(answer.json.session_id)).event_count).toBe(1);
  });

  it.each([
    ['4 s ahead', 4000, 4000],
    ['10 s ahead', 10_000, 0],
    ['a year behind', -365 * DAY, 0],
  ])('moves the times of a clock that is %s as the contract says', async (_name, skew, kept) => {
    const now = Date.now();
    const at = now + skew;
    const events = [click({ timestamp: at - 3000 }), click({ timestamp: at - 1000 })];
    const { id } = await o.recorded({ session_key: keyOf(at - 60_000), sent_at: at, events });
    const taken = Date.now();
    const { session, events: stored } = await o.read(id);
    // What it is moved by is known to the server alone: it lies between what was here before and after.
    const moved = session.started_at + 60_000 - kept;
    expect([moved >= now, moved <= taken]).toEqual([true, true]);
    expect(stored[1].timestamp - stored[0].timestamp).toBe(2000);
  });

  it('gives the first answer to the same batch, side by side, after its seal and with other content', async () => {
    const sent = batch({ events: [click(), 'nonsense'] });
    const first = { session_id: idOf(sent.session_key), accepted: 1, rejected: 1 };
    const again = () => o.post({ ...sent, sent_at: Date.now() });
    for (const answer of await Promise.all(Array.from({ length: 40 }, again))) expect(answer.json).toEqual(first);
    await o.sealed(first.session_id);
    expect((await o.post({ ...sent, events: [click(), click(), click()] })).json).toEqual(first);
    expect((await o.read(first.session_id)).event_count).toBe(1);
  });

  it('keeps nothing of who asks for that, nor of bots, and counts them', async () => {
    const unwanted: Record<string, string>[] = [
      { dnt: '1' },
      { 'sec-gpc': '1' },
      { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' },
      { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/156.0.0.0' },
    ];
    for (const headers of unwanted) {
      const answer = await o.post(batch(), headers);
      expect([answer.status, answer.json]).toMatchObject([202, { accepted: 0, rejected: 0 }]);
      expect((await o.get(`/replay/sessions/${answer.json.session_id}`)).status).toBe(404);
    }
    expect((await o.get('/health')).json.counters).toMatchObject({ privacy_signal: 2, bot: 2 });
  });

  it('holds a session to 30 batches in 10 s and an address to 300 new sessions a minute', async () => {
    const sent = batch();
    const statuses = [];
    for (let seq = 0; seq < 31; seq++) statuses.push((await o.post({ ...sent, seq })).status);
    expect(statuses).toEqual([...Array(30).fill(202), 429]);
    const refused = await o.post({ ...sent, seq: 31 });
    expectProblem(refused, 429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const one = { 'cf-connecting-ip': '192.0.2.1' };
    const began: number[] = [];
    for (let i = 0; i < 300; i += 20) {
      const some = await Promise.all(Array.from({ length: 20 }, () => o.post(batch(), one)));
      began.push(...some.map(({ status }) => status));
    }
    expect(new Set(began)).toEqual(new Set([202]));
    expectProblem(await o.post(batch(), one), 429);
    expect((await o.post(batch(), { 'cf-connecting-ip': '192.0.2.2' })).status).toBe(202);
  });
});

describe('reading', () => {
  it('needs the key, as either header, and every one that is sent must be right', async () => {
    const { key } = o.server;
    const wrong = [
      {},
      { 'x-api-key': 'wrong' },
      { 'x-api-key': key.slice(0, -1) },
      { 'x-api-key': key, authorization: 'Bearer wrong' },
      { 'x-api-key': 'wrong', authorization: `Bearer ${key}` },
      { authorization: `Basic ${key}` },
      { cookie: `key=${key}` },
    ] as Record<string, string>[];
    for (const path of ['/replay/sessions', '/replay/sessions/any', `/replay/sessions?api_key=${key}`]) {
      for (const headers of wrong) expectProblem(await o.request(path, { headers }), 401);
    }
    for (const headers of [{ authorization: `Bearer ${key}` }, { 'x-api-key': key, authorization: `Bearer ${key}` }]) {
      expect((await o.request('/replay/sessions', { headers })).status).toBe(200);
    }
    expect((await o.request('/health')).json).toEqual({ status: 'ok' });
  });

  it('pages by limit, offset and cursor to the same list, and refuses what is no whole number', async () => {
    const visitor_id = 'pages';
    for (let i = 0; i < 5; i++) await o.recorded({ visitor_id, session_key: keyOf(Date.now() - 10_000 * i) });
    const page = async (query: string) => (await o.get(`/replay/sessions?visitor_id=${visitor_id}&${query}`)).json;
    const ids = ({ sessions }: { sessions: { session_id: string }[] }) => sessions.map((one) => one.session_id);
    const whole = await page('limit=1000000');
    expect(whole).toMatchObject({ total: 5, next_cursor: null });
    const first = await page('limit=2');
    const second = await page(`limit=2&cursor=${encodeURIComponent(first.next_cursor)}`);
    expect([...ids(first), ...ids(second), ...ids(await page('offset=4'))]).toEqual(ids(whole));
    expect(await page('limit=0')).toMatchObject({ sessions: [], total: 5 });
    expect(await page('offset=5')).toMatchObject({ sessions: [], total: 5 });
    const bad = ['limit=-1', 'limit=x', 'limit=1.5', 'limit=', 'offset=-1', 'offset=1e2', 'cursor=x'];
    for (const query of bad) expectProblem(await o.get(`/replay/sessions?${query}`), 400);
    for (const q of ['%', '_', '"', "' OR 1=1 --", '\u0000', 'x'.repeat(5000), '😀']) {
      expect((await o.get(`/replay/sessions?q=${encodeURIComponent(q)}`)).status).toBe(200);
      expect((await page(`q=${encodeURIComponent(`${visitor_id}${q}zz`)}`)).total).toBe(0);
    }
    expect((await page(`q=${visitor_id}`)).total).toBe(5);
  });

  it.each([
    ['POST', '/replay/sessions', 405],
    ['PUT', '/replay/sessions/x', 405],
    ['GET', '/replay/visitors/x', 405],
    ['GET', '/collect', 405],
    ['POST', '/tracker.js', 405],
    ['POST', '/demo/', 405],
    ['GET', '/replay/sessions/a%2Fevents%2F1', 404],
    ['GET', '/replay/SESSIONS', 404],
    ['GET', '/.git/HEAD', 404],
    ['GET', '/demo/%2e%2e/%2e%2e/package.json', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    const answer = await o.request(path, { method, headers: { 'x-api-key': o.server.key } });
    expectProblem(answer, status);
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/[A-Z]/);
  });
});

describe('what a browser is told', () => {
  it('lets any site record, and no site read', async () => {
    const origin = 'https://site.example';
    const preflight = await o.request('/collect', { method: 'OPTIONS', headers: { origin } });
    const allowed = [
      preflight,
      await o.post(batch(), { origin }),
      await o.request('/tracker.js', { headers: { origin } }),
    ];
    for (const { headers } of allowed) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
    for (const path of ['/replay/sessions', '/health', '/replay']) {
      const { headers } = await o.request(path, { headers: { origin, 'x-api-key': o.server.key } });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('shuts the viewer and every answer in', async () => {
    const viewer = await o.request('/replay');
    const policy = viewer.headers.get('content-security-policy')!;
    for (const part of ["default-src 'none'", "script-src 'sha256-", "frame-ancestors 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(part);
    }
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(viewer.text).not.toMatch(/(src|href)=["']?(https?:)?\/\//);
    for (const path of ['/replay/sessions', '/health', '/nothing']) {
      const { headers } = await o.get(path);
      expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual(['nosniff', 'no-store']);
    }
  });

  it('serves the tracker compressed, with an etag that saves it the next time', async () => {
    const { status, headers } = await o.request('/tracker.js', { headers: { 'accept-encoding': 'gzip' } });
    expect([status, headers.get('content-encoding')]).toEqual([200, 'gzip']);
    expect(headers.get('cache-control')).toMatch(/max-age=\d/);
    const again = await o.request('/tracker.js', { headers: { 'if-none-match': headers.get('etag')! } });
    expect([again.status, again.text]).toEqual([304, '']);
  });
});
