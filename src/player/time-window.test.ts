// Zooming and moving the window of a timeline.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWhole, panBy, reveal, roundTimes, turnTo, wholeOf, zoomAbout } from './time-window.ts';

const duration = fc.integer({ min: 0, max: 86_400_000 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('what is pointed at stays where it is while one zooms', () => {
  const closer = zoomAbout(wholeOf(60_000), 60_000, 30_000, 4);
  expect(closer).toEqual({ from: 22_500, to: 37_500 });
  expect(zoomAbout(closer, 60_000, 24_000, 2)).toEqual({ from: 23_250, to: 30_750 });
});

test('however one zooms and moves, the window is a part of the session, and out again it is the whole', () => {
  const step = fc.tuple(
    fc.constantFrom('zoom', 'pan', 'reveal', 'turn'),
    share,
    fc.double({ min: 0.1, max: 10, noNaN: true }),
  );
  fc.assert(
    fc.property(duration, fc.array(step), (ms, steps) => {
      let window = wholeOf(ms);
      for (const [kind, part, amount] of steps) {
        const at = part * ms;
        if (kind === 'zoom') window = zoomAbout(window, ms, at, amount);
        if (kind === 'pan') window = panBy(window, ms, (amount - 5) * 10_000);
        if (kind === 'reveal') window = reveal(window, ms, at);
        if (kind === 'turn') window = turnTo(window, ms, at);
        expect(window.from).toBeGreaterThanOrEqual(0);
        expect(window.to).toBeLessThanOrEqual(Math.max(1, ms));
        expect(window.to - window.from).toBeGreaterThan(0);
        if (kind === 'turn' || kind === 'reveal') {
          expect(at).toBeGreaterThanOrEqual(window.from - 1e-6);
          expect(at).toBeLessThanOrEqual(window.to + 1e-6);
        }
      }
      expect(isWhole(zoomAbout(window, ms, 0, 1e-9), ms)).toBe(true);
    }),
  );
});

test('no closer than a second, and what is seen already moves nothing', () => {
  const close = zoomAbout(wholeOf(60_000), 60_000, 10_000, 1e6);
  expect(close.to - close.from).toBe(1000);
  expect(reveal(close, 60_000, 10_100)).toBe(close);
  expect(zoomAbout(wholeOf(400), 400, 100, 50)).toEqual({ from: 0, to: 400 });
});

test('a ruler counts in round steps that are far enough apart, and never too many', () => {
  expect(roundTimes({ from: 0, to: 60_000 }, 8000)).toEqual({
    step: 10_000,
    times: [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000],
  });
  expect(roundTimes({ from: 61_234, to: 62_000 }, 150).times).toEqual([61_400, 61_600, 61_800, 62_000]);
  fc.assert(
    fc.property(duration, share, (ms, part) => {
      const window = { from: part * ms, to: part * ms + Math.max(1, ms) };
      const apart = (window.to - window.from) / 8;
      const { step, times } = roundTimes(window, apart);
      expect(step).toBeGreaterThanOrEqual(apart);
      expect(times.length).toBeLessThanOrEqual(9);
    }),
  );
});
