// Whether the time that a wrong key takes tells how much of it is right: Welch's t over 100,000 samples of each kind, or as many as an argument says. Run by hand, on Node 24: `node scripts/key-timing.mjs`.
import { ApiKey, isSameDigest } from '../src/server/api-key.ts';
import { createKey, makeKey } from '../src/server/keys.ts';
import { MemoryObjectStore } from '../src/server/memory.ts';
import { sha256 } from '../src/server/sha256.ts';

const SAMPLES = Number(process.argv[2] ?? 100_000);
/** Above this |t| a difference is real: chance alone gives it once in some 100,000 times. */
const BOUND = 4.5;
/** Of all samples the slowest are left out: they tell of the machine. */
const KEPT = 0.95;

const stores = { objects: new MemoryObjectStore(), clock: { now: () => Date.now() } };
const owner = 'an-owner-key-of-many-characters-0123456789';
const named = await makeKey();
await createKey(stores, { ...named, name: 'ci', scopes: ['read'], expires_at: null });
const keys = new ApiKey(owner, stores);

/** A key of this id and secret, with the check digits that it needs to be looked up. */
async function keyOf(id, secret) {
  const text = `sil_${id}_${secret}`;
  return text + (await sha256(text)).slice(0, 6);
}

const secret = named.key.slice(17, 65);
const other = (digit) => (digit === '0' ? '1' : '0');
const pairs = {
  "the owner's key, but for its last character, or its first": [`${owner.slice(0, -1)}!`, `!${owner.slice(1)}`],
  'a named key, but for its last digit, or all of them': [
    await keyOf(named.id, secret.slice(0, -1) + other(secret.at(-1))),
    await keyOf(named.id, [...secret].map(other).join('')),
  ],
};

const right = await sha256(owner);
const [nearly, nothing] = [right.slice(0, -1) + other(right.at(-1)), [...right].map(other).join('')];
/** Where a text lies in memory makes a difference, too, and tells nothing of keys: there are many of each, side by side, now one first, now the other. */
const COPIES = 100;
const copiesOf = (make, [near, far]) =>
  Array.from({ length: COPIES }, (_, i) => (i % 2 ? [far, near].map(make).reverse() : [near, far].map(make)));
const alike = (text) => Buffer.from(text).toString('latin1');
const requestOf = (key) => new Request('http://localhost/', { headers: { 'x-api-key': alike(key) } });
const digests = copiesOf(alike, [nearly, nothing]);

/** What must not be: it ends with the first character that differs. Shows that a difference would be seen. */
function endsEarly(a, b) {
  for (let i = 0; i < b.length; i++) if (a.charCodeAt(i) !== b.charCodeAt(i)) return false;
  return a.length === b.length;
}

let failed = false;
for (const [name, [near, far]] of Object.entries(pairs)) {
  const requests = copiesOf(requestOf, [near, far]);
  const check = async (which, i) => {
    if ((await keys.check(requests[i][which])) !== 'wrong') throw new Error('a wrong key was taken');
  };
  await report(name, check, (t) => Math.abs(t) < BOUND);
}
const compare = (same) => (which, i) => {
  if (same(digests[i][which], right)) throw new Error('another digest was taken');
};
// Alone it takes some nanoseconds, of which where a text lies is a part that can be seen: it is far below the other.
await report('two digests alone', compare(isSameDigest), (t) => Math.abs(t) < 10 * BOUND);
await report('two digests, compared as they must not be', compare(endsEarly), (t) => Math.abs(t) >= 100 * BOUND);
process.exitCode = failed ? 1 : 0;

async function report(name, check, isRight) {
  const t = welch(...(await timesOf(check)));
  failed ||= !isRight(t);
  console.log(`${name}: t = ${t.toFixed(2)} over ${SAMPLES} samples each (${isRight(t) ? 'as it must be' : 'WRONG'})`);
}

/** Nanoseconds of each check, in an order that is drawn by lot. */
async function timesOf(check) {
  const times = [[], []];
  for (let i = 0; i < 20_000; i++) await check(i % 2, i % COPIES);
  while (times.some((some) => some.length < SAMPLES)) {
    const which = Math.random() < 0.5 ? 0 : 1;
    const copy = Math.floor(Math.random() * COPIES);
    const began = process.hrtime.bigint();
    const done = check(which, copy);
    if (done) await done;
    const took = Number(process.hrtime.bigint() - began);
    if (times[which].length < SAMPLES) times[which].push(took);
  }
  const bound = times.flat().sort((a, b) => a - b)[Math.floor(2 * SAMPLES * KEPT) - 1];
  return times.map((some) => some.filter((time) => time <= bound));
}

function welch(a, b) {
  const mean = (of) => of.reduce((sum, x) => sum + x, 0) / of.length;
  const spread = (of, m) => of.reduce((sum, x) => sum + (x - m) ** 2, 0) / (of.length - 1) / of.length;
  const [ma, mb] = [mean(a), mean(b)];
  return (ma - mb) / Math.sqrt(spread(a, ma) + spread(b, mb));
}
