// What the contract says of a real server's data directory: its objects, what it never holds, and what is gone once it is erased.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { batch, click, expectProblem, keyOf, Outsider, PAGE } from '../fixtures/outsider.ts';
import { silhouette } from '../fixtures/server.ts';

let o: Outsider;

beforeAll(async () => {
  const { outsider, end } = await Outsider.start();
  o = outsider;
  return end;
});

describe('what is stored', () => {
  it('is gzipped NDJSON under the day of the start, written once; what comes later is a further object', async () => {
    const start = new Date().setUTCHours(0, 0, 0, 0) - 1000;
    const { sent, id } = await o.recorded({ session_key: keyOf(start) });
    const [object, ...others] = await o.sealed(id);
    const day = new Date(start).toISOString().slice(0, 10).replaceAll('-', '/');
    expect(object).toContain(join(o.dataDir, 'sessions', day, id, 'events', '/'));
    expect(others).toEqual([]);
    const lines = gunzipSync(readFileSync(object!)).toString().trimEnd().split('\n');
    expect(lines.slice(1).map((line) => JSON.parse(line))).toEqual((await o.read(id)).events);
    const bytes = readFileSync(object!);
    expect((await o.post({ ...sent, seq: 1, events: [click({ element: 'A#late' })] })).status).toBe(202);
    expect((await o.read(id)).event_count).toBe(3);
    expect(await o.sealed(id)).toHaveLength(2);
    expect(readFileSync(object!).equals(bytes)).toBe(true);
    expect(await o.read(id)).toMatchObject({ event_count: 3, gaps: [], session: { status: 'ended' } });
  });

  it('plays with a marked gap where an object is damaged, and whole again once it is mended', async () => {
    const { sent, id } = await o.recorded();
    await o.sealed(id);
    await o.post({ ...sent, seq: 1, events: [click()] });
    const [first] = await o.sealed(id);
    const whole = readFileSync(first!);
    for (const damaged of [whole.subarray(0, -10), Buffer.alloc(0), Buffer.from('no gzip')]) {
      writeFileSync(first!, damaged);
      const { event_count, gaps } = await o.read(id);
      const gap = { from: expect.any(Number), to: expect.any(Number), reason: 'damaged' };
      expect([event_count, gaps]).toEqual([1, [gap]]);
    }
    writeFileSync(first!, whole);
    expect(await o.read(id)).toMatchObject({ event_count: 3, gaps: [] });
  });

  it('holds no session key, no address, no query and nothing that a client may not say', async () => {
    const headers = { 'cf-connecting-ip': '203.0.113.77', 'x-forwarded-for': '198.51.100.88', 'cf-ipcountry': 'BR' };
    const sent = batch({
      country: 'XX',
      started_at: 0,
      note: 'canary-note',
      context: { referrer: 'https://other.example/?q=canary-query' },
      events: [
        click({ page: `${PAGE}?q=canary-query#canary-hash`, element: 'A#user-1234567', canary: 'canary-field' }),
      ],
    });
    const { session_id: id } = (await o.post(sent, headers)).json;
    const { session, events } = await o.read(id);
    expect([session.country, events[0].page, events[0].element]).toEqual(['BR', PAGE, 'A#user-*']);
    await o.sealed(id);
    const secret = sent.session_key.split('-').slice(1).join('-');
    for (const text of [secret, '203.0.113.77', '198.51.100.88', 'canary', '1234567', 'rv:140.0']) {
      expect([text, o.holding(text)]).toEqual([text, []]);
    }
    expect(o.server.output.stderr).not.toMatch(/203\.0\.113|198\.51|canary/);
  });

  it('is gone for good once it is erased, whoever asks', async () => {
    const one = await o.recorded({ visitor_id: 'canary-of-one-visitor' });
    const two = await o.recorded({ visitor_id: 'canary-of-one-visitor' });
    await o.sealed(one.id);
    const receipt = await o.erase('/replay/visitors/canary-of-one-visitor');
    expect(receipt.json).toMatchObject({ erased: { sessions: 2, events: 4 }, at: expect.any(Number) });
    for (const { id, sent } of [one, two]) {
      expectProblem(await o.get(`/replay/sessions/${id}`), 404);
      expectProblem(await o.erase(`/replay/sessions/${id}`), 404);
      expectProblem(await o.post({ ...sent, seq: 1 }), 410);
    }
    expect((await o.get('/replay/sessions?visitor_id=canary-of-one-visitor')).json.total).toBe(0);
    const third = await o.recorded({ visitor_id: 'canary-of-one-visitor' });
    const { code, stdout } = await silhouette(o.dataDir, ['erase', '--session', third.id]);
    expect([code, JSON.parse(stdout).erased.sessions]).toEqual([0, 1]);
    expect(o.holding('canary-of-one-visitor')).toEqual([]);
  });

  it('answers the same after a reindex, and an export is imported elsewhere as the same text', async () => {
    const { id } = await o.recorded({ visitor_id: 'exported' });
    await o.sealed(id);
    const before = await o.get('/replay/sessions');
    expect((await silhouette(o.dataDir, ['reindex'])).code).toBe(0);
    expect((await o.get('/replay/sessions')).json).toEqual(before.json);
    const exported = await silhouette(o.dataDir, ['export', id]);
    const file = join(o.folder, 'exported.ndjson');
    const elsewhere = join(o.folder, 'elsewhere');
    writeFileSync(file, `${exported.stdout}{"nonsense"\n`);
    const imported = await silhouette(elsewhere, ['import', file]);
    expect(imported.stdout).toBe('imported 1 sessions, 2 events; 1 lines could not be taken\n');
    expect(imported.stderr).toMatch(`${file}:4: `);
    expect((await silhouette(elsewhere, ['import', file])).stdout).toMatch(/^imported 0 sessions, 0 events/);
    expect((await silhouette(elsewhere, ['export', id])).stdout).toBe(exported.stdout);
  });
});
