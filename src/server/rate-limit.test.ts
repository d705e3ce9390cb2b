import { expect, test } from 'vitest';
import { CLIENT_SESSIONS, RateLimit, SESSION_BATCHES } from './rate-limit.ts';

test('a burst passes, the next has to wait, and a second later some pass again', () => {
  const limit = new RateLimit(SESSION_BATCHES);
  for (let i = 0; i < 30; i++) expect(limit.take('s', 1000)).toBe(0);
  expect(limit.take('s', 1000)).toBe(1);
  expect([limit.take('s', 2000), limit.take('s', 2000), limit.take('s', 2000), limit.take('s', 2000)]).toEqual([
    0, 0, 0, 1,
  ]);
});

test('one name does not use up the tokens of another', () => {
  const limit = new RateLimit(CLIENT_SESSIONS);
  for (let i = 0; i < 300; i++) limit.take('a', 0);
  expect(limit.take('a', 0)).toBe(1);
  expect(limit.take('b', 0)).toBe(0);
});

test('a clock that steps back neither gives tokens nor blocks for ever', () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1 });
  expect(limit.take('a', 10_000)).toBe(0);
  expect(limit.take('a', 0)).toBe(1);
  expect(limit.take('a', 1000)).toBe(0);
});
