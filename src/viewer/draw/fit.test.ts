// The visitor's viewport fits any stage, whole and undistorted.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitViewport } from './fit.ts';

test('a viewport fills one side of the stage and is centred on the other', () => {
  expect(fitViewport({ width: 1000, height: 500 }, { width: 500, height: 500 })).toEqual({
    scale: 0.5,
    width: 500,
    height: 250,
    left: 0,
    top: 125,
  });
});

test('whatever its size, it lies within the stage in its own shape', () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 1_000_000 }),
    height: fc.integer({ min: 1, max: 1_000_000 }),
  });
  fc.assert(
    fc.property(size, size, (viewport, stage) => {
      const { left, top, width, height } = fitViewport(viewport, stage);
      expect(left).toBeGreaterThanOrEqual(-1e-6);
      expect(top).toBeGreaterThanOrEqual(-1e-6);
      expect(left + width).toBeLessThanOrEqual(stage.width + 1e-6);
      expect(top + height).toBeLessThanOrEqual(stage.height + 1e-6);
      expect(width / height).toBeCloseTo(viewport.width / viewport.height, 4);
    }),
  );
});
