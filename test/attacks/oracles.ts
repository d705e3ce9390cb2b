// What must be true after an attack: of its answer, of what is stored, and of the process. Used by the catalogue and by run.ts.
import { expect } from 'vitest';
import { type Answer, expectProblem } from '../fixtures/outsider.ts';
import { ATTACKED, type Event, type Sent } from './sent.ts';
import type { Census, Target, Witnessed } from './target.ts';

/** An attack that was answered. */
export interface Seen {
  target: Target;
  sent: Sent;
  answer: Answer;
  /** What was stored before it. */
  before: Census;
  /** What the process was like while it was answered, and what it weighed before. */
  witnessed: Witnessed;
  weighed: number;
}

export type Oracle = (seen: Seen) => void | Promise<void>;

/** ms that no attack may hold up the process. */
const STALL_MS = 50;
/** Whatever holds up the machine too is measured again, this often. */
const TRIES = 4;
const MIB = 2 ** 20;
/** A text shorter than this is found anywhere. */
const TELLING = 5;

const LEAKS =
  /\bat \S+ \(|node:internal|\.(ts|mjs|js):\d|\b(SELECT|INSERT|DELETE FROM|SQLITE|sqlite|ENOENT|EACCES)\b|no such (table|column)/;

/** S: one of these answers; a refusal is a problem of at most 1 KiB. */
export const status =
  (...allowed: number[]): Oracle =>
  ({ answer }) => {
    expect(allowed).toContain(answer.status);
    if (answer.status >= 400 && answer.text !== '') expectProblem(answer, answer.status);
  };

/** N5: 5xx on purpose alone, that says when to come again. */
export const noFault: Oracle = ({ answer }) => {
  if (answer.status < 500) return;
  expect([503, 507]).toContain(answer.status);
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(answer.text).not.toContain('something failed here');
};

/** KEEP0: no session, no object, and the bad value in no byte of the data directory. */
export const keptNothing: Oracle = async (seen) => {
  const { target, sent, before } = seen;
  expect(await target.census()).toEqual(before);
  if (sent.session) expect((await target.get(`/replay/sessions/${sent.session}`)).status).toBe(404);
  await nowhere(seen);
};

/** The bad value is in no byte of the data directory, whatever else was kept. */
export const nowhere: Oracle = ({ target, sent: { bad = '' } }) => {
  if (bad.length < TELLING) return;
  const forms = [bad, JSON.stringify(bad).slice(1, -1), JSON.stringify(bad)];
  expect(target.holding(forms)).toEqual([]);
};

/** PART: refused whole and nothing kept, or the good events alone and the others counted. */
export const inPart: Oracle = async (seen) => {
  const { sent, answer } = seen;
  if (answer.status >= 400) {
    expectProblem(answer, answer.status);
    return keptNothing(seen);
  }
  const good = sent.good?.length ?? 0;
  expect(answer.json).toMatchObject({ accepted: good, rejected: sent.attacked?.length });
  await exact(seen);
  await nowhere(seen);
};

/** EXACT: what is read back is what was sent, whatever the order, each event once. */
export const exact: Oracle = async ({ target, sent, answer }) => {
  expect(answer.status).toBe(202);
  await expectStored(target, sent.session ?? '', sent.good ?? []);
};

/** NORM: the attacked event is there beside the good ones, with these fields. */
export const becomes =
  (fields: (sent: Sent) => Event): Oracle =>
  async ({ target, sent, answer }) => {
    expect([answer.status, answer.json]).toMatchObject([202, { rejected: 0 }]);
    const { json } = await target.get(`/replay/sessions/${sent.session}`);
    expect(json.event_count).toBe((sent.good?.length ?? 0) + 1);
    expect(json.events.find(({ event_id }: Event) => event_id === ATTACKED)).toMatchObject(fields(sent));
  };

/** One of several outcomes. */
export const either =
  (...outcomes: Oracle[]): Oracle =>
  async (seen) => {
    const failures: unknown[] = [];
    for (const outcome of outcomes) {
      try {
        return await outcome(seen);
      } catch (error) {
        failures.push(error);
      }
    }
    throw new AggregateError(failures, failures.map(String).join('\n or '));
  };

/** NOECHO: nothing of the input comes back, and nothing of the inside. */
export const echoesNothing: Oracle = ({ target, sent: { bad = '' }, answer }) => {
  const said = JSON.stringify([...answer.headers]) + answer.text;
  if (bad.length >= TELLING) expect(said).not.toContain(bad);
  expect(said).not.toMatch(LEAKS);
  expect(said).not.toContain(target.folder);
  expect(said).not.toContain(target.server.key);
};

/** BLOCK50: the process was never busy with this alone for longer. What a busy machine held up is sent again. */
export const holdsUpNothing: Oracle = async ({ target, sent, witnessed }) => {
  let stall = witnessed.stall_ms;
  for (let i = 0; i < TRIES && stall > STALL_MS; i++)
    stall = Math.min(stall, (await remeasured(target, sent)).stall_ms);
  expect(stall).toBeLessThanOrEqual(STALL_MS);
};

/** The process grows by at most this much meanwhile. */
export const weighsLittle =
  (mib: number): Oracle =>
  async ({ target, sent, witnessed, weighed }) => {
    let grown = witnessed.heaviest - weighed;
    for (let i = 0; i < TRIES && grown > mib * MIB; i++) {
      const { rss } = await target.look();
      grown = Math.min(grown, (await remeasured(target, sent)).heaviest - rss);
    }
    expect(grown / MIB).toBeLessThanOrEqual(mib);
  };

async function remeasured(target: Target, sent: Sent): Promise<Witnessed> {
  await target.look();
  await target.ask(sent);
  return target.look();
}

/** EXACT and ONCE of a session: these events, each once, and counters that agree. */
export async function expectStored(target: Target, id: string, sent: readonly Event[]): Promise<void> {
  const { status: found, json } = await target.get(`/replay/sessions/${id}`);
  expect(found).toBe(200);
  const { events, event_count, session } = json as { events: Event[]; event_count: number; session: Event };
  expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
  expect([event_count, session.event_count]).toEqual([sent.length, sent.length]);
  const named = new Set(sent.map(({ event_id }) => event_id));
  const plain = events.map(({ event_id, ...event }) => (named.has(event_id) ? { event_id, ...event } : event));
  expect(sorted(plain)).toEqual(sorted(sent));
}

function sorted(events: readonly Event[]): string[] {
  return events.map((event) => JSON.stringify(Object.entries(event).sort())).sort();
}

/** ORDER: by time, then by page load, number of the batch and place in it. */
export function expectOrdered(events: readonly Event[]): void {
  const place = ({ event_id }: Event) => {
    const [page, seq, i] = String(event_id).split('.');
    return [page!, Number(seq), Number(i)] as const;
  };
  const inOrder = [...events].sort((a, b) => {
    const [pageA, seqA, iA] = place(a);
    const [pageB, seqB, iB] = place(b);
    return a.timestamp - b.timestamp || (pageA < pageB ? -1 : pageA > pageB ? 1 : seqA - seqB || iA - iB);
  });
  expect(events.map(({ event_id }) => event_id)).toEqual(inOrder.map(({ event_id }) => event_id));
}
