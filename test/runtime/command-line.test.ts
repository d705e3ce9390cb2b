// The command line tool as a process, with a server on the same data directory and without: the same words both ways.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { environment, filesBelow, ROOT, silhouette, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

const START = Date.UTC(2025, 2, 9, 12);

/** An exported session of `count` clicks. */
function session(id: string, count: number, more = {}): string {
  const header = {
    kind: 'session',
    session_id: id,
    visitor_id: `of-${id}`,
    page: 'https://shop.example/',
    started_at: START,
    ...more,
  };
  const events = Array.from({ length: count }, (_, i) => ({
    event_id: `e${i}`,
    event_type: 'click',
    x: i,
    y: i,
    element: 'A',
    page: 'https://shop.example/',
    timestamp: START + 1000 * (i + 1),
  }));
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

describe.each(['without a server', 'with a server'])('the command line tool, %s', (how) => {
  async function setUp() {
    const folder = temporaryFolder();
    const dataDir = join(folder, 'data');
    const server = how === 'with a server' ? await startServer(dataDir) : null;
    const file = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    return { dataDir, server, file, run: (...args: string[]) => silhouette(dataDir, args) };
  }

  it('imports files, gzipped or not, and twice changes nothing', async () => {
    const { dataDir, file, run } = await setUp();
    const files = [
      file('one.ndjson', session('one', 3)),
      file('two.ndjson.gz', gzipSync(session('two', 4) + session('three', 5))),
    ];
    expect(await run('import', ...files)).toEqual({ code: 0, stdout: 'imported 3 sessions, 12 events\n', stderr: '' });
    const objects = filesBelow(join(dataDir, 'sessions'));
    const again = await run('import', ...files);
    expect(again).toEqual({
      code: 0,
      stdout: 'imported 0 sessions, 0 events; 3 sessions were here already\n',
      stderr: '',
    });
    expect(filesBelow(join(dataDir, 'sessions'))).toEqual(objects);
  });

  it('names file and line of what it cannot take, and goes on', async () => {
    const { file, run } = await setUp();
    const good = session('good', 2);
    const bad = file('bad.ndjson', `nonsense\n${good}{"event_type":"teleport"}\n\n{"half":`);
    const { code, stdout, stderr } = await run(
      'import',
      bad,
      join(bad, 'absent'),
      file('more.ndjson', session('more', 1)),
    );
    expect(code).toBe(1);
    expect(stdout).toBe('imported 2 sessions, 3 events; 3 lines could not be taken\n');
    const lines = stderr.trim().split('\n');
    expect(lines.slice(0, 3).map((line) => line.slice(0, `${bad}:0`.length))).toEqual([
      `${bad}:1`,
      `${bad}:5`,
      `${bad}:7`,
    ]);
    expect(lines[3]).toContain(join(bad, 'absent'));
    expect(lines).toHaveLength(4);
  });

  it('fails where it can take nothing, with how many lines were refused and why the first was', async () => {
    const { file, run } = await setUp();
    const bad = file('bad.ndjson', 'nonsense\n{"event_type":"teleport"}\n');
    const none = await run('import', bad);
    expect([none.code, none.stdout]).toEqual([1, 'imported 0 sessions, 0 events; 2 lines could not be taken\n']);
    expect(none.stderr.trim().split('\n').slice(2)).toEqual([
      `nothing could be taken; the first of 2 refused lines is ${bad}:1: line must be JSON`,
    ]);
    const torn = file('torn.ndjson.gz', gzipSync(session('torn', 1)).subarray(0, 12));
    expect([(await run('import', torn)).code, (await run('import', file('empty.ndjson', ''))).code]).toEqual([1, 0]);
    const again = file('again.ndjson', `${session('one', 1)}nonsense\n`);
    expect([(await run('import', again)).code, (await run('import', again)).code]).toEqual([0, 0]);
  });

  it('exports what it imported, and that is imported elsewhere as the same text', async () => {
    const { file, run } = await setUp();
    await run('import', file('one.ndjson', session('one', 300)));
    const exported = await run('export', 'one');
    expect(exported.code).toBe(0);
    expect(exported.stderr).toBe('');
    expect(exported.stdout.trim().split('\n')).toHaveLength(301);
    const elsewhere = join(temporaryFolder(), 'data');
    await silhouette(elsewhere, ['import', file('exported.ndjson', exported.stdout)]);
    expect((await silhouette(elsewhere, ['export', 'one'])).stdout).toBe(exported.stdout);
  });

  it('erases, prints a receipt, and leaves nothing on the disk', async () => {
    const { dataDir, file, run } = await setUp();
    const secret = { visitor_id: 'canary-visitor', page: 'https://shop.example/' };
    await run(
      'import',
      file('a.ndjson', session('canary-a', 9, secret) + session('canary-b', 8, secret) + session('other', 7)),
    );
    const one = await run('erase', '--session', 'canary-a');
    expect(JSON.parse(one.stdout)).toEqual({
      erased: { sessions: 1, events: 9, objects: 1, rows: 1 },
      at: expect.any(Number),
    });
    const rest = await run('erase', '--visitor', 'canary-visitor');
    expect(JSON.parse(rest.stdout).erased).toMatchObject({ sessions: 1, events: 8, objects: 1 });
    expect(await run('export', 'canary-a')).toEqual({ code: 1, stdout: '', stderr: 'There is no such session.\n' });
    const holding = filesBelow(dataDir).filter((path) => readFileSync(path).includes('canary-visitor'));
    expect(holding).toEqual([]);
    expect((await run('export', 'other')).code).toBe(0);
  });

  it('erases what ended before a day', async () => {
    const { file, run } = await setUp();
    const later = session('later', 1).replace(/"timestamp":\d+/, `"timestamp":${START + 90_000_000}`);
    await run('import', file('both.ndjson', session('early', 1) + later));
    const { stdout } = await run('erase', '--before', '2025-03-10');
    expect(JSON.parse(stdout).erased.sessions).toBe(1);
    expect((await run('export', 'early')).code).toBe(1);
    expect((await run('export', 'later')).code).toBe(0);
  });

  it('rebuilds the catalog', async () => {
    const { file, run } = await setUp();
    await run('import', file('one.ndjson', session('one', 3) + session('two', 3)));
    expect(await run('reindex')).toEqual({ code: 0, stdout: 'indexed 2 sessions\n', stderr: '' });
    expect((await run('export', 'two')).code).toBe(0);
  });

  it('makes, lists and revokes keys, and a revoked one is refused at once', async () => {
    const { dataDir, server, run } = await setUp();
    const made = await run('keys', 'create', 'ci', '--expires', '2999-01-01');
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toMatch(/^sil_[0-9a-f]{12}_[0-9a-f]{54}\n$/);
    expect((await run('keys', 'create', 'ci')).stderr).toBe('There is a key of this name: revoke it first.\n');
    const ours = server ?? (await startServer(dataDir));
    const headers = { 'x-api-key': made.stdout.trim() };
    const read = async () => (await fetch(`${ours.origin}/replay/sessions`, { headers })).status;
    expect(await read()).toBe(200);
    if (!server) await ours.stop();
    const today = new Date().toISOString().slice(0, 10);
    const [listed] = (await run('keys', 'list')).stdout.trim().split('\n');
    expect(JSON.parse(listed!)).toMatchObject({ name: 'ci', scopes: ['read'], expires: '2999-01-01T00:00:00.000Z' });
    expect(JSON.parse(listed!).last_used >= today).toBe(true);
    expect(await run('keys', 'revoke', 'ci')).toEqual({ code: 0, stdout: '', stderr: '' });
    if (server) expect(await read()).toBe(401);
    expect(await run('keys', 'list')).toEqual({ code: 0, stdout: '', stderr: '' });
    const acts = (await run('audit', '--since', today)).stdout.trim().split('\n');
    expect(acts.map((line) => JSON.parse(line).act)).toEqual(['create_key', 'revoke_key']);
  });

  it('says how it is used where it makes no sense', async () => {
    const { run } = await setUp();
    for (const args of [[], ['destroy'], ['erase', '--session'], ['export', '../x']]) {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('Usage: npm run silhouette -- COMMAND');
    }
  });

  it('sees a running session as the server does', async () => {
    const { dataDir, server, run } = await setUp();
    const ours = server ?? (await startServer(dataDir));
    const visitor = new Visitor(() => ours.origin);
    await visitor.send();
    // A killed server leaves its rows; the tool must take them as they are.
    if (!server) await ours.stop('SIGKILL');
    const { stdout } = await run('export', visitor.session_id);
    expect(createHash('sha256').update(visitor.session_key).digest('hex')).toContain(visitor.session_id);
    expect(stdout.trim().split('\n')).toHaveLength(4);
    const erased = await run('erase', '--visitor', visitor.visitor_id);
    expect(JSON.parse(erased.stdout).erased).toMatchObject({ sessions: 1, events: 3, objects: 0 });
    expect(filesBelow(dataDir).filter((path) => readFileSync(path).includes(visitor.visitor_id))).toEqual([]);
    if (server) expect((await visitor.send()).status).toBe(410);
  });
});

describe('the command line tool, at a server elsewhere', () => {
  it("makes keys with the owner's key, and does with a named one what that is good for", async () => {
    const [data, here] = [join(temporaryFolder(), 'data'), temporaryFolder()];
    const server = await startServer(data);
    const visitor = new Visitor(() => server.origin);
    await visitor.send();
    const run = (key: string, ...args: string[]) =>
      silhouette(here, args, { SILHOUETTE_SERVER: server.origin, API_KEY: key });
    const reader = (await run(server.key, 'keys', 'create', 'reader')).stdout.trim();
    expect((await run(reader, 'export', visitor.session_id)).code).toBe(0);
    const erased = await run(reader, 'erase', '--session', visitor.session_id);
    expect([erased.code, erased.stdout]).toEqual([1, '']);
    expect(erased.stderr).toBe(`${server.origin} refuses: a key with the scope erase is needed for this.\n`);
    const more = await run(reader, 'keys', 'create', 'more');
    expect(more).toEqual({
      code: 1,
      stdout: '',
      stderr: `${server.origin} refuses: the owner's key is needed for this.\n`,
    });
    expect((await run(server.key, 'keys', 'revoke', 'reader')).code).toBe(0);
    expect((await run(reader, 'export', visitor.session_id)).stderr).toContain('does not take the key');
    for (const command of ['backup', 'restore'])
      expect((await run(server.key, command, join(here, 'b'))).stderr).toContain('on the machine that has the data');
    expect(filesBelow(here)).toEqual([]);
  });
});

describe('npm run silhouette', () => {
  it('takes files from where it is called, and leaves standard output to the result', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'one.ndjson'), session('one', 2));
    // npm runs a script in the package's folder and tells in INIT_CWD where it was called.
    const npm = ['--prefix', ROOT, 'run', '--silent', 'silhouette', '--'];
    const env = environment({ DATA_DIR: join(folder, 'data') });
    const run = (...args: string[]) => spawnSync('npm', [...npm, ...args], { cwd: folder, env, encoding: 'utf8' });
    expect(run('import', 'one.ndjson').stdout).toBe('imported 1 sessions, 2 events\n');
    const { stdout, status } = run('export', 'one');
    expect(status).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).event_id),
    ).toEqual([undefined, 'e0', 'e1']);
    expect(run('export', 'nobody').status).toBe(1);
  });
});
