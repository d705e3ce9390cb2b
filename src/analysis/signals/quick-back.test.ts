// Quick backs: a page left for the one before almost at once.
import { expect, test } from 'vitest';
import { reasonsOf } from '../../../test/fixtures/findings.ts';
import { click, SHOP, view } from '../../../test/fixtures/recordings.ts';

const found = (events: Parameters<typeof reasonsOf>[1]) => reasonsOf('quick_back', events);
const PRICES = 'https://shop.example/prices';
const route = (ms: number, page: string) =>
  ({ ...view(ms, { page }), event_type: 'navigation' }) as ReturnType<typeof view>;

test('back after two seconds is one', () => {
  expect(found([view(0), view(5000, { page: PRICES }), view(7100)])).toEqual(['left /prices after 2.1 s, back to /']);
});

test('each of several in a row is one', () => {
  const other = 'https://shop.example/other';
  expect(
    found([view(0), view(5000, { page: PRICES }), view(7000), view(9000, { page: other }), view(10_500)]),
  ).toHaveLength(2);
});

test('back after a while, and on to a third page, are none', () => {
  expect(found([view(0), view(5000, { page: PRICES }), view(15_000)])).toEqual([]);
  expect(found([view(0), view(5000, { page: PRICES }), view(7000, { page: 'https://shop.example/third' })])).toEqual(
    [],
  );
});

test('another look at where one came from is none', () => {
  const list = [view(0), view(5000, { page: PRICES }), view(60_000), view(62_000, { page: PRICES })];
  expect(found(list)).toEqual([]);
});

test('a redirect is none: nobody is as fast', () => {
  expect(found([view(0), view(5000, { page: PRICES }), view(5200)])).toEqual([]);
});

test('a page through which one is led is none', () => {
  expect(found([view(0), view(5000, { page: 'https://shop.example/login' }), view(7000)])).toEqual([]);
});

test('the same page anew is none', () => {
  expect(found([view(0), view(5000), view(7000)])).toEqual([]);
});

test('a picture with a route of its own that is closed again is none', () => {
  const close = click(6900, 1, 1, { element: 'BUTTON.close', page: PRICES });
  expect(found([view(0), route(5000, PRICES), close, route(7000, SHOP)])).toEqual([]);
  expect(found([view(0), route(5000, PRICES), route(7000, SHOP)])).toHaveLength(1);
});
