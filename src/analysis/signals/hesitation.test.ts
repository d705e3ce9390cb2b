// Hesitations: long on a button before it is pressed, and not reading, scrolling or being away.
import { expect, test } from 'vitest';
import { reasonsOf, scroll } from '../../../test/fixtures/findings.ts';
import { at, click, move } from '../../../test/fixtures/recordings.ts';

const found = (events: Parameters<typeof reasonsOf>[1]) => reasonsOf('hesitation', events);
const BOX = { element_box: { x: 280, y: 180, width: 120, height: 40 }, element_x: 0.5, element_y: 0.5 };
const arrives = [move(500, 20, 20), move(1000, 330, 200), move(4000, 345, 205)];
const press = (ms: number, more: object = {}) => click(ms, 340, 200, { ...BOX, ...more });

test('eight seconds on a button before it is pressed are one', () => {
  expect(found([...arrives, press(9000)])).toEqual(['8.0 s on BUTTON#pay before the click']);
});

test('where no box was told, near the click will do', () => {
  expect(found([...arrives, click(9000, 340, 200)])).toHaveLength(1);
});

test('a few seconds, and minutes, are none', () => {
  expect(found([...arrives, press(5000)])).toEqual([]);
  expect(found([...arrives, press(90_000)])).toEqual([]);
});

test('a mouse that was not seen to come, and a finger, are none', () => {
  expect(found([...arrives.slice(1), press(9000)])).toEqual([]);
  expect(found([...arrives, press(9000, { pointer: 'touch' })])).toEqual([]);
});

test('a field, a line of text and what turns pages are none', () => {
  expect(found([...arrives, press(9000, { element: 'INPUT#email' })])).toEqual([]);
  expect(found([...arrives, press(9000, { element: 'P' })])).toEqual([]);
  expect(found([...arrives, press(9000, { element: 'BUTTON.slide-next' })])).toEqual([]);
});

test('who scrolls, clicks, or looks into another tab meanwhile does not hesitate', () => {
  const hidden = at(5000, { event_type: 'visibility_change', state: 'hidden' });
  for (const event of [scroll(5000, 300), click(5000, 340, 200, { element: 'DIV' }), hidden]) {
    expect(found([...arrives, event, press(9000)])).toEqual([]);
  }
});
