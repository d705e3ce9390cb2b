// A frame is a function of recording and position, however one got there.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvents, at, click, longVisit, move, recordingOf, SHOP, view } from '../../test/fixtures/recordings.ts';
import { frameAt, LABEL_MS, PULSE_MS } from './frame.ts';
import { createPlayhead, play, positionAt, SPEEDS } from './playhead.ts';

test('a frame is the same whether one plays or jumps', () => {
  fc.assert(
    fc.property(anyEvents(), fc.constantFrom(...SPEEDS), fc.integer({ min: 5, max: 2000 }), (events, speed, step) => {
      const played = recordingOf(events);
      const playhead = play({ ...createPlayhead(played.duration), speed }, 0);
      const frames = [];
      for (let now = 0; now < 40 * step; now += step) frames.push(frameAt(played, positionAt(playhead, now)));
      const jumped = recordingOf(events);
      for (const frame of frames.reverse()) expect(frameAt(jumped, frame.position)).toEqual(frame);
    }),
    { numRuns: 60 },
  );
});

test('any number is a position, and every number of its frame is finite', () => {
  fc.assert(
    fc.property(anyEvents(), fc.oneof(fc.double(), fc.integer({ min: 0, max: 61_000 })), (events, position) => {
      const recording = recordingOf(events);
      const frame = frameAt(recording, position);
      expect(frame.position).toBeGreaterThanOrEqual(0);
      expect(frame.position).toBeLessThanOrEqual(recording.duration);
      const json = JSON.stringify(frame, (_, value) =>
        typeof value === 'number' && !Number.isFinite(value) ? 'NOT FINITE' : value,
      );
      expect(json).not.toContain('NOT FINITE');
      const { cursor, viewport, document, scroll, trail } = frame;
      for (const point of [cursor, ...trail]) {
        if (!point) continue;
        expect(point.x).toBeGreaterThanOrEqual(0);
        expect(point.x).toBeLessThanOrEqual(viewport.width);
        expect(point.y).toBeGreaterThanOrEqual(0);
        expect(point.y).toBeLessThanOrEqual(viewport.height);
      }
      expect(scroll.y).toBeGreaterThanOrEqual(0);
      expect(scroll.y).toBeLessThanOrEqual(document.height - viewport.height);
    }),
  );
});

test('the cursor is unknown before its first sample, also after a jump back', () => {
  const recording = recordingOf([view(0), move(1000, 300, 200)]);
  expect(frameAt(recording, 1000).cursor).toEqual({ x: 300, y: 200, kind: 'mouse' });
  expect(frameAt(recording, 999).cursor).toBeNull();
});

test('the cursor goes through every sample and between two it never leaves their rectangle', () => {
  const recording = recordingOf(longVisit(3000, 300_000).filter(({ event_type }) => event_type !== 'page_view'));
  const { at, x, y } = recording.pointer;
  for (let i = 0; i + 1 < at.length; i++) {
    const [ax, bx, ay, by] = [x[i]!, x[i + 1]!, y[i]!, y[i + 1]!];
    expect(frameAt(recording, at[i]!).cursor).toMatchObject({ x: ax, y: ay });
    for (const share of [0.2, 0.5, 0.9]) {
      const cursor = frameAt(recording, at[i]! + (at[i + 1]! - at[i]!) * share).cursor!;
      expect(cursor.x).toBeGreaterThanOrEqual(Math.min(ax, bx) - 1e-6);
      expect(cursor.x).toBeLessThanOrEqual(Math.max(ax, bx) + 1e-6);
      expect(cursor.y).toBeGreaterThanOrEqual(Math.min(ay, by) - 1e-6);
      expect(cursor.y).toBeLessThanOrEqual(Math.max(ay, by) + 1e-6);
    }
  }
});

test('a hand that rested moves only shortly before the next sample', () => {
  const recording = recordingOf([view(0), move(1000, 100, 100), move(4000, 500, 100)]);
  expect(frameAt(recording, 3899).cursor?.x).toBe(100);
  expect(frameAt(recording, 3950).cursor?.x).toBeGreaterThan(100);
  expect(frameAt(recording, 3950).cursor?.x).toBeLessThan(500);
});

test('a finger jumps to where it touches next, and is gone a while after', () => {
  const finger = { pointer: 'touch' };
  const recording = recordingOf([
    view(0),
    click(1000, 100, 100, finger),
    click(1500, 300, 300, finger),
    move(9000, 1, 1, finger),
  ]);
  expect(frameAt(recording, 1499).cursor).toEqual({ x: 100, y: 100, kind: 'touch' });
  expect(frameAt(recording, 2101).cursor).toBeNull();
});

test('a trail is the cursor’s own way of the last second and a half', () => {
  const recording = recordingOf(longVisit(1500, 150_000));
  const now = frameAt(recording, 60_000);
  expect(now.trail.length).toBeGreaterThan(10);
  for (const { x, y, age } of now.trail) {
    expect(age).toBeLessThanOrEqual(1500);
    expect(frameAt(recording, 60_000 - age).cursor).toMatchObject({ x, y });
  }
});

test('a click is a pulse at its point from its time on, ages, and goes', () => {
  const recording = recordingOf([view(0), click(1000, 450, 320), move(9000, 1, 1)]);
  expect(frameAt(recording, 999).pulses).toEqual([]);
  expect(frameAt(recording, 1000).pulses).toEqual([{ x: 450, y: 320, age: 0, element: 'BUTTON#pay', count: 1 }]);
  expect(frameAt(recording, 1000 + PULSE_MS).pulses[0]?.age).toBe(PULSE_MS);
  expect(frameAt(recording, 1001 + PULSE_MS).pulses).toEqual([]);
  expect(frameAt(recording, 1000 + LABEL_MS).labels).toHaveLength(1);
  expect(frameAt(recording, 1001 + LABEL_MS).labels).toEqual([]);
});

test('a pulse scrolls with its page, unless its element is fixed', () => {
  const scroll = (ms: number, scroll_y: number) =>
    at(ms, { event_type: 'scroll', scroll_percent: scroll_y / 18, scroll_y });
  const recording = recordingOf([
    view(0),
    click(1000, 450, 320),
    click(1001, 50, 20, { fixed: true }),
    scroll(1300, 180),
    move(3000, 1, 1),
  ]);
  expect(frameAt(recording, 1300).pulses.map(({ y }) => y)).toEqual([140, 20]);
});

test('a click that opens another page is still seen there for its time', () => {
  const next = { event_id: 'next.0.0', page: `${SHOP}cart` };
  const recording = recordingOf([view(0), click(1000, 450, 320), view(1100, next), move(5000, 1, 1, next)]);
  expect(frameAt(recording, 1500)).toMatchObject({ page: `${SHOP}cart`, pulses: [{ x: 450, y: 320, age: 500 }] });
  expect(frameAt(recording, 2500).labels).toEqual([]);
});

test('a click in one tab is no pulse in the other', () => {
  const other = { event_id: 'other.0.0', page: `${SHOP}cart` };
  const recording = recordingOf([
    view(0),
    view(1000, other),
    click(2000, 9, 9, other),
    move(2100, 5, 5),
    move(9000, 1, 1),
  ]);
  expect(frameAt(recording, 2050).pulses).toHaveLength(1);
  expect(frameAt(recording, 2150)).toMatchObject({ page: SHOP, pulses: [], labels: [] });
});

test('clicks in one place that follow each other fast are counted', () => {
  const recording = recordingOf([
    view(0),
    click(1000, 10, 10),
    click(1200, 12, 10),
    click(1400, 10, 11),
    click(1600, 400, 11),
    click(4000, 400, 11),
  ]);
  expect([...recording.clicks.count]).toEqual([1, 2, 3, 1, 1]);
  expect(recording.moments.map(({ kind, count }) => [kind, count])).toEqual([
    ['page', 1],
    ['click', 3],
    ['click', 1],
    ['click', 1],
  ]);
});

test('clicks of a burst after none of which anything happened say so', () => {
  const dead = { effect_ms: null };
  const recording = recordingOf([
    view(0),
    click(1000, 10, 10, dead),
    click(1200, 12, 10, dead),
    click(5000, 10, 10, dead),
    click(5200, 12, 10, { effect_ms: 40 }),
  ]);
  expect(recording.moments.slice(1).map(({ count, idle }) => [count, idle])).toEqual([
    [2, true],
    [2, undefined],
  ]);
});

test('the page glides between two scroll samples that are close, and stands still otherwise', () => {
  const scroll = (ms: number, scroll_y: number) => at(ms, { event_type: 'scroll', scroll_percent: 1, scroll_y });
  const recording = recordingOf([view(0), scroll(5000, 100), scroll(5250, 400), scroll(5500, 900), move(9000, 1, 1)]);
  expect(frameAt(recording, 4700).scroll.y).toBe(0);
  const way = [5000, 5100, 5250, 5300, 5400, 5500, 8000].map((ms) => frameAt(recording, ms).scroll.y);
  expect(way).toEqual([...way].sort((a, b) => a - b));
  expect([way[0], way[2], way[5], way[6]]).toEqual([100, 400, 900, 900]);
  expect([...recording.scrolled]).toEqual([5000, 5250, 5500]);
});

test('elements that were clicked are known on their page, where they lie in the viewport', () => {
  const element_box = { x: 400, y: 900, width: 100, height: 40 };
  const recording = recordingOf([
    view(0),
    at(500, { event_type: 'scroll', scroll_percent: 40, scroll_y: 700 }),
    click(1000, 450, 220, { element_box }),
    click(1500, 5, 5, { element: 'A.menu', element_box: { x: 0, y: 700, width: 50, height: 30 }, fixed: true }),
    move(3000, 1, 1),
  ]);
  expect(frameAt(recording, 0).elements).toEqual([
    { element: 'A.menu', x: 0, y: 0, width: 50, height: 30, fixed: true },
  ]);
  expect(frameAt(recording, 600).elements).toMatchObject([
    { element: 'BUTTON#pay', x: 400, y: 200 },
    { element: 'A.menu', y: 0 },
  ]);
});

test('a rest is where the pointer stayed, and grows while it stays', () => {
  const recording = recordingOf([view(0), move(1000, 100, 100), move(4000, 500, 100), move(4100, 510, 100)]);
  expect(frameAt(recording, 2500).rests).toEqual([{ x: 100, y: 100, length: 1500 }]);
  expect(frameAt(recording, 4050).rests).toEqual([{ x: 100, y: 100, length: 3000 }]);
});

test('hidden, idle and missing stretches, and the end, are told', () => {
  const start = view(0).timestamp;
  const recording = recordingOf(
    [
      view(0),
      at(2000, { event_type: 'visibility_change', state: 'hidden' }),
      at(8000, { event_type: 'visibility_change', state: 'visible' }),
      move(9000, 1, 1),
      move(40_000, 2, 2),
    ],
    {},
    [{ from: start + 30_000, to: start + 35_000, reason: 'lost' }],
  );
  expect([1999, 2000, 7999, 8000].map((ms) => frameAt(recording, ms).hidden)).toEqual([false, true, true, false]);
  expect(frameAt(recording, 20_000).idle).toEqual({ from: 9000, to: 40_000, remaining: 20_000 });
  expect(frameAt(recording, 9500).idle).toBeNull();
  expect(frameAt(recording, 31_000).gap).toEqual({ from: 30_000, to: 35_000, reason: 'lost' });
  expect(frameAt(recording, 0).next).toEqual({ at: 2000, kind: 'hidden', label: '', count: 1 });
  expect(frameAt(recording, 39_999).ended).toBe(false);
  expect(frameAt(recording, 40_000).ended).toBe(true);
});

test('a tab that is hidden only to open the next page was never left', () => {
  const recording = recordingOf([
    view(0),
    at(2000, { event_type: 'visibility_change', state: 'hidden' }),
    view(2300, { event_id: 'next.0.0', page: `${SHOP}cart` }),
    move(5000, 1, 1, { event_id: 'next.0.1', page: `${SHOP}cart` }),
  ]);
  expect(recording.hidden).toEqual([]);
});
