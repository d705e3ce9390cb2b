// The list of events as it is read: what it was, and what came of it.
import { expect, test } from 'vitest';
import { at, click, move, recordingOf, SHOP, START, view } from '../../test/fixtures/recordings.ts';
import { countOf } from '../player/stops.ts';
import { transcribe } from '../player/transcript.ts';
import { EVENT_FILTERS, eventName, eventOutcome, eventTitle } from './event-words.ts';

function rowsOf(...given: Parameters<typeof recordingOf>) {
  const recording = recordingOf(...given);
  const steps = transcribe(recording);
  let step = steps.next();
  while (!step.done) step = steps.next();
  const { happenings } = step.value;
  return happenings.map((one, i) => {
    const found = one.finding === null ? undefined : recording.session.findings[one.finding];
    const outcome = eventOutcome(one, found, i === 0 ? 'https://google.com/' : null);
    return { one, text: `${eventName(one)} | ${outcome}`, title: eventTitle(one) };
  });
}

function countsOf(rows: ReturnType<typeof rowsOf>): number[] {
  return Object.values(EVENT_FILTERS).map(({ count }) => rows.reduce((sum, { one }) => sum + count(one), 0));
}

const CHECKOUT = { event_id: 'next.0.0', page: `${SHOP}checkout` };

test('each thing that happened says what came of it', () => {
  const rows = rowsOf(
    [
      view(0),
      at(2000, { event_type: 'scroll', scroll_percent: 50, scroll_y: 900, document_height: 2400 }),
      at(2300, { event_type: 'scroll', scroll_percent: 10, scroll_y: 180, document_height: 2400 }),
      click(5000, 9, 9, { effect_ms: 40 }),
      click(8000, 9, 9, { effect_ms: 600 }),
      at(8100, { event_type: 'error', name: 'TypeError' }),
      at(8200, { event_type: 'error', name: 'TypeError' }),
      click(9000, 99, 99, { element: 'A.plan-pro', effect_ms: 150 }),
      view(9200, CHECKOUT),
      at(9900, { event_type: 'focus', element: 'INPUT#mail', ...CHECKOUT }),
      at(12_000, { event_type: 'custom', name: 'bought', ...CHECKOUT }),
      at(12_500, { event_type: 'custom', name: 'identify', ...CHECKOUT }),
      at(13_000, { event_type: 'visibility_change', state: 'hidden', ...CHECKOUT }),
      at(51_000, { event_type: 'visibility_change', state: 'visible', ...CHECKOUT }),
      view(60_000, { event_id: 'third.0.0' }),
      move(61_000, 5, 5, { event_id: 'third.0.1' }),
      at(62_000, { event_type: 'resize', viewport_width: 500, viewport_height: 600, event_id: 'third.0.2' }),
    ],
    {},
    [{ from: START + 20_000, to: START + 32_000, reason: 'dropped' }],
  );
  expect(rows.map(({ text }) => text)).toEqual([
    '/ | arrived from google.com',
    'Scrolled to 50 % | and back to 10 %',
    'BUTTON#pay | reacted at once',
    'BUTTON#pay | reacted after 0.6 s',
    'Error: TypeError | 2 times',
    'A.plan-pro | moved on after 0.2 s',
    '/checkout | ',
    'INPUT#mail | went into it',
    'bought | reported by the site',
    'identify | the site said who the visitor is',
    'Left the tab for 38 s | ',
    '12 s missing | the visitor’s browser gave them up',
    '/ | seen before',
    '500 × 600 | new size of the window',
  ]);
  expect(rows[6]?.title).toBe(`${SHOP}checkout`);
  expect(countsOf(rows)).toEqual([3, 3, 0, 2]);
});

test('what has no name of its own is called what it is', () => {
  const rows = rowsOf([
    view(0),
    ...['PATH', 'A', 'DIV', 'BODY', 'SVG.logo', ''].map((element, i) => click(2000 * i + 100, 9, 9, { element })),
  ]);
  expect(rows.slice(1).map(({ text }) => text.split(' | ')[0])).toEqual([
    'Picture',
    'Link',
    'DIV',
    'The page itself',
    'SVG.logo',
    'Click',
  ]);
  expect(rows[1]?.title).toBe('PATH');
});

test('of several findings about the same clicks the gravest stands at them, others have rows of their own', () => {
  const of = { page: SHOP, element: 'BUTTON#pay', from: START + 4000, to: START + 4900 };
  const findings = [
    { ...of, signal: 'dead_click', reason: '4 clicks on BUTTON#pay, nothing happened' },
    { ...of, signal: 'rage_click', reason: '4 clicks in 0.9 s on BUTTON#pay, nothing happened' },
    { ...of, signal: 'thrashed_cursor', element: null, from: START + 6000, to: START + 7000, reason: '9 sharp turns' },
  ];
  const clicks = [4000, 4300, 4600, 4900].map((ms) => click(ms, 9, 9, { effect_ms: null }));
  const given = [[view(0), ...clicks, move(9000, 1, 1)], { findings }] as const;
  const rows = rowsOf(...given);
  expect(rows.map(({ text }) => text)).toEqual([
    '/ | arrived from google.com',
    '\u2068BUTTON#pay\u2069 × 4 | Rage click: 4 clicks in 0.9 s on BUTTON#pay, nothing happened; 1 more signal',
    'Thrashed cursor | 9 sharp turns',
  ]);
  // As the controls count them.
  const all = recordingOf(...given);
  expect(countsOf(rows)).toEqual([countOf(all, 'click'), 1, countOf(all, 'signal'), 0]);
});
