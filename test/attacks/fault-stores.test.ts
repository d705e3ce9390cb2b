// Faults below the real stores of Node, SQLite and a folder: a disk that is full at any byte, that loses what was not synced, that cannot read, answers that break off, stores that are away for an hour.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished, vi } from 'vitest';
import { FolderObjectStore } from '../../src/node/folder.ts';
import { MachineClock } from '../../src/node/machine-clock.ts';
import { startSchedule } from '../../src/node/schedule.ts';
import { SqliteHotStore } from '../../src/node/sqlite-hot-store.ts';
import { openStores } from '../../src/node/stores.ts';
import { retain } from '../../src/server/erase.ts';
import { StoreUnavailable } from '../../src/server/ports.ts';
import { reindex } from '../../src/server/reindex.ts';
import { AppUnderTest, body, press } from '../fixtures/app-under-test.ts';
import { arrival, batch, NOW } from '../fixtures/batches.ts';
import { breakable, over } from '../fixtures/breakable.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { filesBelow } from '../fixtures/server.ts';
import { patchFiles, systemError } from './patched-files.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const { exec: realExec } = DatabaseSync.prototype;
const KEY = 'sessions/2026/01/02/a/events/1.ndjson.gz';

async function start() {
  const opened = await openStores(temporaryFolder());
  onTestFinished(() => opened.close());
  const { stores, breakStore } = breakable(opened.ports);
  const t = new AppUnderTest(stores, { rateLimits: false });
  // As at every start: the index is complete from then on.
  await reindex(t.app.ports, t.app.writer);
  return { breakStore, stores, t };
}

const idsOf = (read: { body: { events: { event_id: string }[] } }) => read.body.events.map(({ event_id }) => event_id);

it('an object for which there is no room after any of its bytes is not there, and is once there is room', async () => {
  const root = temporaryFolder();
  const store = await FolderObjectStore.open(root);
  let room = 0;
  patchFiles({
    write: async (data, write) => {
      await write(data.subarray(0, room));
      if (data.length > room) throw systemError('ENOSPC');
    },
  });
  const bytes = new TextEncoder().encode('an object, whole or not there at all');
  for (; room < bytes.length; room++) {
    const failure = await store.putIfAbsent(KEY, bytes).catch((error: unknown) => error);
    expect([room, failure]).toEqual([room, expect.objectContaining({ name: 'StoreUnavailable', full: true })]);
    expect([await store.get(KEY), filesBelow(root)]).toEqual([null, []]);
  }
  expect(await store.putIfAbsent(KEY, bytes)).toBe(true);
  expect(await store.get(KEY)).toEqual(Buffer.from(bytes));
});

it('a batch for which the hot store has no room after any of its pages is not there, and all before it is', async () => {
  const opened: DatabaseSync[] = [];
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
    if (!opened.includes(this)) opened.push(this);
    return realExec.call(this, sql);
  });
  onTestFinished(() => void exec.mockRestore());
  const hot = new SqliteHotStore(join(temporaryFolder(), 'hot.db'));
  onTestFinished(() => hot.close());
  const [database] = opened as [DatabaseSync];
  const pages = () => Number(database.prepare('PRAGMA page_count').get()!.page_count);
  const large = (seq: number) =>
    batch({ seq, events: Array.from({ length: 400 }, (_, i) => ({ ...batch().events[0]!, timestamp: NOW - i })) });
  await hot.append(large(0), arrival('s'), { kind: 'new' });
  const before = await hot.tail('s');
  const least = pages();
  let refused = 0;
  for (let most = least; ; most++) {
    database.exec(`PRAGMA max_page_count = ${most}`);
    const answer = await hot.append(large(1), arrival('s')).catch((error: unknown) => error);
    if (!(answer instanceof StoreUnavailable)) break;
    refused++;
    expect([most, answer.full, await hot.tail('s')]).toEqual([most, true, before]);
  }
  expect(refused).toBeGreaterThan(3);
  database.exec('PRAGMA max_page_count = 1000000');
  expect((await hot.tail('s'))?.batches.map(({ seq }) => seq)).toEqual([0, 1]);
  await hot.append(large(2), arrival('s'));
  expect((await hot.tail('s'))?.batches).toHaveLength(3);
});

it('more than may wait for a slow disk is refused at once, and all else is written', async () => {
  const hot = new SqliteHotStore(join(temporaryFolder(), 'hot.db'));
  onTestFinished(() => hot.close());
  const waiting = 10_000;
  const offered = Array.from({ length: waiting + 50 }, (_, seq) =>
    hot.append(batch({ seq }), arrival('s'), { kind: 'new' }).then(
      ({ kind }) => kind,
      (error) => error.name,
    ),
  );
  const answers = await Promise.all(offered);
  expect(answers.slice(0, waiting).every((kind) => kind === 'stored')).toBe(true);
  expect(answers.slice(waiting)).toEqual(Array(50).fill('StoreUnavailable'));
  expect((await hot.tail('s'))?.batches).toHaveLength(waiting);
  expect(await hot.append(batch({ seq: waiting }), arrival('s'))).toMatchObject({ kind: 'stored' });
});

it('a power cut at any moment leaves an object whole or not there, and whole once it was promised', async () => {
  const root = temporaryFolder();
  const store = await FolderObjectStore.open(root);
  /** Of what outlives a cut: bytes of files by their inode, and names. */
  const written = new Map<number, Buffer>();
  const names = new Map<string, number>();
  const known = (path: string) => path === root || names.has(path);
  /** What a reader finds after a cut now: bytes; null: nothing of that name. */
  const afterCut = (path: string): Buffer | null => {
    const above = path
      .slice(root.length + 1)
      .split('/')
      .map((_, i, all) => join(root, ...all.slice(0, i + 1)));
    return above.every(known) ? (written.get(names.get(path)!) ?? Buffer.alloc(0)) : null;
  };
  const path = join(root, KEY);
  const bytes = Buffer.from('an object that was promised');
  const moments: (Buffer | null)[] = [];
  patchFiles({
    synced(at, isFolder) {
      if (!isFolder) written.set(statSync(at).ino, readFileSync(at));
      else for (const name of readdirSync(at)) names.set(join(at, name), statSync(join(at, name)).ino);
      moments.push(afterCut(path));
    },
    async link(_, __, link) {
      await link();
      moments.push(afterCut(path));
    },
  });
  expect(await store.putIfAbsent(KEY, bytes)).toBe(true);
  expect(afterCut(path)).toEqual(bytes);
  expect(moments.length).toBeGreaterThan(6);
  for (const moment of moments) expect([null, bytes]).toContainEqual(moment);
  // One that finds it there does not promise it either before its name is durable.
  names.clear();
  expect(await store.putIfAbsent(KEY, Buffer.from('another'))).toBe(false);
  expect(afterCut(path)).toEqual(bytes);
});

it('what is acknowledged is synced before, in both databases where it may not be made again', async () => {
  const opened = new Map<string, DatabaseSync>();
  const commits: string[] = [];
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
    const name = this.location()!.split('/').at(-1)!;
    opened.set(name, this);
    const { synchronous } = this.prepare('PRAGMA synchronous').get() as { synchronous: number };
    if (sql === 'COMMIT') commits.push(`${name} ${synchronous}`);
    return realExec.call(this, sql);
  });
  onTestFinished(() => void exec.mockRestore());
  const { t, breakStore } = await start();
  expect(opened.get('hot.db')!.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  commits.length = 0;
  await t.record('one');
  expect(commits).toContain('hot.db 2');
  expect(commits).not.toContain('hot.db 1');
  breakStore('hot', false, ['append']);
  const kept = exec.mock.calls.length;
  await t.record('two');
  const said = exec.mock.calls.slice(kept).map(([sql]) => sql);
  expect(said[0]).toBe('PRAGMA synchronous = FULL');
});

it('an object that the disk cannot read is a gap; others, and the rest of its session, are whole', async () => {
  const { t } = await start();
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

it('a disk that refuses to read at all is no gap: nothing is said to be damaged that is not', async () => {
  const { t } = await start();
  const id = await t.record('one');
  await t.seal();
  for (const code of ['EACCES', 'EMFILE', 'ENFILE', 'ESTALE']) {
    patchFiles({ read: () => Promise.reject(systemError(code)) });
    const read = await t.get(`/replay/sessions/${id}`);
    expect([code, read.status, read.headers.get('retry-after')]).toEqual([code, 503, '5']);
  }
});

it('a body that breaks off is read once more, and is a gap where it does so again', async () => {
  const { t, stores } = await start();
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
  const { t, breakStore } = await start();
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
  const { t, breakStore } = await start();
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
  const keysOf = async ({ stores }: Awaited<ReturnType<typeof start>>) => {
    const keys: string[] = [];
    for await (const key of stores.objects.list('sessions/')) keys.push(key);
    return keys;
  };
  const results = [];
  for (const instances of [1, 2]) {
    const site = await start();
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
  const { t, stores } = await start();
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
