// Which page loads make a tab, told by histories of tabs, and what one tab alone shows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvents, at, click, move, recordingOf, SHOP, view } from '../../test/fixtures/recordings.ts';
import { frameAt } from './frame.ts';
import { onlyTab, tabWith } from './only-tab.ts';
import type { Recording } from './recording.ts';

const on = (load: string, page: string) => ({ event_id: `${load}.0.0`, page: SHOP + page });
const opened = (ms: number, load: string, page: string) => view(ms, on(load, page));
const moved = (ms: number, load: string, page: string) => move(ms, 10, 10, on(load, page));
const turned = (ms: number, state: 'hidden' | 'visible', load: string, page: string) =>
  at(ms, { event_type: 'visibility_change', state, ...on(load, page) });

/** Each tab as `page from-to` of its chapters. */
const told = ({ tabs, views }: Recording) =>
  tabs.map(({ chapters }) =>
    chapters.map(({ from, to, view }) => `${views[view]!.page.slice(SHOP.length)} ${from}-${to}`).join(', '),
  );

test('page loads that follow each other are one tab', () => {
  const recording = recordingOf([
    opened(0, 'a', 'list'),
    moved(4000, 'a', 'list'),
    turned(5000, 'hidden', 'a', 'list'),
    opened(5400, 'b', 'item'),
    turned(9000, 'hidden', 'b', 'item'),
    opened(60_000, 'c', 'list'),
    moved(70_000, 'c', 'list'),
  ]);
  expect(told(recording)).toEqual(['list 0-5400, item 5400-9000, list 60000-70000']);
});

test('page loads that live at the same time are different tabs, each in use while it is seen', () => {
  const recording = recordingOf([
    opened(0, 'a', 'list'),
    turned(5000, 'hidden', 'a', 'list'),
    opened(5300, 'b', 'item'),
    turned(20_000, 'hidden', 'b', 'item'),
    turned(20_100, 'visible', 'a', 'list'),
    moved(25_000, 'a', 'list'),
    turned(30_000, 'hidden', 'a', 'list'),
    turned(30_050, 'visible', 'b', 'item'),
    moved(40_000, 'b', 'item'),
  ]);
  expect(told(recording)).toEqual(['list 0-30000', 'item 5300-40000']);
  expect(recording.tabs.map(({ active }) => active)).toEqual([
    [
      { from: 0, to: 5300 },
      { from: 20_100, to: 30_050 },
    ],
    [
      { from: 5300, to: 20_100 },
      { from: 30_050, to: 40_000 },
    ],
  ]);
});

test('a load goes into the tab that ended last, and never into one that is still there', () => {
  const recording = recordingOf([
    opened(0, 'a', 'one'),
    opened(1000, 'b', 'two'),
    opened(2000, 'c', 'three'),
    turned(3000, 'hidden', 'a', 'one'),
    turned(4000, 'hidden', 'b', 'two'),
    opened(5000, 'd', 'four'),
    turned(6000, 'visible', 'c', 'three'),
    opened(7000, 'e', 'five'),
    moved(8000, 'd', 'four'),
    moved(8000, 'c', 'three'),
  ]);
  expect(told(recording).map((chapters) => chapters.replaceAll(/ [\d-]+/g, ''))).toEqual([
    'one, five',
    'two, four',
    'three',
  ]);
});

test('a page that comes back from the browser’s cache is in the tab that it left', () => {
  const recording = recordingOf([
    opened(0, 'a', 'list'),
    turned(5000, 'hidden', 'a', 'list'),
    opened(5400, 'b', 'item'),
    turned(9000, 'hidden', 'b', 'item'),
    opened(9200, 'a', 'list'),
    turned(12_000, 'hidden', 'a', 'list'),
    opened(12_300, 'c', 'cart'),
    moved(13_000, 'c', 'cart'),
  ]);
  expect(told(recording)).toEqual(['list 0-5400, item 5400-9200, list 9200-12300, cart 12300-13000']);
});

test('of ids that tell nothing all is one tab', () => {
  const events = [
    view(0, { event_id: 'x1' }),
    move(100, 1, 1, { event_id: 'x2' }),
    view(900, { event_id: 'x3', page: `${SHOP}b` }),
  ];
  expect(told(recordingOf(events))).toEqual([' 0-900, b 900-900']);
  expect(recordingOf([]).tabs).toEqual([]);
});

test('every view is in one chapter of one tab, in order, and no two tabs are in use at once, whatever came in', () => {
  fc.assert(
    fc.property(anyEvents(), (events) => {
      const { tabs, views, duration } = recordingOf(events);
      const all = tabs.flatMap(({ chapters }) => chapters.map(({ view }) => view));
      expect(all.sort((a, b) => a - b)).toEqual(views.map((_, i) => i));
      for (const { chapters } of tabs) {
        for (const [i, { from, to }] of chapters.entries()) {
          expect(to).toBeGreaterThanOrEqual(from);
          if (i > 0) expect(from).toBeGreaterThanOrEqual(chapters[i - 1]!.from);
        }
      }
      const stretches = tabs.flatMap(({ active }) => active).sort((a, b) => a.from - b.from || a.to - b.to);
      for (const [i, { from, to }] of stretches.entries()) {
        if (i > 0) expect(from).toBeGreaterThanOrEqual(stretches[i - 1]!.to);
        expect(to).toBeLessThanOrEqual(duration);
      }
    }),
  );
});

test('who stays on a tab sees its page and its cursor, and that it was hidden while another one was in use', () => {
  const recording = recordingOf([
    opened(0, 'a', 'list'),
    move(1000, 100, 50, on('a', 'list')),
    opened(5000, 'b', 'item'),
    move(6000, 700, 400, on('b', 'item')),
    click(7000, 700, 400, on('b', 'item')),
    turned(10_000, 'visible', 'a', 'list'),
    move(14_000, 200, 60, on('a', 'list')),
  ]);
  const [list, item] = recording.tabs.map((tab) => onlyTab(recording, tab));
  expect(frameAt(recording, 7000)).toMatchObject({ page: `${SHOP}item`, cursor: { x: 700 }, hidden: false });
  expect(frameAt(list!, 7000)).toMatchObject({ page: `${SHOP}list`, cursor: { x: 100 }, hidden: true, pulses: [] });
  expect(frameAt(item!, 7000)).toMatchObject({ page: `${SHOP}item`, cursor: { x: 700 }, hidden: false });
  expect(frameAt(item!, 11_000)).toMatchObject({ page: `${SHOP}item`, cursor: { x: 700 }, hidden: true });
  expect(tabWith(recording, 1)).toBe(recording.tabs[1]);
  expect(tabWith(recording, 9)).toBeNull();
});

test('a frame of one tab is finite wherever one looks', () => {
  fc.assert(
    fc.property(anyEvents(), fc.integer({ min: 0, max: 61_000 }), (events, position) => {
      const recording = recordingOf(events);
      for (const tab of recording.tabs) {
        const { pointer } = onlyTab(recording, tab);
        for (let i = 0; i < pointer.at.length; i++) {
          expect(pointer.strokeFrom[i]).toBeLessThanOrEqual(i);
          expect(pointer.strokeTo[i]).toBeGreaterThan(i);
        }
        expect(frameAt(onlyTab(recording, tab), position).position).toBeLessThanOrEqual(recording.duration);
      }
    }),
    { numRuns: 50 },
  );
});

test('20,000 page loads at once, or one after the other, are sorted quickly', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => opened(i * 10, `load${i}`, `p${i}`));
  const alive = [...many, ...many.map((_, i) => moved(300_000 + i, `load${i}`, `p${i}`))];
  const began = performance.now();
  expect(recordingOf(alive).tabs).toHaveLength(20_000);
  expect(recordingOf(many).tabs.length).toBeLessThan(30);
  expect(performance.now() - began).toBeLessThan(4000);
});
