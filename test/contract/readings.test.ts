// Sessions that are sent slowly: what they hold is counted until they are sent, given up or cut off, and others are refused meanwhile.
import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { MemoryHotStore, MemoryObjectStore } from '../../src/server/memory.ts';
import { Readings } from '../../src/server/readings.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { AppUnderTest, body, KEY, press } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';

async function prepare() {
  const clock = { at: 0 };
  const readings = new Readings({ heldMax: 1, now: () => clock.at });
  const catalog = new SqlCatalog(new SqliteDatabase(':memory:'), MIGRATIONS);
  await catalog.prepare();
  const ports = { hot: new MemoryHotStore(), objects: new MemoryObjectStore(), catalog };
  const t = new AppUnderTest(ports, { readings });
  const events = Array.from({ length: 1000 }, (_, i) => press(NOW - i));
  const { session_id } = (await t.post(body('slow', { events }))).body;
  const read = (method = 'GET') => {
    const request = new Request(`http://silhouette.test/replay/sessions/${session_id}`, {
      method,
      headers: { 'x-api-key': KEY },
    });
    return t.app.fetch(request, { address: '192.0.2.1', country: null });
  };
  return { t, read, clock };
}

it('another is refused while one is sent, and taken once it is sent or nobody wants it any more', async () => {
  const { t, read } = await prepare();
  const first = await read();
  expect(first.status).toBe(200);
  const refused = await read();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await t.app.counters.read()).toMatchObject({ reading: 1 });
  expect((await first.json()).event_count).toBe(1000);

  const second = await read();
  expect(second.status).toBe(200);
  await second.body!.cancel();
  expect((await read()).status).toBe(200);
});

it('one that has been sent for half a minute is cut off for another', async () => {
  const { read, clock } = await prepare();
  const slow = await read();
  clock.at = 30_000;
  const next = await read();
  expect((await next.json()).event_count).toBe(1000);
  await expect(slow.text()).rejects.toThrow('it was sent for too long');
});

it('a HEAD holds nothing', async () => {
  const { read } = await prepare();
  expect((await read('HEAD')).status).toBe(200);
  expect((await read()).status).toBe(200);
});
