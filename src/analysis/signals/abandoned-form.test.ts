// Abandoned forms: fields gone into and never sent, and the fields that nobody sends.
import { expect, test } from 'vitest';
import { focus, reasonsOf } from '../../../test/fixtures/findings.ts';
import { click, view } from '../../../test/fixtures/recordings.ts';

const found = (events: Parameters<typeof reasonsOf>[1], isOver = true) => reasonsOf('abandoned_form', events, isOver);
const filled = [view(0), focus(1000, 'INPUT#name'), focus(5000, 'INPUT#email'), focus(9000, 'TEXTAREA#why')];
const press = (ms: number, element: string, more: object = {}) => click(ms, 1, 1, { element, ...more });
const away = view(21_000, { page: 'https://shop.example/elsewhere' });
const left = [press(20_900, 'A#elsewhere'), away];

test('fields gone into, then another page: one', () => {
  expect(found([...filled, ...left])).toEqual([
    '3 fields gone into, TEXTAREA#why last, left 12 s later without sending',
  ]);
});

test('clicks on fields tell as much where nothing else does', () => {
  const clicked = ['INPUT#name', 'INPUT#email'].map((element, i) => press(1000 + i * 4000, element));
  expect(found([view(0), ...clicked, ...left])).toEqual([
    '2 fields gone into, INPUT#email last, left 16 s later without sending',
  ]);
});

test('fields of one name are told apart by their place', () => {
  const clicked = [100, 160].map((y, i) =>
    press(1000 + i * 4000, 'INPUT.form-control', { element_box: { x: 40, y, width: 200, height: 30 } }),
  );
  expect(found([view(0), ...clicked, ...left])).toHaveLength(1);
  expect(found([view(0), clicked[0]!, { ...clicked[0]!, timestamp: clicked[1]!.timestamp }, ...left])).toEqual([]);
});

test('a session that ends on the form is one, a running one is not yet', () => {
  expect(found(filled)).toHaveLength(1);
  expect(found(filled, false)).toEqual([]);
  expect(found([...filled, ...left], false)).toHaveLength(1);
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
  expect(found([...filled, ...left, press(30_000, 'BUTTON#send')])).toEqual([]);
});

test('a field that a label or a script led into is none', () => {
  const led = [1000, 5000].flatMap((ms, i) => [press(ms, 'SPAN'), focus(ms + 2, `INPUT#choice-${i}`)]);
  expect(found([view(0), ...led, focus(9000, 'INPUT#name'), ...left])).toEqual([]);
});

test('a form that a key sent is none: nothing was pressed, and a page comes that was never seen', () => {
  expect(found([...filled, away])).toEqual([]);
  // Back to where one was, by key or by the browser, is no such page.
  const before = view(-5000, { page: away.page });
  expect(found([before, ...filled, away])).toHaveLength(1);
});

test('what a script goes into is none: the fields of a password manager, the first of a dialog or of an emptied form', () => {
  const manager = [focus(5000, 'INPUT#user'), focus(5002, 'INPUT#password')];
  expect(found([view(0), ...manager, ...left])).toEqual([]);
  const dialogs = ['name', 'mail'].flatMap((name, i) => [
    press(3000 + i * 5000, 'BUTTON#open'),
    focus(3400 + i * 5000, `INPUT#${name}`),
    press(6000 + i * 5000, 'SPAN.close'),
  ]);
  expect(found([view(0), ...dialogs, ...left])).toEqual([]);
  const emptied = [press(12_000, 'BUTTON#send'), focus(15_000, 'INPUT#name')];
  expect(found([...filled, ...emptied, ...left])).toEqual([]);
  expect(found([...filled, ...emptied, press(15_090, 'INPUT#name'), ...left])).toHaveLength(1);
});

test('a field that has the focus as the page comes counts beside one that was gone into', () => {
  const came = [view(0), focus(40, 'INPUT#user')];
  expect(found([...came, focus(9000, 'INPUT#password'), ...left])).toHaveLength(1);
  const again = [view(3000, { page: away.page }), focus(3040, 'INPUT#user'), focus(3200, 'INPUT#code')];
  expect(found([...came, ...again, press(8000, 'A#back'), view(8100)])).toEqual([]);
});

test('a single field, a search and boxes that are ticked are none', () => {
  expect(found([view(0), focus(1000, 'INPUT#newsletter'), ...left])).toEqual([]);
  expect(found([view(0), focus(1000, 'INPUT.search'), focus(4000, 'INPUT#q'), ...left])).toEqual([]);
  const ticks = ['INPUT#red', 'INPUT#blue'].map((element, i) => press(1000 + i * 4000, element, { effect_ms: 3 }));
  expect(found([view(0), ...ticks, ...left])).toEqual([]);
});
