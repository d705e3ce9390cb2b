// The list's rows as they come, go and change.
import { expect, test } from 'vitest';
import { readSummary } from '../player/read-session.ts';
import type { ListedSession } from './list-api.ts';
import { merge } from './merge-page.ts';

/** `3*` is session 3 with news. */
const row = (name: string): ListedSession => ({
  ...readSummary({
    session_id: name.replace('*', ''),
    started_at: 1,
    event_count: name.endsWith('*') ? 2 : 1,
  })!,
  watched: false,
});
const rows = (names: string) => names.split(' ').map(row);
const page = (names: string, nextCursor: string | null) => ({
  sessions: rows(names),
  total: 99,
  isTotalFloor: false,
  sortedOf: null,
  nextCursor,
  isBehind: false,
});

test('news replace their rows, new sessions come above, rows further down stay', () => {
  expect(merge(rows('5 4 3 2 1'), page('7 6 5 4* 3', 'more'))).toEqual({
    rows: rows('7 6 5 4* 3 2 1'),
    added: 2,
    whole: false,
  });
});

test('a session that is gone from the newest page is gone', () => {
  expect(merge(rows('5 4 3 2 1'), page('5 3', 'more')).rows).toEqual(rows('5 3 2 1'));
});

test('a page that is everything, or has nothing in common, replaces everything', () => {
  expect(merge(rows('5 4 3'), page('5 3', null))).toEqual({ rows: rows('5 3'), added: 0, whole: true });
  expect(merge(rows('5 4 3'), page('9 8 7', 'more'))).toMatchObject({ rows: rows('9 8 7'), whole: true });
});

test('a row that came up from further down is there once', () => {
  expect(merge(rows('5 4 3 2 1'), page('5 2* 4', 'more')).rows).toEqual(rows('5 2* 4 3 1'));
});
