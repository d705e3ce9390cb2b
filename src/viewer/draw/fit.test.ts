// The visitor's viewport fits any stage, whole and undistorted.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FITTING, fitViewport, lookAt } from './fit.ts';

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

const SIGHT = {
  viewport: { width: 1000, height: 500 },
  document: { width: 1000, height: 4000, known: true },
  scroll: { x: 0, y: 1200, share: 0 },
};
const STAGE = { width: 500, height: 250 };

test('the camera that fits shows the viewport, whole', () => {
  expect(lookAt(SIGHT, STAGE, FITTING)).toEqual({
    ...fitViewport(SIGHT.viewport, STAGE),
    seen: { x: 0, y: 0, width: 500, height: 250 },
  });
});

test('a near camera looks at its point, and never past the viewport’s edge', () => {
  expect(lookAt(SIGHT, STAGE, { scale: 1, free: false, x: 500, y: 250 })).toMatchObject({ left: -250, top: -125 });
  expect(lookAt(SIGHT, STAGE, { scale: 1, free: false, x: -99, y: 9999 })).toMatchObject({ left: 0, top: -250 });
});

test('a free camera stays where it looks when the visitor scrolls, and reaches all of the document', () => {
  const free = { scale: 0.5, free: true, x: 500, y: 250 };
  expect(lookAt(SIGHT, STAGE, free)).toMatchObject({ top: 600, seen: { y: -600, height: 250 } });
  const scrolled = { ...SIGHT, scroll: { x: 0, y: 3000, share: 0 } };
  expect(lookAt(scrolled, STAGE, free)).toMatchObject({ top: 1500, seen: { y: -1500, height: 250 } });
  expect(lookAt(SIGHT, STAGE, { ...free, y: 1e9 })).toMatchObject({ seen: { y: 1150, height: 250 } });
  const far = lookAt(SIGHT, STAGE, { ...free, scale: 0 });
  expect(far.scale).toBe(250 / 4000);
  expect(far.seen).toEqual({ x: 0, y: -75, width: 62.5, height: 250 });
});

test('whatever a camera looks at, something of the page is on the stage', () => {
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const camera = fc.record({
    scale: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
    free: fc.boolean(),
    x: number,
    y: number,
  });
  fc.assert(
    fc.property(camera, (any) => {
      const { left, top, seen } = lookAt(SIGHT, STAGE, any);
      expect(seen.width).toBeGreaterThan(1);
      expect(seen.height).toBeGreaterThan(1);
      expect(left + seen.x).toBeGreaterThanOrEqual(-1e-6);
      expect(top + seen.y + seen.height).toBeLessThanOrEqual(STAGE.height + 1e-6);
    }),
  );
});
