// What the app still does while one of its stores fails or is full, on SQLite and a folder.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStores } from '../../src/node/stores.ts';
import { repeatErasures } from '../../src/server/erase.ts';
import { AppUnderTest, body } from '../fixtures/app-under-test.ts';
import { breakable } from '../fixtures/breakable.ts';
import { temporaryFolder } from '../fixtures/folders.ts';

describe('a store that fails', () => {
  it('a full catalog takes nothing and costs no batch, and what it holds can be listed', async () => {
    const { t, breakStore } = await start();
    await t.post(body('before'));
    breakStore('catalog', true, ['upsert']);
    expect((await t.post(body('after'))).status).toBe(202);
    const list = await t.get('/replay/sessions');
    expect([list.status, list.body.total]).toEqual([200, 1]);
    breakStore('catalog', null);
    expect((await t.get('/replay/sessions')).body.total).toBe(2);
  });

  it('a catalog that does not answer costs no batch of a running session, and is named by /health', async () => {
    const { t, breakStore } = await start();
    await t.post(body('one'));
    breakStore('catalog', false);
    expect((await t.post(body('one', { seq: 1 }))).status).toBe(202);
    const list = await t.get('/replay/sessions');
    expect([list.status, list.headers.get('retry-after')]).toEqual([503, '5']);
    const health = await t.get('/health');
    expect([health.status, health.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect(health.body).toMatchObject({ status: 503, detail: 'the catalog store does not answer', counters: {} });
    expect((await t.request('/health')).body).not.toHaveProperty('counters');
  });

  it('a hot store that is full acknowledges nothing', async () => {
    const { t, breakStore } = await start();
    breakStore('hot', true, ['append', 'probe']);
    const refused = await t.post(body('one'));
    expect([refused.status, refused.body.status]).toEqual([507, 507]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    breakStore('hot', null);
    expect((await t.get('/replay/sessions')).body.total).toBe(0);
    expect((await t.post(body('one'))).status).toBe(202);
  });

  it('objects that do not answer leave running sessions readable where nothing of them is sealed', async () => {
    const { t, breakStore } = await start();
    const { session_id } = (await t.post(body('one'))).body;
    breakStore('objects', false, ['putIfAbsent']);
    expect((await t.get(`/replay/sessions/${session_id}`)).body.event_count).toBe(2);
  });
});

describe('rows of the hot store that cannot be removed', () => {
  it('take no batch more, once their session is erased, and go when they can', async () => {
    const folder = temporaryFolder();
    (await openStores(folder)).close();
    const path = join(folder, 'hot.db');
    const database = new DatabaseSync(path);
    database.exec(`CREATE TRIGGER stuck BEFORE DELETE ON session BEGIN SELECT RAISE(ABORT, 'stuck'); END`);
    database.close();
    const stuck = await openStores(folder);
    const t = new AppUnderTest(stuck.ports);
    const { session_id } = (await t.post(body('one'))).body;
    expect((await t.delete(`/replay/sessions/${session_id}`)).status).toBe(200);
    expect((await t.post(body('one', { seq: 1 }))).status).toBe(410);
    expect((await t.get(`/replay/sessions/${session_id}`)).status).toBe(404);
    stuck.close();

    const again = new DatabaseSync(path);
    again.exec('DROP TRIGGER stuck');
    again.close();
    const opened = await openStores(folder);
    onTestFinished(() => opened.close());
    expect(await opened.ports.hot.tail(session_id)).not.toBeNull();
    await repeatErasures(new AppUnderTest(opened.ports).app, 0);
    expect(await opened.ports.hot.tail(session_id)).toBeNull();
  });
});

async function start() {
  const opened = await openStores(temporaryFolder());
  onTestFinished(() => opened.close());
  const { stores, breakStore } = breakable(opened.ports);
  return { t: new AppUnderTest(stores), breakStore };
}
