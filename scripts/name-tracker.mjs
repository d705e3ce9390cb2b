// Looks for short names and an order of declarations with which the tracker compresses better, and writes what it found to tracker-names.json: `node scripts/name-tracker.mjs SECONDS`.
import { writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { minifyTracker, NAMES, namesOf, numbersByTop, orderOf, wrapTracker } from './bundle-tracker.mjs';
import { declarationsOf, inOrder, written } from './declarations.mjs';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$'];
/** How often a step that makes it a byte larger is taken, so that the search gets out of small hollows. */
const DARING = 0.02;
/** How often a declaration is moved, not a name changed. */
const MOVING = 0.4;

const tracker = await minifyTracker();
const { long, short } = tracker;
const { declarations } = declarationsOf(long);
const parts = declarationsOf(short);
const letters = LETTERS.filter((letter) => !short.globals.has(letter));
const size = ({ order, names }) => brotliCompressSync(wrapTracker(written(parts, order, names))).length;
const any = (list) => list[Math.floor(Math.random() * list.length)];

let at = { order: orderOf(tracker), names: namesOf(tracker) };
let now = size(at);
let best = now;
let found = at;
console.info(`${now} bytes`);
const end = Date.now() + 1000 * (Number(process.argv[2]) || 60);
while (Date.now() < end) {
  const next = { ...at };
  if (Math.random() < MOVING) next.order = moved(at.order);
  else next.names = swapped(at.names, any([...at.names.keys()]), Math.random() < 0.7 ? any(at.names) : any(letters));
  const then = size(next);
  if (then <= now + (Math.random() < DARING ? 1 : 0)) {
    at = next;
    now = then;
  }
  if (now < best) {
    best = now;
    found = at;
  }
}
console.info(`${best} bytes`);
const numbers = numbersByTop(long);
const tops = new Set([...found.order.map((i) => declarations[i].name), ...numbers.keys()]);
const lines = [...tops].map((top) => [top, (numbers.get(top) ?? []).map((i) => found.names[i]).join(' ')]);
writeFileSync(NAMES, `${JSON.stringify(Object.fromEntries(lines), undefined, 2)}\n`);

/** A few declarations that follow each other lie somewhere else. */
function moved(order) {
  const next = [...order];
  const few = next.splice(Math.floor(Math.random() * next.length), Math.random() < 0.7 ? 1 : 1 + any([1, 2, 3]));
  next.splice(Math.floor(Math.random() * next.length), 0, ...few);
  return inOrder(declarations, next);
}

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
