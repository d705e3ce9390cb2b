// What a timeline draws of many events: clusters, stretches that can be seen, columns of activity. Nothing is lost, nothing moves by itself.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsIn, mostIn } from './activity.ts';
import { clustersIn, stretchesIn } from './cluster.ts';

const times = fc
  .array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 300 })
  .map((all) => Float64Array.from(all.sort((a, b) => a - b)));
const window = fc
  .tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 100_000 }))
  .map(([from, span]) => ({ from, to: from + span }));
const near = fc.double({ min: 0, max: 20_000, noNaN: true });

test('every event of the window is in one cluster, in order', () => {
  fc.assert(
    fc.property(times, window, near, (at, seen, apart) => {
      const clusters = clustersIn(at, seen, apart);
      const held = clusters.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
      expect(held).toEqual(held.map((_, i) => (held[0] ?? 0) + i));
      for (const [i, time] of at.entries()) if (time >= seen.from && time <= seen.to) expect(held).toContain(i);
      for (const { from, to, first, last } of clusters) {
        expect([first, last]).toEqual([at[from], at[to - 1]]);
        expect(last - first).toBeLessThanOrEqual(2 * apart);
      }
    }),
  );
});

test('two clusters are never closer than was asked for', () => {
  fc.assert(
    fc.property(times, window, near, (at, seen, apart) => {
      const clusters = clustersIn(at, seen, apart);
      for (const [i, { first }] of clusters.entries()) {
        if (i > 0) expect(first - clusters[i - 1]!.first).toBeGreaterThanOrEqual(apart * 0.999);
        if (i > 0) expect(first).toBeGreaterThan(clusters[i - 1]!.last);
      }
    }),
  );
});

test('what is one mark stays one while the window moves', () => {
  fc.assert(
    fc.property(times, window, fc.integer({ min: 1, max: 5000 }), near, (at, seen, by, apart) => {
      const moved = { from: seen.from + by, to: seen.to + by };
      const both = { from: moved.from, to: Math.max(moved.from, seen.to) };
      const inside = (view: typeof seen) =>
        clustersIn(at, view, apart).filter(({ first, last }) => first >= both.from && last <= both.to);
      expect(inside(moved)).toEqual(inside(seen));
    }),
  );
});

test('events far enough from each other stand alone, those on one spot are counted', () => {
  const at = Float64Array.of(10, 10, 10, 500, 505, 900);
  const counts = (apart: number) => clustersIn(at, { from: 0, to: 1000 }, apart).map(({ from, to }) => to - from);
  expect(counts(2)).toEqual([3, 1, 1, 1]);
  expect(counts(6)).toEqual([3, 2, 1]);
  expect(counts(0)).toEqual([3, 1, 1, 1]);
});

test('of many stretches in one spot only the first is drawn, and none that is seen is left out', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => ({ from: i * 10, to: i * 10 + 5 }));
  expect(stretchesIn(many, { from: 0, to: 100_000 }, 1000)).toHaveLength(100);
  expect(stretchesIn(many, { from: 42, to: 61 }, 1)).toEqual([
    { from: 40, to: 45 },
    { from: 50, to: 55 },
    { from: 60, to: 65 },
  ]);
  expect(stretchesIn([{ from: 0, to: 90_000 }], { from: 500, to: 600 }, 1)).toHaveLength(1);
  expect(stretchesIn([], { from: 0, to: 1 }, 1)).toEqual([]);
});

test('columns count every event of the window once, and none is higher than the highest', () => {
  fc.assert(
    fc.property(times, window, fc.double({ min: 100, max: 20_000, noNaN: true }), (at, seen, least) => {
      const { ms, first, counts } = columnsIn(at, seen, least);
      expect(ms).toBeGreaterThanOrEqual(least);
      expect(ms).toBeLessThanOrEqual(least * 2);
      expect(first * ms).toBeLessThanOrEqual(seen.from);
      expect((first + counts.length) * ms).toBeGreaterThan(seen.to);
      const most = mostIn(at, ms);
      for (const [i, count] of counts.entries()) {
        const [from, to] = [(first + i) * ms, (first + i + 1) * ms];
        expect(count).toBe(at.filter((time) => time >= from && time < to).length);
        expect(count).toBeLessThanOrEqual(most);
      }
    }),
  );
});
