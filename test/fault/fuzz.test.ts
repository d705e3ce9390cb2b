// Bodies that are almost right, in great number, against the app on its real stores: none fails it or holds it up, and what it took reads back. `npm run fuzz` sends a million.
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, it, onTestFinished } from 'vitest';
import { eventParser } from '../../src/format/parse-event.ts';
import { openStores } from '../../src/node/stores.ts';
import { AppUnderTest } from '../fixtures/app-under-test.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { startServer } from '../fixtures/server.ts';
import { makeBody, randomFrom, type Sent } from './fuzz-bodies.ts';

const BODIES = Number(process.env.BODIES ?? 20_000);
const SEED = Number(process.env.SEED ?? 1);
/** Sent side by side, so that the hot store commits them together. */
const AT_ONCE = 50;
/** Bodies after which sessions are sealed and read, and others begin. */
const ROUND = 10_000;
const SESSIONS = 500;
/** ms of the processor for which no body may hold up the process. */
const STALL_MS = 50;
/** What a body costs takes as long each time; what else the process does meanwhile does not. */
const ATTEMPTS = 5;
const GROWTH = 64 * 2 ** 20;
/** Of every so many bodies one also goes through a real server. */
const SERVED_EVERY = 20;

const headersOf = ({ gzipped }: Sent) => ({
  'content-type': 'text/plain',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  ...(gzipped ? { 'content-encoding': 'gzip' } : {}),
});

async function startApp() {
  const stores = await openStores(join(temporaryFolder(), 'data'));
  let open = true;
  const close = () => {
    if (open) stores.close();
    open = false;
  };
  onTestFinished(close);
  await stores.ports.catalog.markComplete();
  return { app: new AppUnderTest(stores.ports, { rateLimits: false }), close };
}

it(`${BODIES} damaged bodies (seed ${SEED}): no failure, no stall, and what was taken reads back`, {
  timeout: 120_000 + BODIES * 20,
}, async () => {
  let { app, close } = await startApp();
  const random = randomFrom(SEED);
  const loop = monitorEventLoopDelay({ resolution: 5 });
  let slow = 0;
  const stalls: number[] = [];
  const counts = new Map<number, number>();
  let base = 0;
  let taken = new Map<string, number>();
  let events = 0;
  const send = async (sent: Sent) => {
    const answer = await app.request('/collect', { method: 'POST', headers: headersOf(sent), body: sent.bytes });
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
    if (answer.status >= 500) throw new Error(`${answer.status} for ${Buffer.from(sent.bytes).toString('base64')}`);
    if (answer.status !== 202) return;
    const { session_id, accepted } = answer.body;
    taken.set(session_id, (taken.get(session_id) ?? 0) + accepted);
  };
  for (let done = 0; done < BODIES; done += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, BODIES - done) }, (_, i) =>
      makeBody(random, done + i, SESSIONS),
    );
    loop.reset();
    loop.enable();
    await Promise.all(some.map(send));
    loop.disable();
    if (loop.max / 1e6 > STALL_MS) {
      slow++;
      stalls.push(...(await stallsOf(app, some)));
    }
    if ((done + AT_ONCE) % ROUND === 0 || done + AT_ONCE >= BODIES) {
      events += await expectReadable(app, taken);
      taken = new Map();
      close();
      ({ app, close } = await startApp());
      if (done < Math.max(ROUND, BODIES / 10)) base = process.memoryUsage().rss;
    }
  }
  const growth = process.memoryUsage().rss - base;
  console.info(
    `seed ${SEED}: ${JSON.stringify(Object.fromEntries(counts))}, ${events} events read back; ${slow} of ${Math.ceil(BODIES / AT_ONCE)} lots over ${STALL_MS} ms; memory +${Math.round(growth / 2 ** 20)} MiB since the first tenth`,
  );
  expect(stalls).toEqual([]);
  expect(growth).toBeLessThan(GROWTH);
  expect(counts.get(202)).toBeGreaterThan(BODIES / 20);
  expect(counts.get(400)).toBeGreaterThan(BODIES / 20);
});

/**
 * ms of each that holds up the process by itself: fifty at once, and a busy machine, do so too. At once, and none is kept for later: that
 * would be taken for memory that grows.
 */
async function stallsOf(app: AppUnderTest, lot: readonly Sent[]): Promise<number[]> {
  const stalls: number[] = [];
  for (const sent of lot) {
    let least = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < ATTEMPTS && least > STALL_MS; attempt++) {
      const before = process.cpuUsage();
      await app.request('/collect', { method: 'POST', headers: headersOf(sent), body: sent.bytes });
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 1000);
    }
    if (least > STALL_MS) stalls.push(least);
  }
  return stalls;
}

/** Every session has as many events as were accepted, each as the format has it, hot and sealed alike; how many. */
async function expectReadable(app: AppUnderTest, taken: Map<string, number>): Promise<number> {
  const parse = eventParser({ imported: true, final: true });
  const hot = new Map<string, unknown>();
  let events = 0;
  for (const [id, accepted] of taken) {
    const { status, body } = await app.get(`/replay/sessions/${id}`);
    expect(status).toBe(200);
    expect(body.event_count).toBeLessThanOrEqual(accepted);
    for (const event of body.events) expect(parse(event)).toEqual(event);
    events += body.event_count;
    hot.set(id, body.events);
  }
  expect(await app.seal()).toBe(taken.size);
  for (const [id, before] of hot) {
    const { status, body } = await app.get(`/replay/sessions/${id}`);
    expect([status, body.gaps.filter(({ reason }: { reason: string }) => reason === 'damaged')]).toEqual([200, []]);
    expect(body.events).toEqual(before);
  }
  return events;
}

it(
  'a share of them goes through the real server, which lives on',
  async () => {
    const server = await startServer(temporaryFolder(), { RATE_LIMITS: 'off' });
    const random = randomFrom(SEED + 1);
    const failed: number[] = [];
    let taken = 0;
    for (let i = 0; i < BODIES / SERVED_EVERY; i++) {
      const sent = makeBody(random, i, SESSIONS);
      const response = await fetch(`${server.origin}/collect`, {
        method: 'POST',
        headers: headersOf(sent),
        body: sent.bytes,
      });
      await response.arrayBuffer();
      if (response.status >= 500) failed.push(i);
      if (response.status === 202) taken++;
    }
    expect(failed).toEqual([]);
    expect(taken).toBeGreaterThan(BODIES / SERVED_EVERY / 10);
    expect((await server.get('/health')).status).toBe(200);
    expect(await server.stop()).toBe(0);
    expect(server.output.stderr).not.toMatch(/unhandled|uncaught/i);
  },
  60_000 + BODIES,
);
