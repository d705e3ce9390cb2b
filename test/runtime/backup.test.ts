// `backup` and `restore` as processes: what was acknowledged before is in it, what was erased since does not come back, and no half one is taken.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { makeBackup } from '../../src/node/backup.ts';
import { restoreBackup } from '../../src/node/restore.ts';
import { openStores, UNFINISHED_RESTORE } from '../../src/node/stores.ts';
import { readSession } from '../../src/server/read-session.ts';
import { sealIdle } from '../../src/server/seal.ts';
import { arrival, batch, NOW } from '../fixtures/batches.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { filesBelow, type RunningServer, silhouette, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

const NO_WRITER = { note: () => undefined, flush: async () => undefined, alone: <T>(work: () => Promise<T>) => work() };
const REST = ['sessions', 'hot.db', 'hot.db-wal', 'catalog.db', 'catalog.db-wal'];

function setUp() {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  return { data: path('data'), backup: path('backup'), other: path('other'), path };
}

async function read(server: RunningServer, id: string): Promise<string[]> {
  const { events } = await (await server.get(`/replay/sessions/${id}`)).json();
  return events.map(({ event_id }: { event_id: string }) => event_id);
}

it('a backup under load holds every batch that was acknowledged before it began, each once, and lists what it holds', async () => {
  const { data, backup, other } = setUp();
  const settings = { RATE_LIMITS: 'off', SEAL_AFTER_SECONDS: '1' };
  let server = await startServer(data, settings);
  const visitors: Visitor[] = [];
  let stopped = false;
  // Some pause, and are sealed while the backup is made; others go on.
  const visit = async (one: Visitor) => {
    visitors.push(one);
    for (let i = 0; i < 40 && !stopped; i++) await one.send();
  };
  const load = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (!stopped) await visit(new Visitor(() => server.origin));
    }),
  );
  await vi.waitFor(() => expect(filesBelow(join(data, 'sessions')).length).toBeGreaterThan(20), { timeout: 60_000 });
  const before = new Map(visitors.map((one) => [one, one.acknowledgedEvents()]));
  expect(await silhouette(data, ['backup', backup])).toMatchObject({ code: 0, stderr: '' });
  stopped = true;
  await load;
  const sent = new Map(visitors.map((one) => [one.session_id, new Set(one.acknowledgedEvents())]));
  await server.stop('SIGKILL');

  const restored = await silhouette(other, ['restore', backup]);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  server = await startServer(other);
  let running = 0;
  for (const [visitor, acknowledged] of before) {
    const ids = await read(server, visitor.session_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(acknowledged));
    expect(ids.every((id) => sent.get(visitor.session_id)!.has(id))).toBe(true);
  }
  let cursor = '';
  do {
    const { sessions, next_cursor } = await (await server.get(`/replay/sessions?limit=100${cursor}`)).json();
    for (const { session_id, event_count, status } of sessions) {
      expect(await read(server, session_id)).toHaveLength(event_count);
      if (status === 'live') running++;
    }
    cursor = next_cursor ? `&cursor=${next_cursor}` : '';
  } while (cursor);
  expect(running).toBeGreaterThan(0);
});

it('what was erased and revoked since a backup stays so once it is restored over what is left', async () => {
  const { data, backup } = setUp();
  let server = await startServer(data, { SEAL_AFTER_SECONDS: '1' });
  const visitor = (name: string) => new Visitor(() => server.origin, name);
  const [keptSealed, erasedSealed] = [visitor('kept-sealed'), visitor('canary-sealed')];
  for (const one of [keptSealed, erasedSealed]) await one.send();
  await vi.waitFor(() => expect(filesBelow(join(data, 'sessions'))).toHaveLength(2), { timeout: 60_000 });
  await server.stop();
  server = await startServer(data);
  const [keptRunning, erasedRunning] = [visitor('kept-running'), visitor('canary-running')];
  for (const one of [keptRunning, erasedRunning]) await one.send();
  const key = (await silhouette(data, ['keys', 'create', 'ci'])).stdout.trim();
  expect((await silhouette(data, ['backup', backup])).code).toBe(0);

  for (const { visitor_id } of [erasedSealed, erasedRunning])
    expect((await silhouette(data, ['erase', '--visitor', visitor_id])).code).toBe(0);
  expect((await silhouette(data, ['keys', 'revoke', 'ci'])).code).toBe(0);
  const acts = (await silhouette(data, ['audit'])).stdout.trim().split('\n');
  expect(acts.map((line) => JSON.parse(line).act)).toEqual(['create_key', 'backup', 'erase', 'erase', 'revoke_key']);
  await server.stop();
  const refused = await silhouette(data, ['restore', backup]);
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toContain('holds sessions already');
  for (const name of REST) rmSync(join(data, name), { recursive: true, force: true });
  const restored = await silhouette(data, ['restore', backup]);
  expect([restored.code, restored.stderr, /: (\d+) sessions$/m.exec(restored.stdout)?.[1]]).toEqual([0, '', '2']);
  expect(filesBelow(data).filter((path) => readFileSync(path).includes('canary-'))).toEqual([]);

  server = await startServer(data);
  const { sessions } = await (await server.get('/replay/sessions')).json();
  const visitors = sessions.map(({ visitor_id }: { visitor_id: string }) => visitor_id);
  expect(visitors.sort()).toEqual(['kept-running', 'kept-sealed']);
  for (const one of [erasedSealed, erasedRunning]) expect((await one.send()).status).toBe(410);
  expect((await fetch(`${server.origin}/replay/sessions`, { headers: { 'x-api-key': key } })).status).toBe(401);
});

it('a backup that is damaged, cut off or not one changes nothing; one is never written over', async () => {
  const { data, backup, other, path } = setUp();
  const { server, visitor } = await recorded(data);
  expect((await silhouette(data, ['restore', backup])).stderr).toContain('in use by another Silhouette');
  expect((await silhouette(data, ['backup', backup])).code).toBe(0);
  expect((await silhouette(data, ['backup', backup])).stderr).toContain('is there already');
  mkdirSync(path('cut.unfinished'));
  expect((await silhouette(data, ['backup', path('cut')])).stderr).toContain('remove it');
  const failing = makeBackup(data, path('failing'), () => Promise.reject(new Error('no snapshot')));
  await expect(failing).rejects.toThrow('no snapshot');
  expect(readdirSync(join(data, '..')).sort()).toEqual(['backup', 'cut.unfinished', 'data']);
  await server.stop();
  const damages: [string, (copy: string) => void][] = [
    ['is damaged', (copy) => flip(join(copy, 'hot.db'), 9000)],
    ['is damaged', (copy) => flip(join(copy, 'manifest.ndjson'), 40)],
    ['is damaged', (copy) => truncateSync(join(copy, 'manifest.ndjson'), 250)],
    ['is missing', (copy) => rmSync(join(copy, 'kept.ndjson'))],
    ['is no backup', (copy) => rmSync(join(copy, 'manifest.ndjson'))],
    ['is damaged', leadOut],
  ];
  for (const [sentence, damage] of damages) {
    const copy = path('copy');
    cpSync(backup, copy, { recursive: true });
    damage(copy);
    const { code, stdout, stderr } = await silhouette(other, ['restore', copy]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(sentence);
    expect(() => filesBelow(other)).toThrow();
    rmSync(copy, { recursive: true });
  }
  // What a restore has begun nobody uses, and another one does it anew.
  mkdirSync(join(other, 'sessions'), { recursive: true });
  for (const name of ['sessions/half', 'hot.db', UNFINISHED_RESTORE]) writeFileSync(join(other, name), '');
  await expect(startServer(other)).rejects.toThrow('run it again');
  expect(await silhouette(other, ['restore', backup])).toMatchObject({ code: 0, stderr: '' });
  expect(filesBelow(other)).not.toContain(join(other, 'sessions/half'));
  const ids = await read(await startServer(other), visitor.session_id);
  expect(ids.sort()).toEqual(visitor.acknowledgedEvents());
});

it('takes along what the catalog kept for the hot store, and counts once what was sealed meanwhile', async () => {
  const { data, backup, other } = setUp();
  const stores = await openStores(data);
  onTestFinished(() => stores.close());
  const { hot, catalog } = stores.ports;
  await hot.append(batch({ seq: 0 }), arrival('sealed'), { kind: 'new' });
  await hot.append(batch({ seq: 0 }), arrival('grows'), { kind: 'new' });
  await catalog.keep({ batch: batch({ seq: 0 }), arrival: arrival('kept'), accepted: 2, rejected: 0 });
  await makeBackup(data, backup, async (folder) => {
    await stores.snapshot(folder);
    for (const seq of [1, 2]) await hot.append(batch({ seq }), arrival('grows'));
    await sealIdle(stores.ports, NO_WRITER, NOW + 1);
  });
  await restoreBackup(other, backup);
  const restored = await openStores(other);
  onTestFinished(() => restored.close());
  const counts = { sealed: 2, grows: 6, kept: 2 };
  for (const [id, count] of Object.entries(counts)) {
    expect([id, (await readSession(restored.ports, id))?.events.count]).toEqual([id, count]);
    expect([id, (await restored.ports.catalog.find(id))?.event_count]).toEqual([id, count]);
  }
  expect(await restored.ports.hot.idle(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  expect(await restored.ports.catalog.keptSessions(10)).toEqual(['kept']);
});

async function recorded(data: string) {
  const server = await startServer(data);
  const visitor = new Visitor(() => server.origin);
  for (let i = 0; i < 3; i++) await visitor.send();
  return { server, visitor };
}

/** Changes one byte. */
function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

/** Lets a line name a file outside, in a list that is whole otherwise. */
function leadOut(copy: string): void {
  const path = join(copy, 'manifest.ndjson');
  const lines = readFileSync(path, 'utf8').replace('"kept.ndjson"', '"sessions/../../outside"').split('\n');
  const listed = lines.slice(0, -2).map((line) => `${line}\n`);
  const end = JSON.parse(lines.at(-2)!);
  const sha256 = createHash('sha256').update(listed.join('')).digest('hex');
  writeFileSync(path, `${listed.join('')}${JSON.stringify({ ...end, sha256 })}\n`);
  writeFileSync(join(copy, '../outside'), '');
}
