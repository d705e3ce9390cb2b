// Filters told as chips, and what a person types as a bound.
import { expect, test } from 'vitest';
import { boundOf, chipsOf, timeText } from './filter-words.ts';

test('a time is typed in seconds or with colons, anything else as a whole number', () => {
  expect(boundOf('duration', '90')).toBe('90000');
  expect(boundOf('active', ' 1:30 ')).toBe('90000');
  expect(boundOf('duration', '1:02:03')).toBe('3723000');
  expect(boundOf('pages', '3')).toBe('3');
  expect(boundOf('worth', '')).toBe('');
  for (const nonsense of ['long', '-1', '1.5', '1:2:3:4', '1e9']) expect(boundOf('duration', nonsense)).toBeNull();
  expect(boundOf('score', '1:30')).toBeNull();
});

test('each filter is one chip; signals, days and running ones have buttons of their own', () => {
  const filters = {
    signal: ['rage_click'],
    status: ['live'],
    last: ['7d'],
    watched: ['false'],
    country: ['IN', 'DE'],
    entry_page: ['https://shop.example/pricing', '/cart'],
    min_duration: ['60000'],
    max_duration: ['300000'],
    min_worth: ['50'],
    max_pages: ['3'],
  };
  expect(chipsOf(filters).map(({ text }) => text)).toEqual([
    'Unwatched',
    'Entry page: shop.example/pricing, /cart',
    'Country: India, Germany',
    'Duration 1:00 – 5:00',
    'Pages at most 3',
    'Worth watching at least 50',
  ]);
  expect(chipsOf({})).toEqual([]);
});

test('when is a span, days, or any time', () => {
  expect(timeText({})).toBe('Any time');
  expect(timeText({ last: ['7d'] })).toBe('Last 7 days');
  expect(timeText({ from: ['2026-11-01'], to: ['2026-11-01'] })).toBe('2026-11-01');
  expect(timeText({ from: ['2026-11-01'], to: ['2026-11-03'] })).toBe('2026-11-01 – 2026-11-03');
  expect(timeText({ to: ['2026-11-03'] })).toBe('Until 2026-11-03');
});
