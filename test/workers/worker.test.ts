// The Worker as wrangler starts it: by its own entry, bindings and assets.
import { SELF } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { ANSWER_HEADERS, VIEWER_HEADERS, VIEWER_POLICY, withoutHashes } from '../fixtures/headers.ts';
import { KEY } from './visitor.ts';

describe('the Worker', () => {
  it.each(['/tracker.js', '/replay'])('compresses %s once', async (path) => {
    const response = await SELF.fetch(`https://silhouette.test${path}`, { headers: { 'accept-encoding': 'gzip' } });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([200, 'gzip']);
    expect(await response.text()).toMatch(/^[\x20-\x7e\n]{200}/);
  });

  it('compresses nothing for a client that did not ask for it, whatever Cloudflare takes in its place', async () => {
    const init = { headers: { 'accept-encoding': 'br, gzip' }, cf: { clientAcceptEncoding: '' } };
    const response = await SELF.fetch('https://silhouette.test/tracker.js', init);
    expect([response.status, response.headers.get('content-encoding')]).toEqual([200, null]);
  });

  it('knows of no country where the request came from this machine', async () => {
    const session_key = `${(Date.now() - 1000).toString(36)}-${crypto.randomUUID()}`;
    const click = { event_type: 'click', x: 1, y: 1, element: 'A', page: 'https://e.x/', timestamp: Date.now() };
    const batch = { v: 1, session_key, visitor_id: 'v', page_id: 'p', seq: 0, sent_at: Date.now(), events: [click] };
    const told = await SELF.fetch('https://silhouette.test/collect', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'cf-connecting-ip': '127.0.0.1', 'user-agent': 'Firefox' },
      body: JSON.stringify({ ...batch, context: { timezone: 'Asia/Kolkata' } }),
      cf: { country: 'US' },
    });
    const { session_id } = await told.json<{ session_id: string }>();
    const init = { headers: { 'x-api-key': KEY } };
    const read = await SELF.fetch(`https://silhouette.test/replay/sessions/${session_id}`, init);
    const { session } = await read.json<{ session: unknown }>();
    expect(session).toMatchObject({ country: 'IN', country_estimated: true });
  });

  it('answers health, and refuses a list without the key', async () => {
    expect((await SELF.fetch('https://silhouette.test/health')).status).toBe(200);
    expect((await SELF.fetch('https://silhouette.test/replay/sessions')).status).toBe(401);
  });

  it('says of the viewer and of its answers what a browser may do with them, as on Node', async () => {
    const viewer = await SELF.fetch('https://silhouette.test/replay');
    const { 'content-security-policy': policy, ...headers } = Object.fromEntries(viewer.headers);
    expect(withoutHashes(policy)).toBe(VIEWER_POLICY);
    expect(headers).toMatchObject(VIEWER_HEADERS);
    for (const path of ['/replay/sessions', '/replay/sessions/none', '/health', '/nothing', '/collect']) {
      for (const key of [KEY, '<script>__pwn()</script>']) {
        const init = { headers: { 'x-api-key': key, accept: 'text/html' } };
        const answer = await SELF.fetch(`https://silhouette.test${path}`, init);
        expect([path, Object.fromEntries(answer.headers)]).toMatchObject([path, ANSWER_HEADERS]);
        expect(answer.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
        expect(await answer.text()).not.toContain('script>');
      }
    }
  });
});
