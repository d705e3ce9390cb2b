// Error clicks: an error is a click's where it follows it, and not where it comes anyway.
import { expect, test } from 'vitest';
import { fault, reasonsOf } from '../../../test/fixtures/findings.ts';
import { click, view } from '../../../test/fixtures/recordings.ts';

const found = (events: Parameters<typeof reasonsOf>[1]) => reasonsOf('error_click', events);

test('an error just after a click is one', () => {
  expect(found([click(1000, 1, 1), fault(1120)])).toEqual(['TypeError 0.1 s after a click on BUTTON#pay']);
});

test('the same after several clicks is told once', () => {
  expect(
    found([click(1000, 1, 1), fault(1100), click(3000, 1, 1), fault(3100), click(5000, 1, 1), fault(5100)]),
  ).toEqual(['TypeError after 3 clicks on BUTTON#pay']);
});

test('an error long after a click, or before any, is none', () => {
  expect(found([fault(500), click(1000, 1, 1), fault(2100)])).toEqual([]);
});

test('an error that comes by itself, too, is none', () => {
  expect(found([fault(100), fault(5000), fault(9000), click(12_900, 1, 1), fault(13_000)])).toEqual([]);
});

test('an error of a page that loads after the click is that page’s own', () => {
  const page = 'https://shop.example/next';
  expect(found([click(1000, 1, 1), view(1300, { page }), fault(1400, { page })])).toEqual([]);
});

test('an error of the route that a click opened is the click’s', () => {
  const page = 'https://shop.example/next';
  const route = { ...view(1010, { page }), event_type: 'navigation' } as ReturnType<typeof view>;
  expect(found([click(1000, 1, 1), route, fault(1100, { page })])).toHaveLength(1);
});

test('an error of another page is none', () => {
  expect(found([click(1000, 1, 1), fault(1100, { page: 'https://shop.example/other-tab' })])).toEqual([]);
});
