// A disk that is really full: a small file system of its own, mounted where this machine allows it.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

describe('a full disk', () => {
  it('is answered with 507, keeps nothing by halves, can still be read, and takes again once there is room', async (context) => {
    const folder = temporaryFolder();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
    if (mounted.status !== 0) return context.skip('this user may not mount a file system');
    onTestFinished(() => void spawnSync('umount', ['-l', folder]));
    let server = await startServer(folder, { RATE_LIMITS: 'off' });
    const visitor = new Visitor(() => server.origin);
    expect((await visitor.send(500)).status).toBe(202);
    fill(folder);
    // New sessions want a row in the catalog too, which is as full; the first of them may still find room in the hot store.
    const others = Array.from({ length: 5 }, () => new Visitor(() => server.origin));
    for (const other of others) expect([202, 507]).toContain((await other.send(2)).status);

    const answers = new Set<number>();
    for (let i = 0; i < 60; i++) {
      const response = await visitor.send(500);
      answers.add(response.status);
      if (response.status !== 507) continue;
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await response.json()).toMatchObject({ status: 507, title: expect.any(String) });
      break;
    }
    expect(answers).toContain(507);
    expect([...answers].filter((status) => status !== 202 && status !== 507)).toEqual([]);
    expect((await server.get(`/replay/sessions/${visitor.session_id}`)).status).toBe(200);
    expect((await server.get('/replay/sessions')).status).toBe(200);
    expect((await fetch(`${server.origin}/health`)).status).toBe(503);

    rmSync(join(folder, 'filler'));
    expect((await visitor.send(500)).status).toBe(202);
    expect((await fetch(`${server.origin}/health`)).status).toBe(200);
    await server.stop('SIGKILL');
    server = await startServer(folder);
    const { events } = await (await server.get(`/replay/sessions/${visitor.session_id}`)).json();
    expect(new Set(events.map(({ event_id }: { event_id: string }) => event_id))).toEqual(
      new Set(visitor.acknowledgedEvents(500)),
    );
  });
});

/** Takes all the room there is. */
function fill(folder: string): void {
  for (let size = 1024 * 1024; size >= 1024; size /= 2) {
    try {
      for (;;) writeFileSync(join(folder, 'filler'), Buffer.alloc(size), { flag: 'a' });
    } catch {}
  }
}
