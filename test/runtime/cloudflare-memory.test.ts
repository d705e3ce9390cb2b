// The largest session that the limits let in, written to and read from a real workerd with half the memory that Cloudflare gives an isolate: V8 ends
// the process where its heap would be more.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../src/format/event.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { environment, ROOT, type RunningServer, ready } from '../fixtures/server.ts';

/** MB of heap, for the Worker and its Durable Objects, which share an isolate here; it takes 32, and not 16. An isolate of Cloudflare's has 128. */
const HEAP = 64;
const BATCHES = 100;
const EVENTS = 1000;
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const session_key = `${Date.now().toString(36)}-${'0'.repeat(20)}`;
const session_id = createHash('sha256').update(session_key).digest('hex').slice(0, 32);

/** It is stopped by the test, and killed where the test fails. */
function start(): Promise<RunningServer> {
  const dataDir = temporaryFolder();
  const env = environment({
    PORT: '0',
    DATA_DIR: dataDir,
    SEAL_AFTER_SECONDS: '3',
    RATE_LIMITS: 'off',
    MINIFLARE_WORKERD_V8_FLAGS: `--max-old-space-size=${HEAP}`,
  });
  const child = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), 'dev-cloudflare'], { cwd: ROOT, env });
  return ready(child, dataDir);
}

/** A batch of which every event is as long as the session's limit on bytes allows where there are 100,000. */
function batchOf(seq: number): object {
  const sent_at = Date.now();
  const events = Array.from({ length: EVENTS }, (_, i) => ({
    event_type: 'click',
    x: i,
    y: seq,
    element: `BUTTON#number-${i}.${'large-'.repeat(6)}`,
    page: 'https://shop.example/lamps',
    timestamp: sent_at - EVENTS + i,
  }));
  return { v: 1, session_key, visitor_id: 'visitor', page_id: 'page', seq, sent_at, events };
}

/** Reads as somebody with a slow line does: the server must not have it all ready in the meantime. */
async function read(
  server: RunningServer,
): Promise<{ session: { status: string }; events: SessionEvent[]; gaps: unknown[] }> {
  const answer = await server.get(`/replay/sessions/${session_id}`);
  expect(answer.status).toBe(200);
  const parts: Uint8Array[] = [];
  for await (const part of answer.body!) {
    parts.push(part);
    if (parts.length % 10 === 0) await sleep(10);
  }
  return JSON.parse(Buffer.concat(parts).toString());
}

function expectWhole({ events, gaps }: Awaited<ReturnType<typeof read>>): void {
  expect(gaps).toEqual([]);
  // Not by toEqual: to say how two lists of 100,000 differ takes minutes.
  const ids = events.map(({ event_id }) => event_id).join('\n');
  const sent = Array.from({ length: BATCHES * EVENTS }, (_, i) => `page.${Math.floor(i / EVENTS)}.${i % EVENTS}`);
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(events).toHaveLength(BATCHES * EVENTS);
  expect(digest(ids.split('\n').sort().join('\n'))).toBe(digest(sent.sort().join('\n')));
  expect(events.findIndex(({ timestamp }, i) => i > 0 && timestamp < events[i - 1]!.timestamp)).toBe(-1);
}

describe(`a Worker with ${HEAP} MB of heap`, () => {
  it('takes 100,000 events, and gives them whole and in order to a slow reader, running and sealed', async () => {
    const server = await start();
    for (let seq = 0; seq < BATCHES; seq++) {
      const headers = { 'content-type': 'text/plain', 'user-agent': USER_AGENT };
      const body = JSON.stringify(batchOf(seq));
      const { status } = await fetch(`${server.origin}/collect`, { method: 'POST', headers, body });
      expect(status).toBe(202);
    }
    expectWhole(await read(server));
    const status = async () => (await (await server.get('/replay/sessions')).json()).sessions[0].status;
    await expect.poll(status, { timeout: 60_000, interval: 200 }).toBe('ended');
    const [one, other] = await Promise.all([read(server), read(server)]);
    expectWhole(one);
    expectWhole(other);
    expect(await server.stop()).toBe(0);
  });
});
