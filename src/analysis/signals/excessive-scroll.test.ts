// Excessive scrolling: up and down in search of something, and not reading.
import { expect, test } from 'vitest';
import { reasonsOf, scroll } from '../../../test/fixtures/findings.ts';
import { at, view } from '../../../test/fixtures/recordings.ts';

const found = (events: Parameters<typeof reasonsOf>[1]) => reasonsOf('excessive_scroll', events);
/** On a screen of 600 px. */
const between = (count: number, ms: number, px: number) => [
  view(0),
  ...Array.from({ length: count }, (_, i) => scroll(1000 + i * ms, (i % 2) * px)),
];

test('up and down a page again and again is one', () => {
  expect(found(between(9, 2000, 1800))).toEqual(['7 turns up and down in 12 s, 18 screens']);
});

test('less than a screen each time, once in a while, and all the way down are none', () => {
  expect(found(between(20, 1000, 500))).toEqual([]);
  expect(found(between(12, 8000, 1800))).toEqual([]);
  expect(found([view(0), ...Array.from({ length: 200 }, (_, i) => scroll(1000 + i * 250, i * 300))])).toEqual([]);
});

test('each page counts for itself', () => {
  const pages = between(9, 2000, 1800).map((event, i) => ({ ...event, page: `https://shop.example/${i >> 1}` }));
  expect(found(pages)).toEqual([]);
});

test('where no px were told per cent count', () => {
  const percents = [5, 90, 5, 90, 5, 90, 5, 90, 5].map((scroll_percent, i) =>
    at(1000 + i * 2000, { event_type: 'scroll', scroll_percent }),
  );
  expect(found(percents)).toHaveLength(1);
});
