// Colours of 12 bits are painted as they are, but for those that are almost white.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paintedColour } from './colour.ts';

test('what is almost white is painted with half of its tint', () => {
  expect(paintedColour('#eff')).toBe('rgb(244 252 252 / 1)');
  expect(paintedColour('#eefc')).toBe('rgb(241 241 249 / 0.8)');
});

test('every other colour stays, and the empty one', () => {
  for (const colour of ['', '#fff', '#eee', '#000', '#123', '#bcd', '#cff', '#35d', '#35d8'])
    expect(paintedColour(colour)).toBe(colour);
});

test('no channel moves by more than half of a step of 12 bits', () => {
  const channel = fc.integer({ min: 0, max: 15 });
  fc.assert(
    fc.property(channel, channel, channel, (...channels) => {
      const painted = paintedColour(`#${channels.map((digit) => digit.toString(16)).join('')}`);
      const seen = /^rgb\((\d+) (\d+) (\d+)/.exec(painted)?.slice(1).map(Number) ?? channels.map((digit) => digit * 17);
      for (const [i, digit] of channels.entries()) expect(Math.abs(seen[i]! - digit * 17)).toBeLessThanOrEqual(12);
    }),
  );
});
