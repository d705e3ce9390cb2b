// Idle and hidden stretches.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hiddenStretches, skipIdle, stillStretches, stretchAt } from './stretches.ts';

test('ten seconds without activity are a still stretch, less is not', () => {
  expect(stillStretches(Float64Array.of(0, 9999, 19_999, 30_000), 39_999)).toEqual([
    { from: 9999, to: 19_999 },
    { from: 19_999, to: 30_000 },
  ]);
  expect(stillStretches(Float64Array.of(), 60_000)).toEqual([{ from: 0, to: 60_000 }]);
});

test('a tab that stays hidden is hidden to the end', () => {
  expect(hiddenStretches([5000, 5200, 8000], 20_000)).toEqual([{ from: 8000, to: 20_000 }]);
});

test('a stretch is found by every position in it', () => {
  const stretches = [
    { from: 10, to: 20 },
    { from: 20, to: 30 },
    { from: 50, to: 60 },
  ];
  const found = [9, 10, 19, 20, 30, 49, 50, 59, 60].map((position) => stretchAt(stretches, position)?.from ?? null);
  expect(found).toEqual([null, 10, 10, 20, null, null, 50, 50, null]);
});

test('skipping waits a moment, then sets down shortly before the next activity, and never goes back', () => {
  const idle = [{ from: 10_000, to: 60_000 }];
  expect(skipIdle(idle, 11_000, 90_000)).toBe(11_000);
  expect(skipIdle(idle, 12_000, 90_000)).toBe(59_000);
  expect(skipIdle(idle, 59_500, 90_000)).toBe(59_500);
  expect(skipIdle(idle, 12_000, 60_000)).toBe(60_000);
  fc.assert(
    fc.property(fc.nat({ max: 90_000 }), (position) => {
      expect(skipIdle(idle, position, 90_000)).toBeGreaterThanOrEqual(position);
    }),
  );
});
