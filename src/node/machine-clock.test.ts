// When the machine's clock is believed.
import { expect, test } from 'vitest';
import { MachineClock } from './machine-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

function start() {
  const hands = { wall: 1_770_000_000_000, elapsed: 5000 };
  const clock = new MachineClock(
    () => hands.wall,
    () => hands.elapsed,
  );
  /** Time goes by. */
  const pass = (ms: number) => {
    hands.wall += ms;
    hands.elapsed += ms;
  };
  /** Somebody sets the clock. */
  const set = (ms: number) => {
    hands.wall += ms;
  };
  return { clock, hands, pass, set };
}

test('a clock that goes on as it should is steady, for years', () => {
  const { clock, hands, pass, set } = start();
  for (let hour = 0; hour < 3 * 365 * 24; hour += 7) {
    pass(7 * HOUR);
    // Drift, and what sets it right.
    set(hour % 2 ? 3 * MINUTE : -2 * MINUTE);
    expect(clock.isSteady()).toBe(true);
  }
  expect(clock.now()).toBe(hands.wall);
});

test('one that leaps by ten years for a minute is not, and is again afterwards', () => {
  const { clock, pass, set } = start();
  set(10 * YEAR);
  for (let second = 0; second < 60; second++) {
    pass(1000);
    expect(clock.isSteady()).toBe(false);
  }
  set(-10 * YEAR);
  expect(clock.isSteady()).toBe(true);
  pass(2 * HOUR);
  expect(clock.isSteady()).toBe(true);
});

test('one that leaps again and again is not believed, however long that goes on', () => {
  const { clock, pass, set } = start();
  for (let leap = 0; leap < 48; leap++) {
    set(leap % 2 ? -2 * YEAR : 3 * YEAR);
    pass(59 * MINUTE);
    expect(clock.isSteady()).toBe(false);
  }
});

test('one that stands where it leapt to is believed after an hour: the machine slept, or it was wrong before', () => {
  const { clock, pass, set } = start();
  set(3 * DAY);
  expect(clock.isSteady()).toBe(false);
  pass(59 * MINUTE);
  expect(clock.isSteady()).toBe(false);
  pass(MINUTE);
  expect(clock.isSteady()).toBe(true);
  pass(HOUR);
  expect(clock.isSteady()).toBe(true);
});

test('one that goes back is steady, and its way ahead again is a leap', () => {
  const { clock, pass, set } = start();
  set(-YEAR);
  expect(clock.isSteady()).toBe(true);
  pass(MINUTE);
  set(YEAR);
  expect(clock.isSteady()).toBe(false);
});
