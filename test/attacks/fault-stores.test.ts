// Stores that cannot read, whose answers break off, that are away for an hour, and a clock that leaps: what the app does then, on the real stores of Node.
import { expect, it } from 'vitest';
import { MachineClock } from '../../src/node/machine-clock.ts';
import { startSchedule } from '../../src/node/schedule.ts';
import { repeatErasures, retain } from '../../src/server/erase.ts';
import { StoreUnavailable } from '../../src/server/ports.ts';
import { reindex } from '../../src/server/reindex.ts';
import { sealIdle } from '../../src/server/seal.ts';
import { AppUnderTest, body, press } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';
import { over } from '../fixtures/breakable.ts';
import { patchFiles, systemError } from './patched-files.ts';
import { startStores } from './stores-of-node.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const idsOf = (read: { body: { events: { event_id: string }[] } }) => read.body.events.map(({ event_id }) => event_id);

it('an object that the disk cannot read is a gap; others, and the rest of its session, are whole', async () => {
  const { t } = await startStores();
  const id = await t.record('one');
  await t.seal();
  await t.record('one', { seq: 1, events: [press(NOW - 100)] });
  await t.seal();
  const other = await t.record('other');
  await t.seal();
  const whole = await t.get(`/replay/sessions/${other}`);
  for (const code of ['EIO', 'EBADMSG']) {
    patchFiles({
      read: async (path, read) => {
        if (path.includes(`${id}/events/000001`)) throw systemError(code);
        return read();
      },
    });
    const read = await t.get(`/replay/sessions/${id}`);
    const rest = code === 'EIO' ? ['page.1.0'] : ['page.1.0', 'page.2.0'];
    expect([read.status, idsOf(read)]).toEqual([200, rest]);
    expect(read.body.gaps).toEqual([{ from: NOW - 900, to: NOW - 500, reason: 'damaged' }]);
    expect((await t.get(`/replay/sessions/${other}`)).body).toEqual(whole.body);
    expect((await t.get('/replay/sessions')).body.total).toBe(2);
    // It goes on, and what it had is known where it can be read.
    expect((await t.post(body('one', { seq: code === 'EIO' ? 2 : 3, events: [press(NOW - 50)] }))).status).toBe(202);
    await t.seal();
  }
});

it('an object of the log of erasures that cannot be read holds up nothing: what is expired goes, and the index is rebuilt', async () => {
  const { t } = await startStores();
  const [erased, also, kept] = [await t.record('erased'), await t.record('also'), await t.record('kept')];
  await t.seal();
  for (const id of [erased, also]) {
    t.clock.at += 1000;
    expect((await t.delete(`/replay/sessions/${id}`)).status).toBe(200);
  }
  let failed = 0;
  patchFiles({
    read: async (path, read) => {
      if (!path.includes(`/erasures/${NOW + 1000}-`)) return read();
      failed++;
      throw systemError('EIO');
    },
  });
  await repeatErasures(t.app, 0);
  expect(failed).toBe(1);
  await reindex(t.app.ports, t.app.writer);
  expect(failed).toBeGreaterThan(1);
  const { sessions } = (await t.get('/replay/sessions')).body;
  expect(sessions.map(({ session_id }: { session_id: string }) => session_id)).toEqual([kept]);
  expect((await t.post(body('also', { seq: 1 }))).status).toBe(410);
  const said: string[] = [];
  const options = { sealAfterMs: DAY, checkpoint: () => undefined, onError: (what: string) => said.push(what) };
  t.clock.at += 31 * DAY;
  await startSchedule(t.app, options).stop();
  while (await retain(t.app));
  expect([said, await t.app.ports.catalog.find(kept)]).toEqual([[], null]);
});

it('one session for which the disk has no place holds up the sealing of no other', async () => {
  const { t, stores } = await startStores();
  const ids: string[] = [];
  for (let i = 0; i < 30; i++) ids.push(await t.record(`s${i}`));
  const failing = ids.slice(0, 12);
  const putIfAbsent = (key: string, bytes: Uint8Array) =>
    failing.some((id) => key.includes(id))
      ? Promise.reject(new StoreUnavailable('objects'))
      : stores.objects.putIfAbsent(key, bytes);
  const ports = { ...t.app.ports, objects: over(stores.objects, { putIfAbsent }) };
  for (let time = 0; time < 2; time++) await expect(sealIdle(ports, t.app.writer, NOW + 1)).rejects.toThrow('objects');
  const live = async () => {
    const { sessions } = (await t.get('/replay/sessions?limit=100')).body;
    return sessions.flatMap((one: { session_id: string; status: string }) =>
      one.status === 'live' ? [one.session_id] : [],
    );
  };
  expect((await live()).sort()).toEqual([...failing].sort());
  for (const id of ids) expect(idsOf(await t.get(`/replay/sessions/${id}`))).toHaveLength(2);
  await t.seal();
  expect(await live()).toEqual([]);
});

it('a disk that refuses to read at all is no gap: nothing is said to be damaged that is not', async () => {
  const { t } = await startStores();
  const id = await t.record('one');
  await t.seal();
  for (const code of ['EACCES', 'EMFILE', 'ENFILE', 'ESTALE']) {
    patchFiles({ read: () => Promise.reject(systemError(code)) });
    const read = await t.get(`/replay/sessions/${id}`);
    expect([code, read.status, read.headers.get('retry-after')]).toEqual([code, 503, '5']);
  }
});

it('a body that breaks off is read once more, and is a gap where it does so again', async () => {
  const { t, stores } = await startStores();
  const id = await t.record('one');
  await t.record('one', { seq: 1, events: [press(NOW - 100)] });
  await t.seal();
  const whole = await t.get(`/replay/sessions/${id}`);
  const breaking = (times: number) => {
    let left = times;
    const get = async (key: string) => {
      const bytes = await stores.objects.get(key);
      return key.startsWith('sessions/') && left-- > 0 ? bytes!.subarray(0, bytes!.length >> 1) : bytes;
    };
    return new AppUnderTest({ ...stores, objects: over(stores.objects, { get }) });
  };
  expect((await breaking(1).get(`/replay/sessions/${id}`)).body).toEqual(whole.body);
  const broken = await breaking(2).get(`/replay/sessions/${id}`);
  expect([broken.status, broken.body.events]).toEqual([200, []]);
  expect(broken.body.gaps).toEqual([{ from: NOW - 900, to: NOW - 100, reason: 'damaged' }]);
});

it('objects that are away for 70 minutes cost nothing: batches go on, and are sealed when they are back', async () => {
  const { t, breakStore } = await startStores();
  const sealed = await t.record('sealed');
  await t.seal();
  breakStore('objects', false, ['putIfAbsent', 'get', 'delete']);
  const ids: string[] = [];
  for (let minute = 0; minute < 70; minute += 5) {
    t.clock.at = NOW + minute * MINUTE;
    const sent_at = t.clock.at;
    const key = `${(sent_at - 1000).toString(36)}-away-${String(minute).padStart(20, '0')}`;
    ids.push(await t.record('', { session_key: key, sent_at, events: [press(sent_at - 500), press(sent_at - 400)] }));
    await expect(t.seal()).rejects.toThrow('objects');
  }
  expect((await t.get(`/replay/sessions/${sealed}`)).status).toBe(503);
  for (const id of ids) expect(idsOf(await t.get(`/replay/sessions/${id}`))).toHaveLength(2);
  breakStore('objects', null);
  for (let step = 0; (await t.seal()) > 0; step++) expect(step).toBeLessThan(20);
  for (const id of [sealed, ...ids]) {
    const read = await t.get(`/replay/sessions/${id}`);
    expect([idsOf(read).length, read.body.gaps, read.body.session.status]).toEqual([2, [], 'ended']);
  }
});

it('a catalog that was away and came back says what one says that is made anew', async () => {
  const { t, breakStore } = await startStores();
  await t.record('runs');
  await t.record('ends');
  breakStore('catalog', false);
  for (const name of ['runs', 'ends'])
    expect((await t.post(body(name, { seq: 1, events: [press(NOW - 50, 'A#seen-meanwhile')] }))).status).toBe(202);
  const list = await t.get('/replay/sessions');
  expect([list.status, Number(list.headers.get('retry-after')) > 0]).toEqual([503, true]);
  await t.seal().catch(() => undefined);
  breakStore('catalog', null);
  await t.seal();
  await t.record('runs', { seq: 2, events: [press(NOW - 20)] });
  await t.app.writer.flush();
  const after = (await t.get('/replay/sessions')).body;
  const found = (await t.get('/replay/sessions?q=seen-meanwhile')).body;
  expect([after.total, found.total]).toEqual([2, 2]);
  await reindex(t.app.ports, t.app.writer);
  expect((await t.get('/replay/sessions')).body).toEqual(after);
  expect((await t.get('/replay/sessions?q=seen-meanwhile')).body).toEqual(found);
});

it('two that remove what is expired at once leave what one would', async () => {
  const keysOf = async ({ stores }: Awaited<ReturnType<typeof startStores>>) => {
    const keys: string[] = [];
    for await (const key of stores.objects.list('sessions/')) keys.push(key);
    return keys;
  };
  const results = [];
  for (const instances of [1, 2]) {
    const site = await startStores();
    const { t, stores } = site;
    for (let i = 0; i < 30; i++) await t.record(`old-${i}`);
    await t.seal();
    await t.record('old-running');
    t.clock.at = NOW + 31 * DAY;
    const sent_at = t.clock.at;
    const more = { sent_at, session_key: `${sent_at.toString(36)}-young-0000000000000000`, events: [press(sent_at)] };
    const young = await t.record('', more);
    const apps = Array.from({ length: instances }, () => {
      const one = new AppUnderTest(stores, { sessionsAtOnce: 3 });
      one.clock.at = t.clock.at;
      return one.app;
    });
    const run = async (app: AppUnderTest['app']) => {
      for (let step = 0; await retain(app); step++) expect(step).toBeLessThan(50);
    };
    await Promise.all(apps.map(run));
    const { sessions, total } = (await t.get('/replay/sessions')).body;
    expect([total, sessions[0].session_id]).toEqual([1, young]);
    results.push([await keysOf(site), total, idsOf(await t.get(`/replay/sessions/${young}`)).length]);
  }
  expect(results[1]).toEqual(results[0]);
});

it('a clock that leaps ahead by ten years for a minute removes nothing for its age, and says so once', async () => {
  const { t, stores } = await startStores();
  let elapsed = 0;
  const machine = new MachineClock(
    () => t.clock.at,
    () => elapsed,
  );
  Object.assign(t.clock, { isSteady: () => machine.isSteady() });
  const ids: string[] = [];
  for (let i = 0; i < 30; i++) ids.push(await t.record(`s${i}`));
  await t.seal();
  ids.push(await t.record('running'));
  const said: string[] = [];
  const runOnce = async () => {
    said.length = 0;
    const options = {
      sealAfterMs: 365 * DAY * 20,
      checkpoint: () => undefined,
      onError: (what: string) => said.push(what),
    };
    await startSchedule(t.app, options).stop();
    while (await retain(t.app)) expect(said).toEqual([]);
  };
  const auditLines = async () => {
    await t.app.audit.flush();
    const keys: string[] = [];
    for await (const key of stores.objects.list('audit/')) keys.push(key);
    return keys.length;
  };
  const read = async () => Promise.all(ids.map(async (id) => (await t.get(`/replay/sessions/${id}`)).status));
  expect(new Set(await read())).toEqual(new Set([200]));
  const lines = await auditLines();
  expect(lines).toBeGreaterThan(0);

  t.clock.at += 3650 * DAY;
  for (let second = 0; second < 60; second += 20) {
    elapsed += 20_000;
    t.clock.at += 20_000;
    await runOnce();
    expect(said).toEqual([expect.stringContaining('the clock has leapt')]);
    t.app.audit.note({ key: 'owner', act: 'read', session_id: ids[0]! });
    expect(await auditLines()).toBeGreaterThanOrEqual(lines);
  }
  t.clock.at -= 3650 * DAY;
  await runOnce();
  expect(said).toEqual([]);
  expect(new Set(await read())).toEqual(new Set([200]));

  // Time that really goes by, in which it is removed as ever; a machine that slept is believed an hour later.
  t.clock.at += 31 * DAY;
  await runOnce();
  expect(said).toHaveLength(1);
  expect(await t.app.ports.catalog.findMany(ids)).toHaveProperty('size', ids.length);
  t.clock.at += 61 * MINUTE;
  elapsed += 61 * MINUTE;
  await runOnce();
  expect([said, (await t.app.ports.catalog.findMany(ids)).size]).toEqual([[], 0]);
});
