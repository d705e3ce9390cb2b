// What a timeline's lanes hold, and which tabs get one.
import { expect, test } from 'vitest';
import { at, click, move, recordingOf, SHOP, START, view } from '../../test/fixtures/recordings.ts';
import { chooseTabs, joinTabs, lanesOf } from './lanes.ts';

const finding = (from: number, to: number) => ({
  signal: 'dead_click',
  from: START + from,
  to: START + to,
  page: SHOP,
  element: null,
  reason: `at ${from}`,
});

test('a lane holds its events in time order, findings within the session', () => {
  const recording = recordingOf(
    [
      view(0),
      click(1000, 5, 5),
      click(2000, 5, 5),
      at(3000, { event_type: 'scroll', scroll_percent: 10 }),
      at(4000, { event_type: 'error', name: 'TypeError' }),
      at(5000, { event_type: 'custom', name: 'bought' }),
    ],
    { findings: [finding(4500, 99_000), finding(-50, 1000)] },
  );
  const { at: times, signals, others } = lanesOf(recording);
  expect(Array.from(times.clicks)).toEqual([1000, 2000]);
  expect(Array.from(times.scrolls)).toEqual([3000]);
  expect(times.others).toEqual([4000, 5000]);
  expect(others.map(({ label }) => label)).toEqual(['TypeError', 'bought']);
  expect(times.signals).toEqual([0, 4500]);
  expect(signals.map(({ from, to }) => [from, to])).toEqual([
    [0, 1000],
    [4500, 5000],
  ]);
});

test('gaps that overlap are one', () => {
  const gap = (from: number, to: number) => ({ from: START + from, to: START + to, reason: 'lost' });
  const recording = recordingOf([view(0), move(9000, 1, 1)], {}, [
    gap(5000, 6000),
    gap(100, 4000),
    gap(200, 300),
    gap(4000, 4500),
  ]);
  expect(lanesOf(recording).gaps).toEqual([
    { from: 100, to: 4500 },
    { from: 5000, to: 6000 },
  ]);
});

test('of many tabs those used longest have a lane of their own, and the others share one', () => {
  const on = (load: number) => ({ event_id: `t${load}.0.0`, page: `${SHOP}${load}` });
  const events = Array.from({ length: 500 }, (_, i) => view(i * 100, on(i)));
  // Tab 7 is used for 20 s, tab 3 for 10 s; none of the others ends before.
  events.push(move(60_000, 1, 1, on(7)), move(80_000, 1, 1, on(3)));
  for (let i = 0; i < 500; i++) events.push(move(90_000 + i, 1, 1, on(i)));
  const { tabs } = recordingOf(events);
  expect(tabs).toHaveLength(500);
  const { own, others } = chooseTabs(tabs, 4);
  expect(own.map(({ load }) => load)).toEqual([3, 7, 499]);
  expect(others).toHaveLength(497);
  const shared = joinTabs(others);
  expect(shared.chapters).toHaveLength(497);
  expect(shared.chapters.every(({ from }, i, all) => i === 0 || from >= all[i - 1]!.to)).toBe(true);
  expect(shared.active.every(({ from }, i, all) => i === 0 || from >= all[i - 1]!.to)).toBe(true);
  expect(chooseTabs(tabs.slice(0, 4), 4)).toEqual({ own: tabs.slice(0, 4), others: [] });
});
