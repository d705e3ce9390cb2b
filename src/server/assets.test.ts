// In which encoding a built file goes to a client, and when it need not.
import { describe, expect, it } from 'vitest';
import { serveAsset } from './assets.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const asset = { type: 'text/plain', etag: '"1"', body: bytes('plain'), br: bytes('br'), gzip: bytes('gzip') };
const get = (headers: Record<string, string>) => serveAsset(new Request('http://x/', { headers }), asset, {});

describe('a built file', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['br; q=0.0, gzip ;q=0', 'plain'],
    ['identity', 'plain'],
    ['', 'plain'],
  ])('goes to a client that takes "%s" as %s', async (accepted, body) => {
    const answer = get({ 'accept-encoding': accepted });
    expect(await answer.text()).toBe(body);
    expect(answer.headers.get('content-encoding') ?? 'plain').toBe(body);
    expect(answer.headers.get('vary')).toBe('accept-encoding');
  });

  it.each(['"0", "1"', 'W/"1"', '*'])('is not sent again to who has it and says %s', async (known) => {
    const answer = get({ 'if-none-match': known });
    expect([answer.status, await answer.text()]).toEqual([304, '']);
  });
});
