// Flipped bits, cut and swapped objects: a session with a damaged object says so or is as it was, and all others stay exact. `npm run fuzz` does more.
import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { MemoryHotStore, MemoryObjectStore } from '../../src/server/memory.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import { AppUnderTest, press, view } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';
import { randomFrom } from './fuzz-bodies.ts';

const FLIPS = Number(process.env.FLIPS ?? 4000);
const SEED = Number(process.env.SEED ?? 1);
const SESSIONS = 40;
/** Every so many damages the sessions beside it are read as well. */
const OTHERS_EVERY = 500;

/** A sealed store, its objects by key, and what each session reads as. */
async function sealed() {
  const objects = new MemoryObjectStore();
  const catalog = new SqlCatalog(new SqliteDatabase(':memory:'), MIGRATIONS);
  await catalog.prepare();
  await catalog.markComplete();
  const app = new AppUnderTest({ hot: new MemoryHotStore(), objects, catalog }, { rateLimits: false });
  const read = async (id: string) => app.get(`/replay/sessions/${id}`);
  const was = new Map<string, string>();
  for (let i = 0; i < SESSIONS; i++) {
    const presses = Array.from({ length: 5 + i }, (_, j) => press(NOW - 800 + j, `BUTTON#b${'x'.repeat(j)}`));
    const id = await app.record(`s${i}`, { events: [view(`https://shop.example/${i}`, NOW - 900), ...presses] });
    was.set(id, '');
  }
  expect(await app.seal()).toBe(SESSIONS);
  const bytes: [key: string, id: string, body: Uint8Array][] = [];
  for await (const key of objects.list('sessions/')) bytes.push([key, key.split('/')[4]!, (await objects.get(key))!]);
  for (const id of was.keys()) was.set(id, JSON.stringify((await read(id)).body));
  const replace = async (key: string, body: Uint8Array) => {
    await objects.delete([key]);
    expect(await objects.putIfAbsent(key, body)).toBe(true);
  };
  /** 'harmless' or 'damaged'; anything else fails. */
  const judge = async (id: string): Promise<'harmless' | 'damaged'> => {
    const answer = await read(id);
    expect(answer.status).toBe(200);
    if (JSON.stringify(answer.body) === was.get(id)) return 'harmless';
    expect(answer.body.gaps).toContainEqual(expect.objectContaining({ reason: 'damaged' }));
    expect(answer.body.events).toEqual([]);
    return 'damaged';
  };
  const expectExact = async (but: string) => {
    for (const [id, text] of was) if (id !== but) expect(JSON.stringify((await read(id)).body)).toBe(text);
  };
  return { bytes, replace, judge, expectExact };
}

it(`${FLIPS} flipped bits in objects are noticed or harmless (seed ${SEED})`, {
  timeout: 60_000 + FLIPS * 20,
}, async () => {
  const { bytes, replace, judge, expectExact } = await sealed();
  const random = randomFrom(SEED);
  const seen = { harmless: 0, damaged: 0 };
  for (let i = 0; i < FLIPS; i++) {
    const [key, id, whole] = bytes[random(bytes.length)]!;
    const flipped = whole.slice();
    flipped[random(flipped.length)]! ^= 1 << random(8);
    await replace(key, flipped);
    seen[await judge(id)]++;
    if (i % OTHERS_EVERY === 0) await expectExact(id);
    await replace(key, whole);
  }
  console.info(`${FLIPS} flips: ${seen.damaged} told as damaged, ${seen.harmless} harmless, 0 wrong`);
  expect(seen.damaged).toBeGreaterThan(FLIPS / 2);
});

it('an object that was cut anywhere, or is that of another session, is told as damaged', async () => {
  const { bytes, replace, judge, expectExact } = await sealed();
  const [key, id, whole] = bytes[3]!;
  for (let length = 0; length < whole.length; length++) {
    await replace(key, whole.slice(0, length));
    expect([length, await judge(id)]).toEqual([length, 'damaged']);
  }
  for (const [, , other] of bytes.filter(([, owner]) => owner !== id)) {
    await replace(key, other);
    expect(await judge(id)).toBe('damaged');
  }
  await expectExact(id);
});
