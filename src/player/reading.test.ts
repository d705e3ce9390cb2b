// Reading and films are not idle; being away is.
import { expect, test } from 'vitest';
import { at, click, layout, move, recordingOf, shopBoxes, view } from '../../test/fixtures/recordings.ts';
import type { Recording } from './recording.ts';
import { stretchAt } from './stretches.ts';

/** 30 lines of about 80 letters: what takes 168 s at a slow pace. */
const ARTICLE = Array.from({ length: 30 }, (_, i) => [1, 100, 20 + i * 19, 610, 17, i + 1, 0, 0, 2]);
/** A few words. */
const FORM = [
  [1, 100, 100, 200, 20, 1, 0, 0, 2],
  [3, 100, 140, 300, 40, 2, 0, 0, 0, 5, 1],
];
const FILM = [...FORM, [2, 100, 200, 640, 360, 3]];

/** Still from `from` to `to` (s) on a page that came at 0. */
function still(boxes: number[][], from: number, to: number, more: unknown[] = []): Recording {
  const [first, last] = [move(from * 1000, 500, 300), move(to * 1000, 510, 310)];
  return recordingOf([view(0), layout(400, 1, boxes), ...pointers(from), first, ...more, last]);
}

/** Moves every five seconds until then. */
const pointers = (until: number) => Array.from({ length: Math.floor(until / 5) }, (_, i) => move(i * 5000 + 500, i, i));
const seconds = (stretches: readonly { from: number; to: number }[]) =>
  stretches.map(({ from, to }) => [from / 1000, to / 1000]);

test('a long still stretch over a page of text is reading', () => {
  const recording = still(ARTICLE, 5, 95);
  expect(recording.idle).toEqual([]);
  expect(recording.reading).toEqual([{ from: 5000, to: 95_000, what: 'reading' }]);
});

test('beyond the time that the text takes it is idle', () => {
  const { idle, reading } = still(ARTICLE, 5, 900);
  const end = reading[0]?.to ?? 0;
  expect(end).toBeGreaterThan(150_000);
  expect(end).toBeLessThanOrEqual(180_000);
  expect(seconds(idle)).toEqual([[end / 1000, 900]]);
});

test('a few words are no reason to stay', () => {
  const recording = still(FORM, 5, 60);
  expect(seconds(recording.idle)).toEqual([[5, 60]]);
  expect(recording.reading).toEqual([]);
});

test('what was in sight for long is read by then, and what was scrolled to is not', () => {
  expect(still(ARTICLE, 200, 260).reading).toEqual([]);
  const scrolled = at(200_000, {
    event_type: 'scroll',
    scroll_percent: 1,
    scroll_x: 0,
    scroll_y: 20,
    document_height: 2400,
  });
  expect(seconds(still(ARTICLE, 200, 260, [scrolled]).reading)).toEqual([[200, 260]]);
});

test('nobody reads a hidden tab', () => {
  const hidden = at(20_000, { event_type: 'visibility_change', state: 'hidden' });
  const { idle, reading } = still(ARTICLE, 5, 95, [hidden]);
  expect(seconds(reading)).toEqual([[5, 20]]);
  expect(seconds(idle)).toEqual([[20, 95]]);
});

test('a picture in a film’s shape is watched for a minute, and as long as it takes once it was clicked', () => {
  expect(still(FILM, 5, 400).reading).toEqual([{ from: 5000, to: 60_000, what: 'watching' }]);
  expect(still(FILM, 5, 400, [click(5000, 300, 300, { element: 'DIV.player' })]).idle).toEqual([]);
  expect(still(FORM, 5, 400, [click(5000, 300, 500, { element: 'VIDEO#film' })]).idle).toEqual([]);
  expect(seconds(still(FILM, 5, 400, [click(5000, 900, 500, { element: 'A.x' })]).idle)).toEqual([[60, 400]]);
});

test('a page that was never captured is idle as before', () => {
  const recording = recordingOf([view(0), move(1000, 5, 5), move(40_000, 6, 6)]);
  expect(seconds(recording.idle)).toEqual([[1, 40]]);
});

test('no idle stretch and no reading overlap, and together they are what was still', () => {
  const recording = recordingOf([
    view(0),
    layout(300, 1, shopBoxes()),
    ...[1, 30, 31, 80, 300].map((s) => move(s * 1000, s, s)),
  ]);
  for (let position = 0; position < recording.duration; position += 500) {
    const [idle, reading] = [stretchAt(recording.idle, position), stretchAt(recording.reading, position)];
    expect(idle && reading).toBeNull();
    const isStill = (position >= 1000 && position < 30_000) || position >= 31_000;
    expect(Boolean(idle ?? reading)).toBe(isStill);
  }
});
