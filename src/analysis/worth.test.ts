// How much a session is worth watching: the examples of docs/signals.md, and that it never falls when more is found.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Finding, SIGNALS } from '../format/signal.ts';
import { countSignals, headlineOf, worthOf, worthReasons } from './worth.ts';

test.each([
  ['a bounce', 0, {}, 0],
  ['a reader', 41, {}, 12],
  ['an enthusiast', 96, {}, 29],
  ['a shopper who hesitates once', 71, { hesitation: 1 }, 29],
  ['a dead button, hit four times', 20, { rage_click: 1, dead_click: 1 }, 52],
  ['an order that fails', 71, { error_click: 2, rage_click: 1, abandoned_form: 1 }, 100],
] as const)('%s', (_, engagement_score, signals, worth) => {
  expect(worthOf({ engagement_score, signals })).toBe(worth);
});

const counts = fc.record(Object.fromEntries(SIGNALS.map((signal) => [signal, fc.nat(100)])), { requiredKeys: [] });

test('it lies between 0 and 100, and never falls when more is found or done', () => {
  fc.assert(
    fc.property(counts, fc.nat(100), fc.constantFrom(...SIGNALS), (signals, engagement_score, signal) => {
      const worth = worthOf({ signals, engagement_score });
      expect(Number.isInteger(worth) && worth >= 0 && worth <= 100).toBe(true);
      const more = { ...signals, [signal]: (signals[signal] ?? 0) + 1 };
      expect(worthOf({ signals: more, engagement_score })).toBeGreaterThanOrEqual(worth);
      expect(worthOf({ signals, engagement_score: Math.min(100, engagement_score + 1) })).toBeGreaterThanOrEqual(worth);
    }),
  );
});

test('its reasons add up to it, most first', () => {
  const reasons = worthReasons({ engagement_score: 50, signals: { dead_click: 3, rage_click: 1 } });
  expect(reasons.map(({ what, count, points }) => [what, count, points])).toEqual([
    ['rage_click', 1, 30],
    ['dead_click', 3, 28],
    ['engagement', 1, 15],
  ]);
});

test('the headline is the first of the gravest kind', () => {
  const finding = (signal: Finding['signal'], from: number): Finding => ({
    signal,
    from,
    to: from,
    page: 'https://shop.example/',
    element: null,
    reason: `${signal} at ${from}`,
  });
  const found = [finding('hesitation', 1), finding('rage_click', 2), finding('rage_click', 3)];
  expect(headlineOf(found)).toBe('rage_click at 2');
  expect(countSignals(found)).toEqual({ hesitation: 1, rage_click: 2 });
  expect(headlineOf([])).toBeNull();
});
