// What a visit comes to: its numbers, whatever the order of its batches, and a score that never falls.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../format/event.ts';
import { addEvents, emptyDigest } from './digest.ts';
import { searchText, summarize } from './summary.ts';

const origin = {
  session_id: 's',
  visitor_id: 'Vera',
  started_at: 1_000_000,
  country: 'IN',
  country_estimated: false,
  browser: null,
  os: null,
  device: null,
  context: {},
};
const at = (timestamp: number, more: object): SessionEvent =>
  ({ event_id: `e${timestamp}`, page: 'https://e.x/', timestamp, ...more }) as SessionEvent;

test('a visit comes to its numbers', () => {
  const digest = emptyDigest();
  addEvents(digest, [
    at(1_000_000, { event_type: 'page_view' }),
    at(1_001_000, { event_type: 'mousemove', x: 1, y: 1 }),
    at(1_002_000, { event_type: 'click', x: 1, y: 1, element: 'A#buy' }),
    at(1_060_000, { event_type: 'scroll', scroll_percent: 80 }),
    at(1_061_000, { event_type: 'navigation', page: 'https://e.x/cart', from: 'https://e.x/' }),
    at(1_062_000, { event_type: 'custom', name: 'identify', properties: { id: 'customer-7' } }),
    at(1_070_000, { event_type: 'error', name: 'TypeError', page: 'https://e.x/cart' }),
  ]);
  expect(summarize(origin, digest, 'ended')).toMatchObject({
    entry_page: 'https://e.x/',
    exit_page: 'https://e.x/cart',
    pages: ['https://e.x/', 'https://e.x/cart'],
    duration: 70_000,
    ended_at: 1_070_000,
    event_count: 7,
    click_count: 1,
    page_count: 2,
    error_count: 1,
    scroll_depth: 80,
    active_ms: 10_000,
    identity: 'customer-7',
    status: 'ended',
  });
  expect(searchText(origin, digest).split('\n')).toEqual(
    expect.arrayContaining(['Vera', 'customer-7', 'IN', 'e.x/', 'e.x/cart', 'A#buy', 'error TypeError']),
  );
});

test('what has other letters than ASCII is found in lower case, as SQL cannot make it', () => {
  const digest = emptyDigest();
  for (const element of ['A#Größe', 'A#Grad', 'A#ΟΔΟΣ']) {
    addEvents(digest, [at(1_000_000 + digest.event_count, { event_type: 'click', x: 1, y: 1, element })]);
  }
  expect(searchText(origin, digest).split('\n')).toEqual(expect.arrayContaining(['a#größe', 'A#Grad', 'a#οδος']));
});

test('a visitor who is told by a number is found by it', () => {
  const digest = emptyDigest();
  addEvents(digest, [at(1_000_000, { event_type: 'custom', name: 'identify', properties: { id: 4711 } })]);
  expect(summarize(origin, digest, 'ended').identity).toBe('4711');
  expect(searchText(origin, digest).split('\n')).toContain('4711');
});

test('the outline of a page counts as an event, and is no act and no page', () => {
  const visit = emptyDigest();
  addEvents(visit, [at(1_000_000, { event_type: 'page_view' })]);
  const before = summarize(origin, visit, 'ended');
  addEvents(visit, [
    at(1_060_000, { event_type: 'layout', number: 1, boxes: [[0, 0, 0, 9, 9, 1]], page: 'https://e.x/next' }),
  ]);
  expect(summarize(origin, visit, 'ended')).toEqual({
    ...before,
    event_count: 2,
    ended_at: 1_060_000,
    duration: 60_000,
    active_ms: 5000,
    engagement_score: expect.any(Number),
    worth: expect.any(Number),
  });
});

test('a session of one event, and of none, has finite numbers', () => {
  const digest = emptyDigest();
  expect(summarize(origin, digest, 'ended')).toMatchObject({ duration: 0, engagement_score: 0, entry_page: '' });
  addEvents(digest, [at(999_000, { event_type: 'page_view' })]);
  expect(summarize(origin, digest, 'ended')).toMatchObject({ duration: 0, engagement_score: 0, event_count: 1 });
});

test('the order in which batches arrive changes nothing', () => {
  const event = fc.record({
    t: fc.nat(3_600_000),
    kind: fc.constantFrom('click', 'scroll', 'mousemove'),
    page: fc.nat(5),
  });
  fc.assert(
    fc.property(
      fc.array(fc.array(event, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
      (batches) => {
        const events = batches.map((batch) =>
          batch.map(({ t, kind, page }) =>
            at(1_000_000 + t, {
              event_type: kind,
              x: 1,
              y: 1,
              element: `A#${page}`,
              scroll_percent: page,
              page: `https://e.x/${page}`,
            }),
          ),
        );
        const fold = (order: SessionEvent[][]) => {
          const digest = emptyDigest();
          for (const batch of order) addEvents(digest, batch);
          return [summarize(origin, digest, 'live'), searchText(origin, digest)];
        };
        expect(fold([...events].reverse())).toEqual(fold(events));
      },
    ),
  );
});

test('the score never falls when events are added', () => {
  const kinds = fc.constantFrom('click', 'scroll', 'mousemove', 'page_view', 'visibility_change');
  const event = fc.record({ t: fc.nat(3_600_000), kind: kinds, page: fc.nat(20), percent: fc.nat(100) });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (given) => {
      const digest = emptyDigest();
      let score = 0;
      for (const { t, kind, page, percent } of given) {
        addEvents(digest, [
          at(1_000_000 + t, { event_type: kind, element: 'A', scroll_percent: percent, page: `https://e.x/${page}` }),
        ]);
        const next = summarize(origin, digest, 'live').engagement_score;
        expect(next).toBeGreaterThanOrEqual(score);
        score = next;
      }
    }),
  );
});
