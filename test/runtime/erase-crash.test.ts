// kill -9 of the real process while it erases, again and again: what was promised is erased, what was not is whole, and nothing in between. ERASE_CRASHES says how often.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { filesBelow, type RunningServer, startServer } from '../fixtures/server.ts';
import { Visitor } from '../fixtures/visitor.ts';

const CRASHES = Number(process.env.ERASE_CRASHES ?? 6);
/** Of each kind and round: sessions that are sealed, and such that run. */
const SESSIONS = 10;
/** The kill comes up to so many ms after the request: an erasure of so many takes about half of it. */
const WITHIN_MS = 60;

it(`an erasure that is killed ${CRASHES} times, anywhere, ends as one that was not`, {
  timeout: 60_000 + CRASHES * 20_000,
}, async () => {
  const data = join(temporaryFolder(), 'data');
  const site = { server: await startServer(data, { RATE_LIMITS: 'off' }) };
  const restart = async (seal: string) => {
    site.server = await startServer(data, { RATE_LIMITS: 'off', SEAL_AFTER_SECONDS: seal });
  };
  const record = (word: string, count: number) => recordAll(() => site.server, word, count);
  const bystanders = [...(await record('bystander', 2))];
  const seen = { unanswered: 0, promised: 0, untouched: 0 };
  for (let crash = 0; crash < CRASHES; crash++) {
    const word = `canary-${crash}-`;
    const visits = await record(word, SESSIONS);
    await site.server.stop('SIGKILL');
    await restart('0');
    await vi.waitFor(async () => expect(await liveOf(site.server)).toBe(0), { timeout: 60_000 });
    await site.server.stop('SIGKILL');
    await restart('1800');
    visits.push(...(await record(word, SESSIONS)));

    const status = await eraseAndKill(site.server, word, (crash / CRASHES) * WITHIN_MS);
    if (status === null) seen.unanswered++;
    else expect(status).toBe(200);
    await restart('1800');
    const promised = logged(data);
    const isPromised = ({ session_id }: Visitor) => promised.has(session_id);
    // One line of the log for all: an erasure by visitor is promised whole or not at all.
    expect([0, visits.length]).toContain(visits.filter(isPromised).length);
    if (status === 200) expect(visits.every(isPromised)).toBe(true);
    seen[isPromised(visits[0]!) ? 'promised' : 'untouched']++;
    for (const one of visits) {
      const answer = await site.server.get(`/replay/sessions/${one.session_id}`);
      expect([answer.status, isPromised(one)]).toEqual(isPromised(one) ? [404, true] : [200, false]);
      if (answer.ok) expect((await answer.json()).event_count).toBe(one.acknowledged.length * 3);
      else expect((await one.send()).status).toBe(410);
    }
    if (!isPromised(visits[0]!)) {
      const headers = { 'x-api-key': site.server.key };
      const again = await fetch(`${site.server.origin}/replay/visitors/${word}`, { method: 'DELETE', headers });
      expect((await again.json()).erased.sessions).toBe(visits.length);
    }
  }
  await site.server.stop('SIGKILL');
  await restart('1800');
  await vi.waitFor(() => expect(holding(data, 'canary-')).toEqual([]), { timeout: 60_000 });
  const { sessions } = await (await site.server.get('/replay/sessions')).json();
  expect(sessions.map(({ session_id }: { session_id: string }) => session_id).sort()).toEqual(
    bystanders.map(({ session_id }) => session_id).sort(),
  );
  for (const one of bystanders) {
    const { event_count, gaps } = await (await site.server.get(`/replay/sessions/${one.session_id}`)).json();
    expect([event_count, gaps]).toEqual([one.acknowledged.length * 3, []]);
  }
  console.info(`${CRASHES} erasures were killed, ${seen.unanswered} before their answer: ${JSON.stringify(seen)}`);
});

async function recordAll(server: () => RunningServer, word: string, count: number): Promise<Visitor[]> {
  const visits = Array.from({ length: count }, () => new Visitor(() => server().origin, word));
  for (let i = 0; i < 2; i++) {
    const answers = await Promise.all(visits.map((one) => one.send()));
    expect(answers.every(({ status }) => status === 202)).toBe(true);
  }
  return visits;
}

/** Null: the kill was first. */
async function eraseAndKill(server: RunningServer, visitor: string, ms: number): Promise<number | null> {
  const headers = { 'x-api-key': server.key };
  const asked = fetch(`${server.origin}/replay/visitors/${visitor}`, { method: 'DELETE', headers }).then(
    ({ status }) => status,
    () => null,
  );
  await new Promise((resolve) => setTimeout(resolve, ms));
  await server.stop('SIGKILL');
  return asked;
}

async function liveOf(server: RunningServer): Promise<number> {
  const { sessions } = await (await server.get('/replay/sessions?limit=100')).json();
  return sessions.filter(({ status }: { status: string }) => status === 'live').length;
}

/** Ids in the log of erasures. */
function logged(data: string): Set<string> {
  const files = filesBelow(data).filter((path) => path.startsWith(join(data, 'erasures/')));
  const lines = files.flatMap((path) => readFileSync(path, 'utf8').trim().split('\n'));
  return new Set(lines.map((line) => JSON.parse(line).session_id));
}

function holding(data: string, word: string): string[] {
  return filesBelow(data).filter((path) => {
    const bytes = readFileSync(path);
    return bytes.includes(word) || (path.endsWith('.gz') && gunzipSync(bytes).includes(word));
  });
}
