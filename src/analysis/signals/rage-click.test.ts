// Rage clicks: what is one, and the many clicks that are none.
import { expect, test } from 'vitest';
import { clicks, findIn, reasonsOf, since } from '../../../test/fixtures/findings.ts';
import { click, SHOP, view } from '../../../test/fixtures/recordings.ts';

const rage = (events: Parameters<typeof reasonsOf>[1]) => reasonsOf('rage_click', events);

test('four clicks on a button that does nothing are a rage click', () => {
  const [found] = findIn(clicks(4, 300, null)).filter(({ signal }) => signal === 'rage_click');
  expect(found).toEqual({
    signal: 'rage_click',
    from: expect.any(Number),
    to: expect.any(Number),
    page: SHOP,
    element: 'BUTTON#pay',
    reason: '4 clicks in 0.9 s on BUTTON#pay, nothing happened',
  });
  expect(since(found!)).toEqual([1000, 1900]);
});

test('the reason says what the page did at last', () => {
  expect(rage([...clicks(4, 300, null), view(4200, { page: 'https://shop.example/paid' })])).toEqual([
    '4 clicks in 0.9 s on BUTTON#pay, the next page came after 3.2 s',
  ]);
  expect(rage([...clicks(4, 300, null), click(2100, 300, 200, { effect_ms: 80 })])).toEqual([
    '5 clicks in 1.1 s on BUTTON#pay, 1 of them had an effect',
  ]);
  expect(rage(clicks(4, 600, 580))).toEqual(['4 clicks in 1.8 s on BUTTON#pay, the page needed up to 0.6 s']);
});

test('where effects were not measured it says nothing of them', () => {
  expect(rage(clicks(5, 200, undefined))).toEqual(['5 clicks in 0.8 s on BUTTON#pay']);
});

test('a double and a triple click are none, though text is selected and nothing happens', () => {
  expect(rage(clicks(2, 120, null, { element: 'P' }))).toEqual([]);
  expect(rage(clicks(3, 120, null, { element: 'P' }))).toEqual([]);
});

test('a word and then a line selected in one place, and clicks into a field, are none; still more clicks there are one', () => {
  expect(rage(clicks(5, 150, null, { element: 'P' }))).toEqual([]);
  expect(rage(clicks(6, 300, null, { element: 'INPUT#quantity' }))).toEqual([]);
  expect(rage(clicks(8, 150, null, { element: 'P' }))).toHaveLength(1);
});

test('words selected one after the other are none', () => {
  const words = [0, 1, 2, 3].flatMap((word) =>
    [0, 120].map((ms) => click(1000 + word * 600 + ms, 100 + word * 90, 200, { element: 'P', effect_ms: null })),
  );
  expect(rage(words)).toEqual([]);
});

test('a stepper is none: each press has its effect at once', () => {
  expect(rage(clicks(12, 180, 12, { element: 'BUTTON.plus' }))).toEqual([]);
});

test('a carousel is none, though its last presses are past its end', () => {
  const end = [0, 1].map((i) => click(4000 + i * 400, 300, 200, { element: 'BUTTON.arrow', effect_ms: null }));
  expect(rage([...clicks(8, 400, 30, { element: 'BUTTON.arrow' }), ...end])).toEqual([]);
});

test('where effects were not measured the name of a stepper tells', () => {
  for (const element of [
    'BUTTON.carousel-next',
    'BUTTON#nextSlide',
    'A.pagination__link',
    'BUTTON.qty',
    'SPAN.ui-spinner-up',
  ]) {
    expect(rage(clicks(6, 200, undefined, { element }))).toEqual([]);
  }
  expect(rage(clicks(6, 200, undefined, { element: 'BUTTON#nextdoor' }))).toHaveLength(1);
});

test('slow clicks, and clicks all over the page, are none', () => {
  expect(rage(clicks(6, 900, null))).toEqual([]);
  expect(rage([0, 1, 2, 3, 4].map((i) => click(1000 + i * 200, 100 + i * 60, 200, { effect_ms: null })))).toEqual([]);
});

test('games, drawings and films are none: what they do is not seen', () => {
  for (const element of ['CANVAS#game', 'VIDEO', 'IFRAME.map'])
    expect(rage(clicks(20, 150, null, { element }))).toEqual([]);
});

test('a key that is held down, and a script, are none: no hand is as fast', () => {
  expect(rage(clicks(40, 30, null))).toEqual([]);
});

test('each outburst is found for itself', () => {
  const later = clicks(4, 200, null).map((event) => ({ ...event, timestamp: event.timestamp + 5000 }));
  expect(rage([...clicks(4, 200, null), ...later])).toHaveLength(2);
});
