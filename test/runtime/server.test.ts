// The built server as a process: what it prints, refuses, keeps and lets go of.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { environment, filesBelow, ROOT, type RunningServer, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

describe('the server', () => {
  it('prints where the viewer, the demo and the key are, and answers', async () => {
    const folder = temporaryFolder();
    const server = await startServer(folder, { DEMO: 'on' });
    expect(server.output.stdout).toContain(`${server.origin}/demo/`);
    expect(server.output.stdout).toContain(server.key);
    expect(server.key.length).toBeGreaterThanOrEqual(43);
    expect(statSync(join(folder, 'api-key')).mode & 0o777).toBe(0o600);
    expect(await (await fetch(`${server.origin}/health`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${server.origin}/demo/`)).status).toBe(200);
    expect((await fetch(`${server.origin}/tracker.js`)).status).toBe(200);
    const viewer = await fetch(`${server.origin}/replay`);
    expect(viewer.headers.get('content-security-policy')).toMatch(/script-src 'sha256-/);
  });

  it('keeps key and sessions over a restart', async () => {
    const folder = temporaryFolder();
    let server = await startServer(folder);
    const visitor = new Visitor(() => server.origin);
    for (let i = 0; i < 3; i++) expect((await visitor.send()).status).toBe(202);
    const before = await (await server.get(`/replay/sessions/${visitor.session_id}`)).json();
    const { key } = server;
    expect(await server.stop()).toBe(0);
    server = await startServer(folder);
    expect(server.key).toBe(key);
    expect(await (await server.get(`/replay/sessions/${visitor.session_id}`)).json()).toEqual(before);
    expect(before.event_count).toBe(9);
  });

  it('does not print a key that was set, and leaves none behind', async () => {
    const folder = temporaryFolder();
    const server = await startServer(folder, { API_KEY: 'a-key-of-the-owners-own' });
    expect(server.output.stdout).not.toContain('a-key-of-the-owners-own');
    expect((await server.get('/replay/sessions')).status).toBe(200);
    expect(filesBelow(folder)).not.toContain(join(folder, 'api-key'));
  });

  it('answers what is under way, loses nothing and ends within 10 s when it is told to stop under load', async () => {
    const folder = temporaryFolder();
    let server = await startServer(folder, { RATE_LIMITS: 'off' });
    let code: number | null = null;
    let took = 0;
    const visitors = await underLoad(server, async () => {
      const began = Date.now();
      code = await server.stop('SIGTERM');
      took = Date.now() - began;
    });
    expect(code).toBe(0);
    expect(took).toBeLessThan(10_000);
    server = await startServer(folder);
    await expectAllAcknowledged(server, visitors);
  });

  it('ends within 10 s though a request never comes to its end', async () => {
    const server = await startServer(temporaryFolder());
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write('POST /collect HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{');
    await once(socket, 'connect');
    expect((await fetch(`${server.origin}/health`)).status).toBe(200);
    const began = Date.now();
    expect(await server.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('refuses a data directory that another server has, with a sentence, and leaves that one alone', async () => {
    const folder = temporaryFolder();
    const first = await startServer(folder);
    const second = await failing({ DATA_DIR: folder });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/in use by another Silhouette: stop that one, or set DATA_DIR/);
    expect(second.stderr).toContain(folder);
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
    expect(await (await fetch(`${first.origin}/health`)).json()).toEqual({ status: 'ok' });
    expect((await new Visitor(() => first.origin).send()).status).toBe(202);
  });

  it.each([
    [{ API_KEY: 'short' }, /API_KEY has fewer than 16 characters/],
    [{ PORT: 'x' }, /PORT must be a whole number/],
    [{ GEOIP_DB: '/nowhere.mmdb' }, /GEOIP_DB names \/nowhere.mmdb, which cannot be read/],
    [{ HOST: '203.0.113.1' }, /cannot listen on 203.0.113.1 .* Set HOST/],
  ])('refuses to start with %j, with one sentence', async (settings, sentence) => {
    const { code, stderr } = await failing({ DATA_DIR: temporaryFolder(), ...settings });
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says so where another program has the port', async () => {
    const { origin } = await startServer(temporaryFolder());
    const { port } = new URL(origin);
    const { code, stderr } = await failing({ DATA_DIR: temporaryFolder(), PORT: port });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Silhouette cannot listen on 127.0.0.1 port ${port}: another program has it. Set PORT to another one.\n`,
    );
  });

  it('says so where the data directory cannot be one', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { code, stderr } = await failing({ DATA_DIR: file });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^DATA_DIR .*file cannot be used: .*\n$/);
  });

  it('says which file is damaged where it cannot do without it, and leaves it as it is', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'hot.db');
    writeFileSync(path, 'no database'.repeat(1000));
    const { code, stderr } = await failing({ DATA_DIR: folder });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${path} is damaged: restore it`)]);
    expect(readFileSync(path, 'utf8')).toMatch(/^no database/);
  });

  it('keeps what comes while the hot store is damaged, and /health names it', async () => {
    const folder = temporaryFolder();
    let server = await startServer(folder);
    expect((await new Visitor(() => server.origin).send()).status).toBe(202);
    await server.stop();
    server = await startServer(folder);
    const path = join(folder, 'hot.db');
    writeFileSync(path, readFileSync(path).fill(0xaa, 4096));
    const visitor = new Visitor(() => server.origin);
    expect((await visitor.send()).status).toBe(202);
    const health = await fetch(`${server.origin}/health`);
    expect([health.status, (await health.json()).detail]).toEqual([503, 'the hot store does not answer']);
    await server.stop('SIGKILL');
    for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
    server = await startServer(folder, { SEAL_AFTER_SECONDS: '1' });
    await vi.waitFor(() => expect(objectsOf(folder)).toHaveLength(1), { timeout: 60_000 });
    const read = await (await server.get(`/replay/sessions/${visitor.session_id}`)).json();
    expect(read.events.map((event: { event_id: string }) => event.event_id).sort()).toEqual(
      visitor.acknowledgedEvents().sort(),
    );
  });

  it('refuses a directory that a newer version wrote', async () => {
    const folder = temporaryFolder();
    await (await startServer(folder)).stop();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(join(folder, 'hot.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    const { code, stderr } = await failing({ DATA_DIR: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\S+hot.db was made by a newer version of Silhouette: start that one\n$/);
  });

  it('seals a session that idles into objects, which read the same', async () => {
    const folder = temporaryFolder();
    let server = await startServer(folder);
    const visitor = new Visitor(() => server.origin);
    await visitor.send();
    await visitor.send();
    const live = await (await server.get(`/replay/sessions/${visitor.session_id}`)).json();
    expect(live.session.status).toBe('live');
    await server.stop();
    server = await startServer(folder, { SEAL_AFTER_SECONDS: '1' });
    await vi.waitFor(() => expect(objectsOf(folder)).toHaveLength(1), { timeout: 60_000 });
    const ended = await vi.waitUntil(
      async () => {
        const read = await (await server.get(`/replay/sessions/${visitor.session_id}`)).json();
        return read.session.status === 'ended' && read;
      },
      { timeout: 60_000 },
    );
    expect(ended.events).toEqual(live.events);
    // A batch that comes later is a further object.
    expect((await visitor.send()).status).toBe(202);
    expect((await visitor.sendAs(0)).status).toBe(202);
    await vi.waitFor(() => expect(objectsOf(folder)).toHaveLength(2), { timeout: 60_000 });
    const { event_count } = await (await server.get(`/replay/sessions/${visitor.session_id}`)).json();
    expect(event_count).toBe(9);
  });

  it.each(['missing', 'damaged'])('answers the same though the catalog is %s', async (how) => {
    const folder = temporaryFolder();
    let server = await startServer(folder, { SEAL_AFTER_SECONDS: '1' });
    const visitors = [new Visitor(() => server.origin), new Visitor(() => server.origin)];
    for (const visitor of visitors) await visitor.send();
    await vi.waitFor(() => expect(objectsOf(folder)).toHaveLength(2), { timeout: 60_000 });
    const running = new Visitor(() => server.origin);
    await running.send();
    await server.stop();
    server = await startServer(folder);
    const before = await (await server.get('/replay/sessions')).json();
    expect(before.total).toBe(3);
    await server.stop();
    if (how === 'missing') rmSync(join(folder, 'catalog.db'));
    else writeFileSync(join(folder, 'catalog.db'), Buffer.alloc(20_000, 'damaged'));
    server = await startServer(folder);
    expect(await (await server.get('/replay/sessions')).json()).toEqual(before);
  });

  it('removes what has expired at its start', async () => {
    const folder = temporaryFolder();
    let server = await startServer(folder, { SEAL_AFTER_SECONDS: '1' });
    const visitor = new Visitor(() => server.origin);
    await visitor.send();
    await vi.waitFor(() => expect(objectsOf(folder)).toHaveLength(1), { timeout: 60_000 });
    await server.stop();
    server = await startServer(folder, { RETENTION_DAYS: '0.000001' });
    expect((await server.get(`/replay/sessions/${visitor.session_id}`)).status).toBe(404);
    await vi.waitFor(() => expect(objectsOf(folder)).toEqual([]), { timeout: 60_000 });
    await server.stop();
    expect(filesBelow(folder).filter((path) => readFileSync(path).includes(visitor.visitor_id))).toEqual([]);
  });

  it('answers what is no request, and a head that is too large, as it answers every refusal', async () => {
    const server = await startServer(temporaryFolder());
    const port = Number(new URL(server.origin).port);
    const huge = `GET / HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`;
    for (const [sent, status] of [
      ['nonsense\r\n\r\n', 400],
      [huge, 431],
      ['GET /nothing HTTP/1.0\r\n\r\n', 404],
      ['GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nhost: a b/c\r\nconnection: close\r\n\r\n', 400],
      ['OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 400],
    ] as const) {
      const socket = connect(port, '127.0.0.1');
      socket.end(sent);
      let answer = '';
      for await (const text of socket.setEncoding('utf8')) answer += text;
      expect(answer).toContain(`HTTP/1.1 ${status}`);
      expect(answer).toContain('application/problem+json');
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ type: 'about:blank', status });
    }
  });

  it('writes a line of JSON for each request, without key, query, id or address', async () => {
    const folder = temporaryFolder();
    const server = await startServer(folder);
    const visitor = new Visitor(() => server.origin, 'canary-visitor');
    await visitor.send();
    await server.get(`/replay/sessions/${visitor.session_id}`);
    await server.get('/replay/sessions?q=canary-search');
    await fetch(`${server.origin}/replay/sessions?canary=1`, { headers: { authorization: 'Bearer canary-wrong-key' } });
    await server.stop();
    const lines = server.output.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const requests = lines.filter((line) => line.route);
    expect(requests.map(({ method, route, status }) => `${method} ${route} ${status}`)).toEqual([
      'POST /collect 202',
      'GET /replay/sessions/:id 200',
      'GET /replay/sessions 200',
      expect.stringMatching(/GET \/replay\/sessions.* 401/),
    ]);
    for (const secret of ['canary', server.key, visitor.session_id, visitor.session_key, '127.0.0.1']) {
      expect(server.output.stderr).not.toContain(secret);
    }
  });
});

const objectsOf = (folder: string) => filesBelow(folder).filter((path) => path.endsWith('.ndjson.gz'));

/** Visitors post as fast as they are answered until `interrupt` has ended the server, which comes at the 200th answer. */
async function underLoad(server: RunningServer, interrupt: () => Promise<unknown>): Promise<Visitor[]> {
  const visitors = Array.from({ length: 16 }, () => new Visitor(() => server.origin));
  let answered = 0;
  let interrupted: Promise<unknown> | undefined;
  await Promise.all(
    visitors.map(async (visitor) => {
      for (;;) {
        const response = await visitor.send().catch(() => null);
        if (!response) return;
        // On a machine with much else to do: the next one goes.
        if (response.status === 503) continue;
        expect(response.status).toBe(202);
        if (++answered === 200) interrupted = interrupt();
      }
    }),
  );
  await interrupted;
  expect(answered).toBeGreaterThanOrEqual(200);
  return visitors;
}

async function expectAllAcknowledged(server: RunningServer, visitors: Visitor[]): Promise<void> {
  for (const visitor of visitors) {
    const response = await server.get(`/replay/sessions/${visitor.session_id}`);
    const read = new Set((await response.json()).events.map(({ event_id }: { event_id: string }) => event_id));
    expect(visitor.acknowledgedEvents().filter((id) => !read.has(id))).toEqual([]);
  }
}

/** Starts a server that should not start. */
async function failing(settings: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/server.mjs')], {
    env: environment({ PORT: '0', ...settings }),
  });
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  return { code, stderr };
}
