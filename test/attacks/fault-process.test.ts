// Faults of a real server: killed between any two steps of its work, on a slow disk, by an impatient supervisor. HOOK_CRASHES says how often at each step.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { filesBelow, type RunningServer, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

const CRASHES = Number(process.env.HOOK_CRASHES ?? 1);
const STEPS = [
  'an object is half written',
  'an object is written',
  'an object is synced',
  'an object has its name',
  'a folder is synced',
  'hot is about to commit',
  'hot has committed',
  'catalog is about to commit',
  'catalog has committed',
  'an answer is about to go',
  'an answer has gone',
];
/** The step is not always the first of its kind. */
const NTH_MAX = 12;
const EVENTS = 3;
/** Batches of a visitor, who then is still and is sealed. */
const BATCHES = 3;
const VISITORS_AT_ONCE = 4;
const SETTINGS = { RATE_LIMITS: 'off', SEAL_AFTER_SECONDS: '0.3' };
const FAULTY = `--import=${pathToFileURL(join(import.meta.dirname, 'faulty-disk.mjs'))}`;

interface Visit {
  visitor: Visitor;
  /** The batch that no answer came for; null: all were answered. */
  unanswered: number | null;
}

/** Visitors come and go until the server is gone. */
async function untilDead(site: { server: RunningServer }): Promise<Visit[]> {
  const visits: Visit[] = [];
  const visitors = async () => {
    for (;;) {
      const visitor = new Visitor(() => site.server.origin);
      const visit: Visit = { visitor, unanswered: null };
      visits.push(visit);
      for (let seq = 0; seq < BATCHES; seq++) {
        const send = () => visitor.sendAs(seq, EVENTS).catch(() => null);
        let response = await send();
        // On a machine with much else to do: it goes again.
        while (response?.status === 503) response = await send();
        if (!response) {
          visit.unanswered = seq;
          return;
        }
        expect(response.status).toBe(202);
      }
    }
  };
  await Promise.all(Array.from({ length: VISITORS_AT_ONCE }, visitors));
  return visits;
}

/** Each acknowledged batch once and whole, the unanswered one so or not at all, and nothing missing in between. */
async function expectWhole(server: RunningServer, { visitor, unanswered }: Visit): Promise<void> {
  const response = await server.get(`/replay/sessions/${visitor.session_id}`);
  if (visitor.acknowledged.length === 0 && response.status === 404) return;
  expect(response.status).toBe(200);
  const { events, gaps, session } = await response.json();
  const read: string[] = events.map(({ event_id }: { event_id: string }) => event_id).sort();
  const acknowledged = visitor.acknowledgedEvents(EVENTS).sort();
  const late = Array.from({ length: EVENTS }, (_, i) => `${visitor.page_id}.${unanswered}.${i}`);
  const isWhole = String(read) === String(acknowledged) || String(read) === String([...acknowledged, ...late].sort());
  expect([visitor.session_id, isWhole, gaps, session.event_count]).toEqual([visitor.session_id, true, [], read.length]);
}

it(`is killed ${CRASHES} times at each of ${STEPS.length} steps, and nothing acknowledged is lost, doubled or cut`, {
  timeout: 60_000 + CRASHES * STEPS.length * 10_000,
}, async () => {
  const folder = temporaryFolder();
  const all: Visit[] = [];
  const site = {} as { server: RunningServer };
  let died = 0;
  for (let round = 0; round < CRASHES; round++) {
    for (const step of STEPS) {
      const nth = String(1 + Math.floor(Math.random() * NTH_MAX));
      const settings = { ...SETTINGS, NODE_OPTIONS: FAULTY, CRASH_AT: step, CRASH_NTH: nth };
      // It may come to the step while it starts.
      const server = await startServer(folder, settings).catch(() => null);
      if (!server) {
        died++;
        continue;
      }
      for (const visit of all.slice(-20)) await expectWhole(server, visit).catch(rethrowIfAlive(server));
      site.server = server;
      all.push(...(await untilDead(site)));
      await server.stop('SIGKILL');
      died++;
    }
  }
  expect(died).toBe(CRASHES * STEPS.length);
  const server = await startServer(folder, SETTINGS);
  site.server = server;
  for (const visit of all) await expectWhole(server, visit);
  for (const { visitor, unanswered } of all)
    if (unanswered !== null) expect((await visitor.sendAs(unanswered, EVENTS)).status).toBe(202);
  const live = async () => {
    const { sessions } = await (await server.get('/replay/sessions?limit=100')).json();
    return sessions.filter(({ status }: { status: string }) => status === 'live').length;
  };
  await vi.waitFor(async () => expect(await live()).toBe(0), { timeout: 60_000 });
  for (const visit of all) await expectWhole(server, { ...visit, unanswered: null });
  // It may still be writing its log of who read.
  await vi.waitFor(() => expect(filesBelow(join(folder, '.incoming'))).toEqual([]), { timeout: 60_000 });
  await server.stop();
  const batches = all.reduce((sum, { visitor }) => sum + visitor.acknowledged.length, 0);
  if (CRASHES > 1) console.info(`${died} kills at named steps: ${batches} batches acknowledged, 0 lost, 0 doubled`);
});

/** What a server that has just died did not answer is no finding. */
function rethrowIfAlive(server: RunningServer) {
  return (error: unknown) => {
    if (server.process.signalCode === null && !(error instanceof TypeError)) throw error;
  };
}

it('on a disk that takes a tenth of a second for each commit acknowledges nothing that it has not written, and stays small', async () => {
  const folder = temporaryFolder();
  const site = {
    server: await startServer(folder, { RATE_LIMITS: 'off', NODE_OPTIONS: FAULTY, SLOW_COMMIT_MS: '100' }),
  };
  const visitors = Array.from({ length: 100 }, () => new Visitor(() => site.server.origin));
  const statuses = new Map<number, number>();
  const visit = async (visitor: Visitor) => {
    for (let seq = 0; seq < 2; seq++) {
      const response = await visitor.sendAs(seq, EVENTS);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (response.status !== 202) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  };
  await Promise.all(visitors.map(visit));
  const memory = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${site.server.process.pid}/status`, 'utf8'))!;
  expect(Number(memory[1]) / 1024).toBeLessThan(512);
  expect([...statuses.keys()].filter((status) => ![202, 429, 503].includes(status))).toEqual([]);
  expect(statuses.get(202)).toBeGreaterThan(50);
  await site.server.stop('SIGKILL');
  site.server = await startServer(folder);
  for (const visitor of visitors) await expectWhole(site.server, { visitor, unanswered: null });
});

it('told to stop twice, and killed if it had not ended by then, keeps all that it acknowledged', async () => {
  const folder = temporaryFolder();
  const site = { server: await startServer(folder, SETTINGS) };
  const visits = untilDead(site);
  // Under load, and in the middle of sealing.
  await vi.waitFor(() => expect(filesBelow(join(folder, 'sessions')).length).toBeGreaterThan(3), { timeout: 60_000 });
  const began = Date.now();
  const ended = site.server.stop('SIGTERM');
  site.server.process.kill('SIGTERM');
  site.server.process.kill('SIGINT');
  const late = setTimeout(() => site.server.process.kill('SIGKILL'), 11_000);
  expect(await ended).toBe(0);
  clearTimeout(late);
  expect(Date.now() - began).toBeLessThan(10_000);
  site.server = await startServer(folder, SETTINGS);
  for (const visit of await visits) await expectWhole(site.server, visit);
});
