// Runs rows of the catalogue against servers that are started when a row needs them. Called by http, raw, data and static.test.ts.
import { afterAll, expect, it } from 'vitest';
import { noFault, type Oracle, type Seen } from './oracles.ts';
import type { Sent } from './sent.ts';
import { expectSurvival } from './survival.ts';
import { Target } from './target.ts';

/** ms: a bound for a machine that does other things too; nothing waits for it. */
const TIMEOUT = 180_000;

/** How the server is set that a row attacks. */
const SETTINGS = {
  /** As `npm start` has it, behind a proxy, so that each request may come from another address. */
  usual: { DEMO: 'on', TRUST_PROXY: 'on' },
  /** One site may record. */
  strict: { ALLOWED_ORIGINS: 'https://allowed.example', TRUST_PROXY: 'on' },
  /** With no proxy before it. */
  direct: {},
  /** Without limits per client and session. */
  unlimited: { RATE_LIMITS: 'off' },
} as const;

/** A line of the catalogue: things that are sent, and what must be true of each; or steps that say it themselves. */
export interface Attack {
  /** As in the catalogue. */
  id: `P${string}`;
  /** What must not happen, or what happens, as a sentence. */
  name: string;
  on?: keyof typeof SETTINGS;
  /** It needs a second loopback address, which Linux has. */
  onLinux?: true;
  sends?: (target: Target) => Sent[];
  expect?: Oracle[];
  run?: (target: Target) => Promise<void>;
}

/** `prepare` puts something into the data directory before its server finds it. */
export function runAttacks(rows: readonly Attack[], prepare?: (dataDir: string) => Promise<void>): void {
  const targets = new Map<string, Promise<Target>>();
  const ends: (() => Promise<void>)[] = [];
  const targetOf = (on: keyof typeof SETTINGS) => {
    const target = targets.get(on) ?? Target.start(SETTINGS[on], (end) => ends.push(end), prepare);
    targets.set(on, target);
    return target;
  };
  afterAll(async () => {
    for (const end of ends) await end();
  });

  it.for(rows)('$id $name', { timeout: TIMEOUT }, async (row, context) => {
    if (row.onLinux && process.platform !== 'linux') return context.skip('this system has one loopback address');
    const target = await targetOf(row.on ?? 'usual');
    const from = target.server.output.stderr.length;
    const sends = row.sends?.(target) ?? [];
    for (const sent of sends) await judge(target, sent, row.expect ?? []);
    await row.run?.(target);
    await expectSurvival(target, from);
    expect(row.run !== undefined || (sends.length > 0 && (row.expect ?? []).length > 0)).toBe(true);
  });
}

async function judge(target: Target, sent: Sent, oracles: readonly Oracle[]): Promise<void> {
  const before = await target.census();
  const { rss: weighed } = await target.look();
  const answer = await target.post(sent);
  const witnessed = await target.look();
  const seen: Seen = { target, sent, answer, before, witnessed, weighed };
  try {
    for (const oracle of [noFault, ...oracles]) await oracle(seen);
    expect(witnessed.strayed).toEqual([]);
  } catch (error) {
    throw new Error(`${sent.as.slice(0, 100)} → ${answer.status} ${answer.text.slice(0, 300)}`, { cause: error });
  }
}
