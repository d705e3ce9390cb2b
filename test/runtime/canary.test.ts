// Words that must leave no trace, looked for in every byte: keys after everything that is done with them, a visitor after an erasure.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { filesBelow, silhouette, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

/** Files below `folder` that hold one of the words, plain or gzipped; one of the words in `texts` is called by its place. */
function traces(words: string[], folder: string, texts: string[] = []): string[] {
  const has = (bytes: Buffer) => words.some((word) => bytes.includes(word));
  const held = filesBelow(folder).filter((path) => {
    const bytes = readFileSync(path);
    return has(bytes) || (path.endsWith('.gz') && has(gunzipSync(bytes)));
  });
  return [...held, ...texts.flatMap((text, i) => (has(Buffer.from(text)) ? [`text ${i}`] : []))];
}

it('no key is in any file, any line of output or any answer after all that can be done with it', async () => {
  const data = join(temporaryFolder(), 'data');
  const owner = 'canary-owner-0123456789';
  const wrong = 'canary-wrong-0123456789';
  let server = await startServer(data, { API_KEY: owner, SEAL_AFTER_SECONDS: '1' });
  const visitor = new Visitor(() => server.origin);
  await visitor.send();
  const said: string[] = [];
  const tool = async (args: string[], settings: Record<string, string> = {}) => {
    const { stdout, stderr } = await silhouette(data, args, settings);
    said.push(stderr, args[1] === 'create' ? '' : stdout);
    return stdout.trim();
  };
  const named = await tool(['keys', 'create', 'named', '--scope', 'read']);
  const eraser = await tool(['keys', 'create', 'eraser', '--scope', 'erase']);
  const revoked = await tool(['keys', 'create', 'revoked', '--scope', 'read,erase']);
  await tool(['keys', 'revoke', 'revoked']);
  const keys = [owner, wrong, named, eraser, revoked, `${named.slice(0, -1)}x`];

  const ask = async (key: string, path: string, init: RequestInit = {}) => {
    const response = await fetch(server.origin + path, { ...init, headers: { authorization: `Bearer ${key}` } });
    said.push(JSON.stringify([...response.headers]), await response.text());
    return response.status;
  };
  const statuses = new Set<number>();
  for (const key of keys) {
    for (const path of [
      '/health',
      '/replay/sessions',
      '/replay/sessions?limit=x',
      `/replay/sessions?api_key=${key}&q=${key}`,
      `/replay/sessions/${visitor.session_id}`,
      `/replay/sessions/${key}`,
      `/replay/${key}`,
    ])
      statuses.add(await ask(key, path));
    for (const body of ['{"name":"list_keys"}', '{"name":"audit","since":0}', `{"name":"${key}"}`, key])
      statuses.add(await ask(key, '/replay/commands', { method: 'POST', body }));
    statuses.add(await ask(key, '/replay/sessions', { method: 'PUT', body: key }));
    const there = { SILHOUETTE_SERVER: server.origin, API_KEY: key };
    await tool(['export', visitor.session_id], there);
    await tool(['erase', '--session', 'nobody'], there);
  }
  await vi.waitFor(() => expect(filesBelow(join(data, 'sessions'))).toHaveLength(1), { timeout: 60_000 });
  for (const key of [wrong, revoked, named, eraser, owner])
    statuses.add(await ask(key, `/replay/sessions/${visitor.session_id}`, { method: 'DELETE' }));
  expect([...statuses].sort()).toEqual([200, 400, 401, 403, 404, 405]);
  await tool(['backup', join(data, '../backup')]);
  await tool(['audit']);
  await server.stop('SIGKILL');
  said.push(server.output.stdout, server.output.stderr);
  server = await startServer(data, { API_KEY: owner });
  await server.stop();
  said.push(server.output.stdout, server.output.stderr);
  // Of a named key the secret alone, too: its beginning is an id.
  const words = [...keys, named.slice(17, 65), eraser.slice(17, 65), revoked.slice(17, 65)];
  expect(traces(words, join(data, '..'), said)).toEqual([]);
  // What is looked at is there, and would be found.
  expect(traces(['"named"'], data).length).toBeGreaterThan(0);
  expect(said.length).toBeGreaterThan(100);
  expect(server.output.stderr + said.join('')).toContain('/replay/sessions/:id');
  expect(existsSync(join(data, 'hot.db'))).toBe(true);
});

it('an erased visitor is in no byte of the data directory, running or sealed, and late batches are refused', async () => {
  const data = join(temporaryFolder(), 'data');
  let server = await startServer(data);
  const word = 'canary-visitor';
  const gone = [new Visitor(() => server.origin, word), new Visitor(() => server.origin, word)];
  const stays = new Visitor(() => server.origin, 'bystander');
  for (const one of [gone[0]!, stays]) for (let i = 0; i < 5; i++) await one.send(200);
  await server.stop('SIGKILL');
  server = await startServer(data, { SEAL_AFTER_SECONDS: '0' });
  await vi.waitFor(() => expect(filesBelow(join(data, 'sessions'))).toHaveLength(2), { timeout: 60_000 });
  await server.stop('SIGKILL');
  server = await startServer(data);
  // Back from its objects, and one that only runs.
  for (const one of gone) for (let i = 0; i < 5; i++) await one.send(200);
  expect(traces([word], data).length).toBeGreaterThan(1);

  const headers = { 'x-api-key': server.key };
  const erased = await fetch(`${server.origin}/replay/visitors/${word}`, { method: 'DELETE', headers });
  expect((await erased.json()).erased).toMatchObject({ sessions: 2, events: 3000, objects: 1 });
  for (const one of gone) expect((await one.send()).status).toBe(410);
  const late = gone[0]!.session_id;
  expect((await server.get(`/replay/sessions/${late}`)).status).toBe(404);
  expect((await (await server.get(`/replay/sessions?visitor_id=${word}`)).json()).total).toBe(0);
  // What the hourly run does is done at start, too: here after a crash, with the logs of the databases as they were left.
  await server.stop('SIGKILL');
  const { stderr } = server.output;
  server = await startServer(data);
  await vi.waitFor(() => expect(traces([word], data, [stderr, server.output.stderr])).toEqual([]), { timeout: 60_000 });
  for (const one of gone) expect((await one.send()).status).toBe(410);
  expect((await (await server.get(`/replay/sessions/${stays.session_id}`)).json()).event_count).toBe(1000);
  await server.stop();
  expect(traces([word], data, [server.output.stderr])).toEqual([]);
  expect(traces([late], data).filter((path) => !/erasures|audit|catalog/.test(path))).toEqual([]);
});
