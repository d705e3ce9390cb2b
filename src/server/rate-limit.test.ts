// What the rate limits let pass, and how long they say to wait.
import { expect, test } from 'vitest';
import {
  Bucket,
  CLIENT_BATCHES,
  CLIENT_SESSIONS,
  type Limit,
  RateLimit,
  Recent,
  SESSION_BATCHES,
} from './rate-limit.ts';

const takes = (limit: Limit, times: number, now: number) => Array.from({ length: times }, () => limit.take(now));

test('a rate lets a burst pass, then as many as come back in the time', () => {
  const limit = new Bucket(CLIENT_BATCHES);
  expect(takes(limit, 1000, 5000)).not.toContain(1);
  expect(limit.take(5000)).toBe(1);
  expect(takes(limit, 21, 5100).filter((seconds) => seconds === 0)).toHaveLength(20);
  expect(takes(limit, 1001, 60_000).filter((seconds) => seconds === 0)).toHaveLength(1000);
});

test('a count is never exceeded in any stretch of its length, and the seconds to wait are enough', () => {
  const limit = new Recent(SESSION_BATCHES);
  expect(takes(limit, 15, 1000)).toEqual(Array(15).fill(0));
  expect(takes(limit, 15, 5500)).toEqual(Array(15).fill(0));
  expect(limit.take(5500)).toBe(6);
  expect(limit.take(10_999)).toBe(1);
  expect(takes(limit, 16, 11_500)).toEqual([...Array(15).fill(0), 4]);
});

test('a count does not forget those that arrived after the one at hand', () => {
  const limit = new Recent({ count: 3, ms: 1000 });
  expect([5002, 5001, 5000, 5001].map((now) => limit.take(now))).toEqual([0, 0, 0, 2]);
});

test('one name does not use up what another may do', () => {
  const limit = new RateLimit(() => new Recent(CLIENT_SESSIONS));
  for (let i = 0; i < 300; i++) expect(limit.take('a', 0)).toBe(0);
  expect(limit.take('a', 0)).toBe(60);
  expect(limit.take('b', 0)).toBe(0);
});

test.each([new Bucket({ perSecond: 1, burst: 1 }), new Recent({ count: 1, ms: 1000 })])(
  'a clock that steps back does not block for ever: %o',
  (limit) => {
    expect(limit.take(10_000)).toBe(0);
    limit.take(0);
    expect(limit.take(1000)).toBe(0);
  },
);

test('an office behind one address is not cut off: 500 visitors who come within two minutes and send a batch every 5 s', () => {
  const batches = new RateLimit(() => new Bucket(CLIENT_BATCHES));
  const sessions = new RateLimit(() => new Recent(CLIENT_SESSIONS));
  const own = Array.from({ length: 500 }, () => new Recent(SESSION_BATCHES));
  const waits: number[] = [];
  for (let ms = 0; ms < 600_000; ms += 240) {
    const newest = ms / 240;
    if (newest < own.length) waits.push(sessions.take('office', ms));
    // Of each 5 s every visitor has a moment: those who are here by now send at theirs.
    for (let visitor = newest % 21; visitor <= Math.min(newest, own.length - 1); visitor += 21)
      waits.push(batches.take('office', ms), own[visitor]!.take(ms));
  }
  expect(waits.length).toBeGreaterThan(100_000);
  expect(waits.filter((seconds) => seconds > 0)).toEqual([]);
});
