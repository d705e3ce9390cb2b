// Abandoned forms: fields gone into and never sent, and the fields that nobody sends.
import { expect, test } from 'vitest';
import { focus, reasonsOf } from '../../../test/fixtures/findings.ts';
import { click, view } from '../../../test/fixtures/recordings.ts';

const found = (events: Parameters<typeof reasonsOf>[1], isOver = true) => reasonsOf('abandoned_form', events, isOver);
const filled = [view(0), focus(1000, 'INPUT#name'), focus(5000, 'INPUT#email'), focus(9000, 'TEXTAREA#why')];
const press = (ms: number, element: string, more: object = {}) => click(ms, 1, 1, { element, ...more });
const away = view(21_000, { page: 'https://shop.example/elsewhere' });

test('fields gone into, then another page: one', () => {
  expect(found([...filled, away])).toEqual(['3 fields gone into, TEXTAREA#why last, left 12 s later without sending']);
});

test('clicks on fields tell as much where nothing else does', () => {
  const clicked = ['INPUT#name', 'INPUT#email'].map((element, i) => press(1000 + i * 4000, element));
  expect(found([view(0), ...clicked, away])).toEqual([
    '2 fields gone into, INPUT#email last, left 16 s later without sending',
  ]);
});

test('fields of one name are told apart by their place', () => {
  const clicked = [100, 160].map((y, i) =>
    press(1000 + i * 4000, 'INPUT.form-control', { element_box: { x: 40, y, width: 200, height: 30 } }),
  );
  expect(found([view(0), ...clicked, away])).toHaveLength(1);
  expect(found([view(0), clicked[0]!, { ...clicked[0]!, timestamp: clicked[1]!.timestamp }, away])).toEqual([]);
});

test('a session that ends on the form is one, a running one is not yet', () => {
  expect(found(filled)).toHaveLength(1);
  expect(found(filled, false)).toEqual([]);
  expect(found([...filled, away], false)).toHaveLength(1);
});

test('a form that was sent is none, by its button, what lies in it, or a link that looks like one', () => {
  for (const element of ['BUTTON#send', 'INPUT.submit', 'SPAN', 'svg', 'A.button.continue']) {
    expect(found([...filled, press(12_000, element), away])).toEqual([]);
  }
});

test('one that is called off is one', () => {
  for (const element of ['BUTTON.cancel', 'A#home', 'P']) {
    expect(found([...filled, press(12_000, element), away])).toHaveLength(1);
  }
});

test('one that is sent later, from another tab and back, is none', () => {
  expect(found([...filled, away, press(30_000, 'BUTTON#send')])).toEqual([]);
});

test('a field that a label or a script led into is none', () => {
  const led = [1000, 5000].flatMap((ms, i) => [press(ms, 'SPAN'), focus(ms + 2, `INPUT#choice-${i}`)]);
  expect(found([view(0), ...led, focus(9000, 'INPUT#name'), away])).toEqual([]);
});

test('a single field, a search and boxes that are ticked are none', () => {
  expect(found([view(0), focus(1000, 'INPUT#newsletter'), away])).toEqual([]);
  expect(found([view(0), focus(1000, 'INPUT.search'), focus(4000, 'INPUT#q'), away])).toEqual([]);
  const ticks = ['INPUT#red', 'INPUT#blue'].map((element, i) => press(1000 + i * 4000, element, { effect_ms: 3 }));
  expect(found([view(0), ...ticks, away])).toEqual([]);
});
