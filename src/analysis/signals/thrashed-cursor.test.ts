// Thrashed cursors: a mouse that is shaken, and not one that reads, draws or looks for its place.
import { expect, test } from 'vitest';
import { reasonsOf } from '../../../test/fixtures/findings.ts';
import { click, move } from '../../../test/fixtures/recordings.ts';

const found = (events: Parameters<typeof reasonsOf>[1]) => reasonsOf('thrashed_cursor', events);
/** Between two places, `legMs` from one to the other. */
const shaken = (count: number, legMs: number, dx: number, dy = 0) =>
  Array.from({ length: count }, (_, i) => move(1000 + i * legMs, 300 + (i % 2) * dx, 200 + (i % 2) * dy));

test('a mouse thrown to and fro is one', () => {
  expect(found(shaken(14, 160, 400))).toEqual(['12 sharp turns of the mouse in 1.8 s']);
});

test('aslant it is one, and not two', () => {
  expect(found(shaken(14, 150, 400, 300))).toHaveLength(1);
});

test('a hand that trembles, one that follows lines of text, and a few turns are none', () => {
  expect(found(shaken(40, 100, 40))).toEqual([]);
  expect(found(shaken(20, 900, 600))).toEqual([]);
  expect(found(shaken(7, 150, 400))).toEqual([]);
});

test('a finger is none', () => {
  expect(found(shaken(14, 150, 400).map((event) => ({ ...event, pointer: 'touch' }) as typeof event))).toEqual([]);
});

test('a game or a drawing is none', () => {
  expect(found([...shaken(14, 150, 400), click(4000, 300, 200, { element: 'CANVAS' })])).toEqual([]);
});
