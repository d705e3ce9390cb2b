// Where the lanes of a timeline lie.
import { expect, test } from 'vitest';
import { type RowsWanted, rowsOf, scaleOf, xOf } from './timeline-rows.ts';

const wanted: RowsWanted = { rem: 16, tabs: 1, hasSignals: true, hasOthers: true, isCompact: false };

test('the height follows from the number of tabs alone: what a session holds moves nothing on the page', () => {
  for (const isCompact of [false, true]) {
    for (const tabs of [0, 1, 2, 6]) {
      const heights = [true, false].flatMap((hasSignals) =>
        [true, false].map((hasOthers) => rowsOf({ ...wanted, isCompact, tabs, hasSignals, hasOthers }).height),
      );
      expect(new Set(heights).size).toBe(1);
    }
    expect(rowsOf({ ...wanted, isCompact, tabs: 0 }).height).toBe(rowsOf({ ...wanted, isCompact }).height);
    expect(rowsOf({ ...wanted, isCompact }).height).toBeGreaterThan(44);
  }
});

test('lanes follow each other without overlap, and what is pressed beside one is 24 px high', () => {
  for (const tabs of [1, 3]) {
    const { ruler, tabs: lanes, signals, clicks, others, scrolls, activity, height } = rowsOf({ ...wanted, tabs });
    const all = [ruler, ...lanes, signals, clicks, others, scrolls];
    for (const [i, row] of all.entries()) if (i > 0) expect(row.top).toBe(all[i - 1]!.top + all[i - 1]!.height);
    expect(activity.top + activity.height).toBe(height);
    expect(activity.height).toBeGreaterThan(scrolls.height);
    if (tabs > 1) for (const row of [ruler, ...lanes]) expect(row.height).toBeGreaterThanOrEqual(24);
  }
});

test('a time lies where its share of the window is', () => {
  const view = { window: { from: 1000, to: 3000 }, size: { width: 500, height: 10 } };
  expect([1000, 2000, 3000, 0].map((at) => xOf(view, at))).toEqual([0, 250, 500, -250]);
  expect(scaleOf(view)).toBe(4);
});
