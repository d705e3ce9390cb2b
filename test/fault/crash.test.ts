// kill -9 of the real process under load, again and again on one data directory: what was acknowledged is there, once. `npm run crash` does it 200 times.
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

const CRASHES = Number(process.env.CRASHES ?? 20);
/** Sealing goes on all the time, so that crashes meet it as well. */
const SETTINGS = { RATE_LIMITS: 'off', SEAL_AFTER_SECONDS: '1' };
/** Of one round: each posts one batch after the other; some of the round before are erased meanwhile. */
const VISITORS = 12;
const ERASED = 3;
const EVENTS = 20;
/** The crash comes after so many answers, and up to so many ms later. */
const ANSWERS_MAX = 300;
const LATER_MS = 15;
/** Rounds after which a session has long been sealed, and is looked at no more until the end. */
const LOOKED_AT = 3;

interface Visit {
  visitor: Visitor;
  /** The batch that no answer came for. */
  unanswered: number;
  erasure: 'none' | 'asked' | 'answered';
}

it(`nothing acknowledged is lost or doubled by ${CRASHES} crashes, and nothing erased comes back`, {
  timeout: 60_000 + CRASHES * 20_000,
}, async () => {
  const folder = temporaryFolder();
  const rounds: Visit[][] = [];
  const site = { server: await startServer(folder, SETTINGS) };
  for (let crash = 0; crash < CRASHES; crash++) {
    rounds.push(await underLoad(site, rounds.at(-1) ?? []));
    site.server = await startServer(folder, SETTINGS);
    for (const visit of rounds.slice(-LOOKED_AT).flat()) await expectWhole(site.server, visit);
    // As the tracker does: the batch that no answer came for goes once more.
    for (const { visitor, unanswered } of rounds.at(-1)!)
      expect((await visitor.sendAs(unanswered, EVENTS)).status).toBe(202);
  }
  const counts = { batches: 0, erased: 0 };
  for (const visit of rounds.flat()) {
    await expectWhole(site.server, visit);
    counts.batches += visit.visitor.acknowledged.length;
    if (visit.erasure === 'answered') counts.erased++;
  }
  await site.server.stop();
  console.info(
    `${CRASHES} crashes: ${counts.batches} batches were acknowledged, ${counts.erased} sessions erased; 0 lost, 0 doubled`,
  );
});

/** New visitors post and sessions of the round before are erased until the server is killed in the middle of it. */
async function underLoad(site: { server: RunningServer }, before: Visit[]): Promise<Visit[]> {
  const { server } = site;
  const killAt = 1 + Math.floor(Math.random() * ANSWERS_MAX);
  let answers = 0;
  let killed: Promise<unknown> | undefined;
  const count = () => {
    if (++answers === killAt) killed = setTimeout(Math.random() * LATER_MS).then(() => server.stop('SIGKILL'));
  };
  const post = async (): Promise<Visit> => {
    const visitor = new Visitor(() => site.server.origin);
    for (let seq = 0; ; ) {
      const response = await visitor.sendAs(seq, EVENTS).catch(() => null);
      if (!response) return { visitor, unanswered: seq, erasure: 'none' };
      // On a machine with much else to do: it goes again.
      if (response.status === 503) continue;
      expect(response.status).toBe(202);
      seq++;
      count();
    }
  };
  const erase = async () => {
    for (const visit of before.slice(0, ERASED)) {
      visit.erasure = 'asked';
      const path = `${server.origin}/replay/sessions/${visit.visitor.session_id}`;
      const ask = () => fetch(path, { method: 'DELETE', headers: { 'x-api-key': server.key } }).catch(() => null);
      let response = await ask();
      while (response?.status === 503) response = await ask();
      if (!response) return;
      expect(response.status).toBe(200);
      visit.erasure = 'answered';
    }
  };
  const [visits] = await Promise.all([Promise.all(Array.from({ length: VISITORS }, post)), erase()]);
  await killed;
  return visits;
}

/** Each acknowledged batch once and whole, the unanswered one once and whole or not at all, and nothing else. */
async function expectWhole(server: RunningServer, { visitor, unanswered, erasure }: Visit): Promise<void> {
  const response = await server.get(`/replay/sessions/${visitor.session_id}`);
  const isThere = visitor.acknowledged.length > 0 && erasure === 'none';
  if (erasure === 'answered') expect(response.status).toBe(404);
  else if (isThere) expect(response.status).toBe(200);
  if (response.status !== 200) return;
  const read = new Map<string, number>();
  for (const { event_id } of (await response.json()).events) read.set(event_id, (read.get(event_id) ?? 0) + 1);
  expect([...read].filter(([, times]) => times > 1)).toEqual([]);
  const sent = new Set(visitor.acknowledgedEvents(EVENTS));
  expect([...sent].filter((id) => !read.has(id))).toEqual([]);
  const others = [...read.keys()].filter((id) => !sent.has(id));
  const whole = Array.from({ length: EVENTS }, (_, i) => `${visitor.page_id}.${unanswered}.${i}`);
  if (others.length > 0) expect(others.sort()).toEqual(whole.sort());
}
