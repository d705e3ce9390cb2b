// Bodies of POST /collect that are almost right: a real one, damaged as JSON or as bytes, from a seed. Used by fuzz.test.ts.
import { gzipSync } from 'node:zlib';
import type { SentEvent } from '../../src/format/event.ts';
import { encodePacked } from '../../src/format/packed.ts';
import { body, press, view } from '../fixtures/app-under-test.ts';
import { layout, NOW } from '../fixtures/batches.ts';

/** A whole number from 0 to below the bound. */
export type Random = (below: number) => number;

/** Mulberry32: the same numbers from the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export interface Sent {
  bytes: Uint8Array<ArrayBuffer>;
  gzipped: boolean;
}

const START = NOW - 1000;
const PAGE = 'https://shop.example/';
const EVENTS: SentEvent[] = [
  view(PAGE, NOW - 900),
  { event_type: 'mousemove', x: 3, y: 4, page: PAGE, timestamp: NOW - 880, pointer: 'mouse' },
  { event_type: 'scroll', scroll_percent: 40, scroll_x: 0, scroll_y: 300, page: PAGE, timestamp: NOW - 850 },
  { ...press(NOW - 800), element_box: { x: 1, y: 2, width: 30, height: 40 }, effect_ms: null } as SentEvent,
  layout(NOW - 780),
  { event_type: 'navigation', from: PAGE, page: `${PAGE}cart`, timestamp: NOW - 700 },
  { event_type: 'visibility_change', state: 'hidden', page: PAGE, timestamp: NOW - 600 },
  { event_type: 'error', name: 'TypeError', source: `${PAGE}a.js`, line: 3, page: PAGE, timestamp: NOW - 500 },
  { event_type: 'custom', name: 'buy', properties: { a: 1, b: 'x', c: null }, page: PAGE, timestamp: NOW - 400 },
];
const PACKED = encodePacked(EVENTS, START);

const STRANGE: ((random: Random) => unknown)[] = [
  () => null,
  () => -0,
  () => 1e308,
  () => -1,
  () => 2 ** 53,
  () => 8.64e15,
  () => 8.65e15,
  () => 0.1,
  () => '',
  () => 'NaN',
  () => '\ud800',
  () => 'a\udc00\u0000\u202e\u2028',
  () => '__proto__',
  () => 'constructor',
  () => [],
  () => [[[[[]]]]],
  () => ({ constructor: { prototype: { x: 1 } }, toString: 1, length: -1 }),
  () => JSON.parse('{"__proto__":{"x":1},"hasOwnProperty":1}'),
  () => true,
  (random) => 'x'.repeat(2 ** random(15)),
  (random) => '💥'.repeat(2 ** random(12)),
  (random) =>
    `https://${'a.'.repeat(random(300))}x/${'%'.repeat(random(2000))}?${'?a='.repeat(random(500))}#${'#/'.repeat(9)}`,
  (random) => Array.from({ length: random(1500) }, () => random(9)),
  (random) => Array.from({ length: random(300) }, () => Array.from({ length: random(14) }, () => random(3000) - 1000)),
  (random) => random(2 ** 31) - 2 ** 30,
];

type Node = Record<string, unknown>;

/** The body number `i`: the same for the same seed. Every one names a session of its own among `sessions`. */
export function makeBody(random: Random, i: number, sessions: number): Sent {
  const batch: Node = body(`f${i % sessions}`, { seq: Math.floor(i / sessions), page_id: 'fuzz' });
  batch.context = { referrer: PAGE, language: 'en', timezone: 'Asia/Kolkata', screen_width: 800, screen_height: 600 };
  if (random(3) === 0) {
    delete batch.events;
    batch.packed = random(4) === 0 ? PACKED : damagedText(random, PACKED);
  } else {
    batch.events = structuredClone(EVENTS).slice(0, 1 + random(EVENTS.length));
  }
  for (let n = random(4); n > 0; n--) damageJson(random, batch);
  let text = JSON.stringify(batch);
  if (random(8) === 0) text = damagedText(random, text);
  if (random(40) === 0) text = '['.repeat(10 ** random(5)) + text;
  if (random(40) === 0) text = text.replace('{"v":1', `{"v":1,"a":${'{"a":'.repeat(4000)}1${'}'.repeat(4000)}`);
  if (random(40) === 0) text = text.replace('"seq"', '"seq":0,"seq"');
  let bytes: Uint8Array<ArrayBuffer> = new TextEncoder().encode(text);
  const gzipped = random(5) === 0;
  if (gzipped) bytes = new Uint8Array(gzipSync(bytes, { level: 1 }));
  if (random(10) === 0) bytes = damagedBytes(random, bytes);
  return { bytes, gzipped };
}

/** Walks down to somewhere and puts something strange there, or takes it away, or doubles it. */
function damageJson(random: Random, root: Node): void {
  let node: Node = root;
  for (let depth = 0; depth < 8; depth++) {
    const names = Object.keys(node);
    if (names.length === 0) return;
    const name = names[random(names.length)]!;
    const child = node[name];
    if (typeof child === 'object' && child !== null && random(4) > 0) {
      node = child as Node;
      continue;
    }
    const what = random(6);
    if (what === 0 && !Array.isArray(node)) delete node[name];
    else if (what === 1 && Array.isArray(node)) node.push(structuredClone(child));
    else if (what === 2) node[`${name}${random(3)}`] = child;
    else node[name] = STRANGE[random(STRANGE.length)]!(random);
    return;
  }
}

function damagedText(random: Random, text: string): string {
  const at = random(text.length);
  const strange = String.fromCharCode(random(random(2) ? 128 : 65_536));
  switch (random(4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + strange + text.slice(at);
    case 2:
      return text.slice(0, at) + strange + text.slice(at + 1);
    default:
      return text.slice(0, at) + text.slice(random(text.length));
  }
}

function damagedBytes(random: Random, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (random(3) === 0) return bytes.slice(0, random(bytes.length));
  const damaged = bytes.slice();
  for (let n = 1 + random(4); n > 0; n--) damaged[random(damaged.length)] = random(256);
  return damaged;
}
