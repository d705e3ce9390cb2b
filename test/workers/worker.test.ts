// The Worker as wrangler starts it: by its own entry, bindings and assets.
import { SELF } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';

describe('the Worker', () => {
  it.each(['/tracker.js', '/replay'])('compresses %s once', async (path) => {
    const response = await SELF.fetch(`https://silhouette.test${path}`, { headers: { 'accept-encoding': 'gzip' } });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([200, 'gzip']);
    expect(await response.text()).toMatch(/^[\x20-\x7e\n]{200}/);
  });

  it('answers health, and refuses a list without the key', async () => {
    expect((await SELF.fetch('https://silhouette.test/health')).status).toBe(200);
    expect((await SELF.fetch('https://silhouette.test/replay/sessions')).status).toBe(401);
  });
});
