// Which moments of a recording become frames of a video.
import { expect, test } from 'vitest';
import { clockOf } from './clock-of.ts';
import { lengthOf, timesOf } from './video-times.ts';

const recording = { idle: [{ from: 20_000, to: 50_000 }], duration: 60_000 };
const whole = { from: 0, to: 60_000 };

test('a video has thirty frames a second, at any speed, and is as long as its stretch', () => {
  for (const speed of [1, 2, 4, 8])
    expect(timesOf(recording, { range: whole, speed, skipsIdle: false })).toHaveLength((60 * 30) / speed);
  const stretch = timesOf(recording, { range: { from: 5000, to: 6000 }, speed: 1, skipsIdle: false });
  expect(stretch).toHaveLength(30);
  expect([stretch[0], stretch[15]]).toEqual([5000, 5500]);
});

test('idle time is jumped over, forwards only, and never beyond the stretch', () => {
  const times = timesOf(recording, { range: whole, speed: 2, skipsIdle: true });
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.length).toBeLessThan((34 * 30) / 2);
  expect(times.filter((time) => time > 23_000 && time < 48_000)).toEqual([]);
  expect(Math.max(...times)).toBeLessThanOrEqual(60_000);
});

test('a moment is one frame, and an endless recording does not take endless work', () => {
  expect(timesOf(recording, { range: { from: 7, to: 7 }, speed: 1, skipsIdle: true })).toEqual([7]);
  expect(
    timesOf({ idle: [], duration: 1e12 }, { range: { from: 0, to: 1e12 }, speed: 1, skipsIdle: false }),
  ).toHaveLength(108_001);
});

test('an hour of video is made, and not a frame more', () => {
  const pace = { range: { from: 0, to: 7_200_000 }, skipsIdle: false };
  const long = { idle: [], duration: 7_200_000 };
  expect([1, 2].map((speed) => lengthOf(long, { ...pace, speed }))).toEqual([null, 3_600_000]);
  expect(lengthOf(long, { ...pace, range: { from: 0, to: 7_200_067 }, speed: 2 })).toBe(null);
});

test('times are typed as they are shown', () => {
  expect(['3', '2:03', '1:02:03', ' 0:00.5 '].map(clockOf)).toEqual([3000, 123_000, 3_723_000, 500]);
  expect(['', 'x', '1:', '-1', '1:2:3:4', '1e3', 'Infinity'].map(clockOf)).toEqual(Array(7).fill(null));
});
