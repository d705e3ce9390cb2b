// The acceptance, walked on the real Workers runtime: the process of `npm run dev:cloudflare`, the command line tool and a browser, step by step on one set of data.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SessionEvent } from '../../src/format/event.ts';
import type { SessionRecord, SessionSummary } from '../../src/format/session.ts';
import { CHROMIUM, launchChromium } from '../browser/harness.ts';
import { visitAndReplay } from '../browser/visit-and-replay.ts';
import { body, longVisit } from '../fixtures/recordings.ts';
import { environment, ROOT, type RunningServer, ready, silhouette } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

type Read = { session: SessionRecord; events: SessionEvent[]; gaps: unknown[] };

const folder = mkdtempSync(join(tmpdir(), 'silhouette-cloudflare-'));
const dataDir = join(folder, 'data');
const ends: (() => Promise<void>)[] = [];
let server: RunningServer;

beforeAll(async () => {
  server = await start();
});

afterAll(async () => {
  const left = processesOf(server);
  server.process.kill('SIGTERM');
  await allGone(left);
  for (const end of ends) await end();
  rmSync(folder, { recursive: true });
});

describe('npm run dev:cloudflare', () => {
  it('greets as npm start does, with a key for its owner alone', () => {
    expect(server.output.stdout).toMatch(
      /^Silhouette is ready\.\n\n {2}Demo site .*\n {2}Viewer .*\n {2}API key {4}\S{43}\n/,
    );
    expect(statSync(join(dataDir, 'api-key')).mode & 0o777).toBe(0o600);
  });

  it('imports recorded sessions, lists, finds and reads them; twice changes nothing', async () => {
    const { files, sessions, events } = recordings();
    const imported = await cli('import', ...files);
    expect(imported).toEqual({ code: 0, stdout: `imported ${sessions} sessions, ${events} events\n`, stderr: '' });
    expect((await cli('import', files[0]!)).stdout).toMatch(/^imported 0 sessions, 0 events; \d+ sessions were here/);
    const { sessions: list, total } = await pageOf('?limit=100');
    expect([list.length, total]).toEqual([sessions, sessions]);
    const one = list[0]!;
    const found = await pageOf(`?q=${encodeURIComponent(one.session_id)}`);
    expect(found.sessions.map(({ session_id }) => session_id)).toContain(one.session_id);
    const whole = await read(one.session_id);
    expect(whole!.events).toHaveLength(one.event_count);
    expect((await cli('export', one.session_id)).stdout.trim().split('\n')).toHaveLength(one.event_count + 1);
  });

  it.skipIf(!CHROMIUM)('replays one’s own visit to the demo', async () => {
    const browser = await launchChromium();
    onTestFinished(() => browser.close());
    const { id } = await visitAndReplay(browser, server);
    await browser.close();
    await untilEnded(id);
  });

  it('seals what is idle by its alarm, and takes a late batch into a further object', async () => {
    const visitor = new Visitor(() => server.origin);
    for (let i = 0; i < 3; i++) expect((await visitor.send()).status).toBe(202);
    await untilEnded(visitor.session_id);
    expect((await visitor.sendAs(1)).status).toBe(202);
    expect((await visitor.send()).status).toBe(202);
    await untilEnded(visitor.session_id);
    const { events } = (await read(visitor.session_id))!;
    const sent = [0, 1, 2, 3].flatMap((seq) => [0, 1, 2].map((i) => `${visitor.page_id}.${seq}.${i}`));
    expect(events.map((event) => event.event_id).sort()).toEqual(sent.sort());
  });

  it('rebuilds the catalog from the objects: every answer is the same', async () => {
    const visitor = new Visitor(() => server.origin);
    await visitor.send();
    await untilEnded(visitor.session_id);
    const before = await pageOf('?limit=100');
    const reindexed = await cli('reindex');
    expect(reindexed).toEqual({ code: 0, stdout: `indexed ${before.total} sessions\n`, stderr: '' });
    expect(await pageOf('?limit=100')).toEqual(before);
  });

  it('erases with a receipt, and knows the session no more', async () => {
    const visitor = new Visitor(() => server.origin);
    await visitor.send();
    await untilEnded(visitor.session_id);
    const { code, stdout } = await cli('erase', '--visitor', visitor.visitor_id);
    expect([code, JSON.parse(stdout).erased]).toEqual([
      0,
      { sessions: 1, events: 3, objects: 1, rows: expect.any(Number) },
    ]);
    expect((await server.get(`/replay/sessions/${visitor.session_id}`)).status).toBe(404);
    expect((await visitor.send()).status).toBe(410);
    expect(await cli('export', visitor.session_id)).toMatchObject({ code: 1, stderr: 'There is no such session.\n' });
  });

  it('says what is wrong with a server or a key', async () => {
    const at = (origin: string, key: string) =>
      silhouette(dataDir, ['reindex'], { SILHOUETTE_SERVER: origin, API_KEY: key });
    expect(await at(server.origin, 'not-the-key-of-this-one')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not take the key'),
    });
    expect((await at('http://replay.example.com', server.key)).stderr).toContain('must begin with https');
    expect((await at('http://127.0.0.1:9', server.key)).stderr).toContain('cannot be reached');
    expect((await at(server.origin, '')).stderr).toContain('API_KEY must be set');
  });

  it('refuses a second one on the same data, with a sentence', async () => {
    const second = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), 'dev-cloudflare'], { env: variables() });
    let words = '';
    second.stderr.on('data', (text) => (words += text));
    await vi.waitUntil(() => second.exitCode !== null, { timeout: 60_000 });
    expect([second.exitCode, words]).toEqual([1, expect.stringContaining('is in use by another Silhouette')]);
  });

  it('ends within 10 s by SIGTERM, nothing left behind, and keeps everything over a restart', async () => {
    const visitor = new Visitor(() => server.origin);
    await visitor.send();
    const before = await pageOf('?limit=100');
    const processes = processesOf(server);
    expect(processes.length).toBeGreaterThan(2);
    server.process.kill('SIGTERM');
    await allGone(processes);
    server = await start();
    expect((await read(visitor.session_id))!.events).toHaveLength(3);
    await untilEnded(visitor.session_id);
    const { sessions, total } = await pageOf('?limit=100');
    expect(total).toBe(before.total);
    const rest = (list: SessionSummary[]) => list.filter(({ session_id }) => session_id !== visitor.session_id);
    expect(rest(sessions)).toEqual(rest(before.sessions));
  });
});

function variables(): NodeJS.ProcessEnv {
  return environment({ PORT: '0', DATA_DIR: dataDir, SEAL_AFTER_SECONDS: '2' });
}

function start(): Promise<RunningServer> {
  const child = spawn('npm', ['run', '--silent', 'dev:cloudflare'], { cwd: ROOT, env: variables() });
  return ready(child, dataDir, undefined, (end) => ends.push(end));
}

function cli(...args: string[]) {
  return silhouette(dataDir, args, { SILHOUETTE_SERVER: server.origin, API_KEY: server.key });
}

async function pageOf(query: string): Promise<{ sessions: SessionSummary[]; total: number }> {
  return (await server.get(`/replay/sessions${query}`)).json();
}

/** Null: there is no such session. */
async function read(id: string): Promise<Read | null> {
  const answer = await server.get(`/replay/sessions/${id}`);
  return answer.status === 404 ? null : answer.json();
}

async function untilEnded(id: string): Promise<void> {
  await expect.poll(async () => (await read(id))?.session.status).toBe('ended');
}

/** Real sessions recorded by others, where this machine has them, else made ones. */
function recordings(): { files: string[]; sessions: number; events: number } {
  const shared = join(process.env.SILHOUETTE_DATA ?? resolve(ROOT, '../shared/data'), 'sessions');
  if (existsSync(shared)) {
    const files = readdirSync(shared).filter((name) => name.endsWith('.ndjson.gz'));
    return { files: files.map((name) => join(shared, name)), sessions: 75, events: 13_923 };
  }
  const file = join(folder, 'made.ndjson');
  const bodies = [1, 2, 3].map((i) => body(longVisit(2000, 120_000), { session_id: `made-${i}` }));
  const lines = bodies.flatMap(({ session, events }) => [{ kind: 'session', ...session }, ...events]);
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { files: [file], sessions: 3, events: 6000 };
}

/** A process and all that it started, that started by these included. */
function processesOf({ process: { pid } }: RunningServer): number[] {
  const table = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number) as [number, number]);
  const found = [pid!];
  for (const parent of found) for (const [child, its] of rows) if (its === parent) found.push(child);
  return found;
}

async function allGone(pids: number[]): Promise<void> {
  const isThere = (pid: number) => existsSync(`/proc/${pid}/stat`);
  await vi.waitUntil(() => !pids.some(isThere), { timeout: 60_000 });
}
