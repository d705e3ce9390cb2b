// Dead clicks: what is one, and the clicks without an effect that are none.
import { expect, test } from 'vitest';
import { clicks, reasonsOf } from '../../../test/fixtures/findings.ts';
import { click, view } from '../../../test/fixtures/recordings.ts';

const dead = (events: Parameters<typeof reasonsOf>[1]) => reasonsOf('dead_click', events);
const once = (element: string, effect_ms: number | null = null) => [click(1000, 300, 200, { element, effect_ms })];

test('a button that does nothing within a second is a dead click', () => {
  expect(dead(once('BUTTON#save'))).toEqual(['1 click on BUTTON#save, nothing happened within 1 s']);
  expect(dead(once('DIV.card-button'))).toHaveLength(1);
});

test('one that does something, however late within the second, is none', () => {
  expect(dead(once('BUTTON#save', 990))).toEqual([]);
});

test('where nothing was measured there is none', () => {
  expect(dead(clicks(3, 2000, undefined))).toEqual([]);
});

test('several on one element are told once', () => {
  expect(dead(clicks(3, 2000, null))).toEqual(['3 clicks on BUTTON#pay, nothing happened within 1 s']);
});

test('a picture, a link or a button named like one takes two presses: once may be by the way, or hand over to another program', () => {
  for (const element of ['IMG.photo', 'SPAN', 'A.download', 'DIV', 'BUTTON#upload', 'BUTTON.btn-copy']) {
    expect(dead(once(element))).toEqual([]);
    expect(dead(clicks(2, 150, null, { element }))).toEqual([]);
    expect(dead(clicks(2, 3000, null, { element }))).toEqual([`2 clicks on ${element}, nothing happened within 1 s`]);
  }
});

test('several of one name are not one: each lies elsewhere', () => {
  const cardsWith = (more: (x: number) => object) =>
    [100, 400, 700].map((x, i) => click(1000 + i * 2000, x, 200, { element: 'DIV.card', effect_ms: null, ...more(x) }));
  const cards = cardsWith((x) => ({ element_box: { x: x - 50, y: 150, width: 100, height: 100 } }));
  expect(dead(cards)).toEqual([]);
  expect(dead(cardsWith(() => ({})))).toEqual([]);
  expect(dead([cards[0]!, { ...cards[0]!, timestamp: cards[1]!.timestamp }])).toHaveLength(1);
});

test('fields, text, the ground and what is not seen into are none', () => {
  for (const element of [
    'INPUT#email',
    'TEXTAREA',
    'SELECT#size',
    'LABEL',
    'P',
    'H1.title',
    'BODY',
    'MAIN',
    'CANVAS',
    'VIDEO',
    'IFRAME',
  ]) {
    expect(dead(clicks(4, 2000, null, { element }))).toEqual([]);
  }
});

test('a tab that is open already is none', () => {
  expect(dead(once('BUTTON.tab.active'))).toEqual([]);
});

test('a double click of which one had an effect is none', () => {
  expect(dead([...once('BUTTON#save'), click(1200, 300, 200, { element: 'BUTTON#save', effect_ms: 200 })])).toEqual([]);
});

test('a click that was not waited for, because the next came, is none', () => {
  const next = click(1700, 300, 200, { element: 'BUTTON#save', effect_ms: 100 });
  expect(dead([...once('BUTTON#save'), next])).toEqual([]);
  expect(dead([...once('BUTTON#save'), click(1400, 900, 90, { element: 'A#home', effect_ms: 20 })])).toEqual([]);
});

test('a page that came at last was slow and not dead', () => {
  expect(dead([...once('BUTTON#pay'), view(4000, { page: 'https://shop.example/paid' })])).toEqual([]);
  const other = click(3000, 10, 10, { element: 'A#home', effect_ms: 50 });
  expect(dead([...once('BUTTON#pay'), other, view(4000, { page: 'https://shop.example/' })])).toHaveLength(1);
});
