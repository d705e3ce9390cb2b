// A backup that was made and put back by hand, by copying: what was erased since does not come back, not to readers and not to the disk.
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { filesBelow, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

it('a restored backup brings back what was lost, and nothing that was erased since', async () => {
  const folder = temporaryFolder();
  const [data, backup] = [join(folder, 'data'), join(folder, 'backup')];
  let server = await startServer(data, { SEAL_AFTER_SECONDS: '1' });
  const visitor = (name: string) => new Visitor(() => server.origin, name);
  const [keptSealed, erasedSealed] = [visitor('kept-sealed'), visitor('erased-sealed')];
  for (const one of [keptSealed, erasedSealed]) await one.send();
  const objects = () => filesBelow(data).filter((path) => path.endsWith('.ndjson.gz'));
  await vi.waitFor(() => expect(objects()).toHaveLength(2), { timeout: 60_000 });
  await server.stop();
  server = await startServer(data);
  const [keptRunning, erasedRunning] = [visitor('kept-running'), visitor('erased-running')];
  for (const one of [keptRunning, erasedRunning]) await one.send();
  await server.stop();
  cpSync(data, backup, { recursive: true });

  server = await startServer(data);
  const headers = { 'x-api-key': server.key };
  for (const { session_id } of [erasedSealed, erasedRunning]) {
    const erased = await fetch(`${server.origin}/replay/sessions/${session_id}`, { method: 'DELETE', headers });
    expect(erased.status).toBe(200);
  }
  await server.stop();
  for (const name of ['sessions', 'hot.db', 'catalog.db']) rmSync(join(data, name), { recursive: true });
  for (const name of ['sessions', 'hot.db']) cpSync(join(backup, name), join(data, name), { recursive: true });

  server = await startServer(data);
  const { sessions } = await (await server.get('/replay/sessions')).json();
  const visitors = sessions.map(({ visitor_id }: { visitor_id: string }) => visitor_id);
  expect(visitors.sort()).toEqual(['kept-running', 'kept-sealed']);
  expect((await erasedRunning.send()).status).toBe(410);
  await server.stop();
  expect(filesBelow(data).filter((path) => readFileSync(path).includes('erased-running'))).toEqual([]);
  expect(objects()).toHaveLength(1);
});
