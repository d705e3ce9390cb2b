// What becomes a recording, whatever events come in whichever order.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  anyEvents,
  at,
  body,
  click,
  longVisit,
  move,
  realSessions,
  recordingOf,
  SHOP,
  view,
} from '../../test/fixtures/recordings.ts';
import { frameAt } from './frame.ts';
import { readRecording } from './recording.ts';

test('events of no use are left out and counted, the others play', () => {
  const recording = recordingOf([
    view(0),
    move(10, null as never, 5),
    move(20, 5, 'a' as never),
    move(30, Number.NaN, 5),
    move(40, 5e9, 5),
    at(50, { event_type: '<style>@import url(//evil.test/a)</style>' }),
    at(60, { event_type: 'click', x: 1, y: 1, element: 7 }),
    at(70, { event_type: 'scroll', scroll_percent: '50' }),
    at(80, { event_type: 'visibility_change', state: 'asleep' }),
    { event_type: 'mousemove', x: 1, y: 1, event_id: 'a', page: SHOP, timestamp: null },
    { event_type: 'mousemove', x: 1, y: 1, event_id: 'a', timestamp: 1 },
    null,
    'event',
    click(90, 100, 100),
  ]);
  expect(recording.skipped).toBe(12);
  expect(recording.eventCount).toBe(2);
  expect(recording.clicks.at).toEqual(Float64Array.of(90));
});

test('optional fields of the wrong type are ignored, their event is not', () => {
  const recording = recordingOf([
    view(0, { viewport_width: 'wide', document_height: -1 }),
    click(10, 5, 5, { element_box: { x: 1, y: null, width: 1, height: 1 }, pointer: 'paw', fixed: 'yes' }),
  ]);
  expect(recording.skipped).toBe(0);
  expect(frameAt(recording, 10)).toMatchObject({ elements: [], cursor: { kind: 'mouse' } });
});

test('a body without a session is no recording', () => {
  for (const nothing of [
    null,
    1,
    'x',
    {},
    { session: null },
    { session: { session_id: 'a' } },
    { session: { session_id: 1, started_at: 1 } },
  ]) {
    expect(readRecording(nothing)).toBeNull();
  }
});

test('a session without events, or with one, has a frame', () => {
  expect(frameAt(recordingOf([]), 0)).toMatchObject({ page: '', cursor: null, ended: true });
  expect(frameAt(recordingOf([view(0)]), 0)).toMatchObject({ page: SHOP, cursor: null, ended: true });
});

test('where a clock stepped back the events play in the order of their times', () => {
  const events = [view(0), move(100, 1, 1), move(300, 3, 3), move(200, 2, 2), click(400, 4, 4)];
  const sorted = [...events].sort((a, b) => a.timestamp - b.timestamp);
  expect(recordingOf(events).pointer).toEqual(recordingOf(sorted).pointer);
  expect(recordingOf(events).pointer.x).toEqual(Float64Array.of(1, 2, 3, 4));
});

test('a page that was scrolled just before it told that it is there is one page', () => {
  const load = (number: number) => ({ event_id: `back.0.${number}` });
  const scrolled = at(1999, { event_type: 'scroll', scroll_percent: 50, scroll_y: 900, ...load(1) });
  const events = [view(0), scrolled, view(2000, { scroll_y: 900, ...load(0) }), move(4000, 5, 5, load(2))];
  const recording = recordingOf(events);
  expect(recording.views.map(({ at }) => at)).toEqual([0, 1999]);
  expect(frameAt(recording, 2500)).toMatchObject({ page: SHOP, scroll: { y: 900 } });
  // Not where it was there for a while: then it came anew.
  expect(recordingOf([...events.slice(0, 2), view(3500, load(0))]).views).toHaveLength(3);
});

test('an event from before the start plays at the start', () => {
  const recording = recordingOf([move(-500, 7, 8), move(100, 1, 1)]);
  expect(frameAt(recording, 0).cursor).toMatchObject({ x: 7, y: 8 });
});

test('the duration is that of the record, or that of a later event', () => {
  expect(recordingOf([view(0), move(100, 1, 1)], { duration: 5000 }).duration).toBe(5000);
  expect(recordingOf([view(0), move(100, 1, 1)], { duration: 5 }).duration).toBe(100);
});

test('the viewport is what events say, else the header, else a guess at which every point fits', () => {
  const events = [at(0, { event_type: 'page_view' }), move(10, 1900, 20)];
  expect(frameAt(recordingOf([view(0)]), 0).viewport).toEqual({ width: 1000, height: 600 });
  const header = recordingOf(events, { viewport: { width: 1422, height: 1137 } });
  expect(frameAt(header, 0).viewport).toEqual({ width: 1422, height: 1137 });
  expect(header.viewportGuessed).toBe(false);
  const guess = recordingOf(events);
  expect(guess.viewportGuessed).toBe(true);
  expect(frameAt(guess, 0).viewport).toEqual({ width: 1900, height: 1069 });
  expect(frameAt(recordingOf([move(10, 2, 2)], { device: 'mobile' }), 0).viewport.height).toBeGreaterThan(600);
});

test('a resize changes the viewport from its time on', () => {
  const recording = recordingOf([
    view(0),
    at(1000, { event_type: 'resize', viewport_width: 400, viewport_height: 700 }),
    move(2000, 1, 1),
  ]);
  expect(frameAt(recording, 999).viewport).toEqual({ width: 1000, height: 600 });
  expect(frameAt(recording, 1000).viewport).toEqual({ width: 400, height: 700 });
});

test('the document’s height is what events say, else follows from the scroll shares, else from the header', () => {
  const scrolled = (more: object) => [
    at(0, { event_type: 'page_view', viewport_width: 1000, viewport_height: 600 }),
    at(10, { event_type: 'scroll', ...more }),
  ];
  expect(frameAt(recordingOf([view(0)]), 0).document).toEqual({ width: 1000, height: 2400, known: true });
  expect(frameAt(recordingOf(scrolled({ scroll_percent: 50, scroll_y: 700 })), 10).document).toMatchObject({
    height: 2000,
    known: false,
  });
  expect(
    frameAt(recordingOf(scrolled({ scroll_percent: 50 }), { document: { width: 900, height: 3000 } }), 10),
  ).toMatchObject({
    document: { height: 3000, known: false },
    scroll: { y: 1200, share: 0.5 },
  });
  expect(frameAt(recordingOf(scrolled({ scroll_percent: 50 })), 10).scroll.share).toBe(0.5);
});

test('two tabs keep their own page and offset, and the one in use is shown', () => {
  const inTab = (tab: string, page: string) => ({ event_id: `${tab}.0.0`, page: SHOP + page });
  const recording = recordingOf([
    view(0, inTab('one', 'list')),
    at(1000, {
      event_type: 'scroll',
      scroll_percent: 50,
      scroll_y: 900,
      document_height: 2400,
      ...inTab('one', 'list'),
    }),
    view(2000, inTab('two', 'detail')),
    at(2500, { event_type: 'error', name: 'TypeError', ...inTab('one', 'list') }),
    move(3000, 5, 5, inTab('two', 'detail')),
    at(4000, { event_type: 'visibility_change', state: 'hidden', ...inTab('two', 'detail') }),
    at(4010, { event_type: 'visibility_change', state: 'visible', ...inTab('one', 'list') }),
    move(5000, 9, 9, inTab('one', 'list')),
  ]);
  expect(frameAt(recording, 1500)).toMatchObject({ page: `${SHOP}list`, scroll: { y: 900 } });
  expect(frameAt(recording, 3000)).toMatchObject({ page: `${SHOP}detail`, scroll: { y: 0 } });
  expect(frameAt(recording, 4500)).toMatchObject({ page: `${SHOP}list`, scroll: { y: 900 }, hidden: false });
});

test('a page change that no event announced is seen, a straggler of the page before changes nothing', () => {
  const recording = recordingOf([
    view(0),
    move(100, 1, 1, { page: `${SHOP}cart` }),
    move(150, 2, 2),
    move(200, 3, 3, { page: `${SHOP}cart` }),
    move(5000, 4, 4),
  ]);
  expect(recording.views.map(({ at, page }) => [at, page])).toEqual([
    [0, SHOP],
    [100, `${SHOP}cart`],
    [5000, SHOP],
  ]);
  expect(frameAt(recording, 160).page).toBe(`${SHOP}cart`);
});

test('gaps are held within the recording, and nonsense among them is left out', () => {
  const start = view(0).timestamp;
  const { gaps } = recordingOf([view(0), move(10_000, 1, 1)], {}, [
    { from: start + 5000, to: start + 90_000, reason: 'damaged' },
    { from: start - 10, to: start + 1000, reason: 'lost' },
    { from: start + 20_000, to: start + 30_000, reason: 'lost' },
    { from: 'x', to: 1, reason: 'lost' },
    { from: start, to: start + 1, reason: 'eaten' },
    null,
  ]);
  expect(gaps).toEqual([
    { from: 0, to: 1000, reason: 'lost' },
    { from: 5000, to: 10_000, reason: 'damaged' },
  ]);
});

test('100,000 events are indexed, each page load in its place', () => {
  const recording = recordingOf(longVisit(100_000, 3 * 3_600_000));
  expect(recording.eventCount).toBe(100_000);
  expect(recording.skipped).toBe(0);
  expect(recording.views).toHaveLength(20);
  expect(recording.pointer.at).toHaveLength(
    recording.activity.length - recording.views.length - (recording.scrolls.at.length - 20),
  );
});

test('any events give a recording whose every column is finite and in order', () => {
  fc.assert(
    fc.property(anyEvents(), (events) => {
      const recording = recordingOf(events);
      const { scrolls, sizes, pointer, clicks, rests } = recording;
      for (const column of [
        scrolls.y,
        scrolls.x,
        sizes.width,
        sizes.height,
        sizes.documentHeight,
        pointer.x,
        clicks.scrollY,
        rests.y,
      ]) {
        expect(column.every(Number.isFinite)).toBe(true);
      }
      for (const { at } of [pointer, clicks, recording.scenes, rests]) {
        expect(at.every((time, i) => i === 0 || time >= (at[i - 1] ?? 0))).toBe(true);
      }
      expect(recording.eventCount).toBe(events.length);
    }),
  );
});

test.runIf(realSessions().length > 0)(
  'every real session plays: all its events, and a page and a cursor in its middle',
  () => {
    for (const { session, events } of realSessions()) {
      const recording = readRecording(body(events, { ...session, engagement_score: 0 }));
      expect(recording?.skipped).toBe(0);
      expect(recording?.eventCount).toBe(session.event_count);
      expect(recording?.viewportGuessed).toBe(false);
      const last = recording && frameAt(recording, recording.duration);
      expect(last?.page).toMatch(/^https?:/);
      expect(last?.cursor).not.toBeNull();
    }
  },
);
