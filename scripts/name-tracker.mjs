// Looks for short names with which the tracker compresses better, and writes what it found to tracker-names.json: `node scripts/name-tracker.mjs SECONDS`.
import { writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { minifyTracker, NAMES, namesOf, numbersByTop, wrapTracker } from './bundle-tracker.mjs';
import { renamed } from './rename.mjs';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$'];
/** How often a step that makes it a byte larger is taken, so that the search gets out of small hollows. */
const DARING = 0.02;

const tracker = await minifyTracker();
const { long, short } = tracker;
const letters = LETTERS.filter((letter) => !short.globals.has(letter));
const size = (names) => brotliCompressSync(wrapTracker(renamed(short, names))).length;
const any = (list) => list[Math.floor(Math.random() * list.length)];

let names = namesOf(tracker);
let now = size(names);
let best = now;
let found = names;
console.info(`${now} bytes`);
const end = Date.now() + 1000 * (Number(process.argv[2]) || 60);
while (Date.now() < end) {
  const next = swapped(names, any([...names.keys()]), Math.random() < 0.7 ? any(names) : any(letters));
  const then = size(next);
  if (then <= now + (Math.random() < DARING ? 1 : 0)) {
    names = next;
    now = then;
  }
  if (now < best) {
    best = now;
    found = names;
  }
}
console.info(`${best} bytes`);
const lines = [...numbersByTop(long)].map(([top, numbers]) => [top, numbers.map((i) => found[i]).join(' ')]);
writeFileSync(NAMES, `${JSON.stringify(Object.fromEntries(lines), undefined, 2)}\n`);

/** One variable gets another name, and whichever of its rivals had it gets its own, and so on. */
function swapped(names, first, name) {
  const next = [...names];
  const old = names[first];
  const pending = name === old ? [] : [first];
  const seen = new Set(pending);
  for (const i of pending) {
    next[i] = names[i] === old ? name : old;
    for (const rival of short.variables[i].rivals) {
      if (names[rival] !== next[i] || seen.has(rival)) continue;
      seen.add(rival);
      pending.push(rival);
    }
  }
  return next;
}
