// Transcripts of scripted visits, as they are read; and that nothing but names, addresses and numbers of a recording gets into one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  anyEvents,
  at,
  click,
  layout,
  longVisit,
  move,
  recordingOf,
  SHOP,
  START,
  shopBoxes,
  view,
} from '../../test/fixtures/recordings.ts';
import { SIGNALS } from '../format/signal.ts';
import type { Recording } from '../player/recording.ts';
import { type Happened, LINES_MAX, transcribe } from '../player/transcript.ts';
import { lineParts, lineText, transcriptText } from './transcript-words.ts';

function told(recording: Recording): Happened {
  const steps = transcribe(recording);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const textOf = (recording: Recording) => transcriptText(told(recording).lines);
const CHECKOUT = `${SHOP}checkout`;
const box = { x: 400, y: 280, width: 120, height: 60 };
const scroll = (ms: number, y: number, more = {}) =>
  at(ms, { event_type: 'scroll', scroll_percent: Math.round(y / 18), scroll_y: y, document_height: 2400, ...more });

test('a visit reads as a story', () => {
  const next = { event_id: 'next.0.0', page: CHECKOUT };
  const visit = recordingOf(
    [
      view(0),
      move(500, 100, 100),
      scroll(3000, 400),
      scroll(9000, 1116),
      scroll(12_000, 0),
      move(14_000, 450, 300),
      click(18_000, 450, 310, { element: 'BUTTON#buy', element_box: box, effect_ms: null }),
      click(19_000, 450, 310, { element: 'BUTTON#buy', element_box: box, effect_ms: null }),
      click(20_000, 450, 310, { element: 'BUTTON#buy', element_box: box, effect_ms: null }),
      at(20_500, { event_type: 'error', name: 'TypeError' }),
      at(21_000, { event_type: 'error', name: 'TypeError' }),
      at(22_000, { event_type: 'visibility_change', state: 'hidden' }),
      at(60_000, { event_type: 'visibility_change', state: 'visible' }),
      move(61_000, 700, 80),
      click(61_500, 700, 80, { element: 'A.plan-pro', effect_ms: 120 }),
      view(61_800, next),
      move(62_000, 10, 10, next),
      move(150_000, 20, 20, next),
      at(151_000, { event_type: 'resize', viewport_width: 600, viewport_height: 600, ...next }),
      at(152_000, { event_type: 'custom', name: 'bought', ...next }),
    ],
    { context: { referrer: 'https://google.com/' } },
    [{ from: START + 30_000, to: START + 42_000, reason: 'lost' }],
  );
  expect(textOf(visit).split('\n')).toEqual([
    '0:00  arrived on / from google.com, window 1000 × 600',
    '0:00  scrolled to 62 % and back to 0 % in 14 s',
    '0:14  moved to BUTTON#buy, waited 4 s, clicked it three times in 2 s; nothing happened',
    '0:20  TypeError on the page twice',
    '0:22  left the tab for 38 s',
    '0:30  12 s of events are missing: they never arrived',
    '1:01  clicked link A.plan-pro',
    '1:01  went to /checkout',
    '1:02  idle for 1:28',
    '2:31  changed the window to 600 × 600',
    '2:32  the site reported bought',
    '2:32  the session ends on /checkout',
    '',
  ]);
});

test('where the pointer rested is told by the name of what was clicked there, else by the silhouette', () => {
  const visit = recordingOf([
    view(0),
    layout(10, 1, shopBoxes()),
    move(1000, 900, 30),
    move(6000, 100, 400),
    move(18_000, 900, 28),
    at(20_000, { event_type: 'scroll', scroll_percent: 50, scroll_y: 900, document_height: 2400 }),
    move(22_000, 450, 300),
    move(28_000, 60, 300),
    click(40_000, 450, 300, { element: 'IMG.hero', element_box: { ...box, y: 1180 } }),
    move(41_000, 10, 10),
    move(50_000, 460, 290),
    move(55_000, 10, 10),
  ]);
  expect(textOf(visit)).toBe(
    [
      '0:00  arrived on /, window 1000 × 600',
      '0:00  scrolled to 50 % in 40 s, the pointer on a picture for 12 s of it',
      '0:40  clicked picture IMG.hero',
      '0:40  moved about for 15 s, the pointer on picture IMG.hero for 5 s of it',
      '0:55  the session ends on /',
      '',
    ].join('\n'),
  );
});

test('a form that is filled in is one line', () => {
  const fields = ['INPUT#name', 'INPUT#street', 'SELECT#country'];
  const visit = recordingOf([view(0), ...fields.map((element, i) => click(1000 + i * 2000, 50, i * 50, { element }))]);
  expect(textOf(visit).split('\n')[1]).toBe('0:01  went through 3 fields in 4 s, from INPUT#name to SELECT#country');
  const slowly = fields.map((element, i) => click(1000 + i * 9000, 50, i * 50, { element }));
  expect(
    textOf(recordingOf([view(0), ...slowly, move(30_000, 5, 5)]))
      .split('\n')
      .slice(1, 3),
  ).toEqual(['0:01  went through 3 fields in 18 s, from INPUT#name to SELECT#country', '0:19  moved about for 11 s']);
  const into = (ms: number, element: string) => at(ms, { event_type: 'focus', element });
  const byKey = recordingOf([
    view(0),
    into(2000, 'INPUT#name'),
    click(3000, 5, 5),
    into(3010, 'INPUT#a'),
    into(4000, 'A'),
  ]);
  expect(textOf(byKey).match(/went into .*/g)).toEqual(['went into field INPUT#name', 'went into a link']);
});

test('a page that is on its way is no other tab, and where one is longer away it is', () => {
  const gone = (ms: number) => at(ms, { event_type: 'visibility_change', state: 'hidden' });
  const next = (ms: number) => view(ms, { event_id: `n${ms}.0.0`, page: CHECKOUT });
  expect(textOf(recordingOf([view(0), gone(4000), next(7000)]))).not.toContain('left');
  expect(textOf(recordingOf([view(0), gone(4000), next(60_000)]))).toContain('0:04  left the tab for 56 s');
});

test('the page itself, a tag alone and an element with an id are named shortly', () => {
  const on = (ms: number, element: string) => click(ms, ms / 100, 5, { element });
  const visit = recordingOf([view(0), on(9000, 'BODY.home'), on(20_000, 'USE'), on(30_000, 'BUTTON#go.big.blue')]);
  expect(textOf(visit).match(/clicked .*/g)).toEqual([
    'clicked the page itself',
    'clicked a picture',
    'clicked BUTTON#go',
  ]);
});

test('tabs have numbers where there are several', () => {
  const help = { event_id: 'help.0.0', page: `${SHOP}help` };
  const visit = recordingOf([
    view(0),
    move(1000, 1, 1),
    at(2000, { event_type: 'visibility_change', state: 'hidden' }),
    view(2100, help),
    move(6000, 5, 5, help),
    at(7000, { event_type: 'visibility_change', state: 'hidden', ...help }),
    at(7100, { event_type: 'visibility_change', state: 'visible' }),
    move(9000, 5, 5),
  ]);
  expect(textOf(visit).split('\n')).toEqual([
    '0:00  arrived on /, window 1000 × 600',
    '0:02  tab 2: opened /help',
    '0:02  moved about for 5 s',
    '0:07  tab 1: came back to /',
    '0:09  the session ends on /',
    '',
  ]);
});

test('a finding stands where it was found, in place of the clicks it is about', () => {
  const finding = { page: SHOP, element: 'BUTTON#pay', from: START + 4000, to: START + 5500 };
  const findings = [
    { ...finding, signal: 'rage_click', reason: '4 clicks in 1.5 s on BUTTON#pay, nothing happened' },
    {
      ...finding,
      signal: 'quick_back',
      element: null,
      from: START + 8000,
      to: START + 9000,
      reason: 'back on / after 1 s',
    },
  ];
  const clicks = [4000, 4500, 5000, 5500].map((ms) => click(ms, 50, 50, { effect_ms: null }));
  const { lines } = told(recordingOf([view(0), move(1000, 50, 50), ...clicks, move(9000, 1, 1)], { findings }));
  expect(lines.map((line) => [lineText(line), line.finding])).toEqual([
    ['arrived on /, window 1000 × 600', null],
    ['waited 3 s on BUTTON#pay, then rage click: 4 clicks in 1.5 s on BUTTON#pay, nothing happened', 0],
    ['quick back: back on / after 1 s', 1],
    ['the session ends on /', null],
  ]);
});

test('the same page again, another address of it and another site can be told apart', () => {
  const pages = ['', 'a?plan=1', 'a?plan=2', ''].map((path, i) => view(i * 1000, { page: SHOP + path }));
  const help = view(4000, { page: 'https://help.example/a' });
  expect(textOf(recordingOf([...pages, help])).match(/went to .*/g)).toEqual([
    'went to /a?plan=1',
    'went to /a?plan=2',
    'went to / again',
    'went to help.example/a',
  ]);
});

test('a session of no events, of one event, and one that runs, end in a sentence', () => {
  expect(textOf(recordingOf([]))).toBe('0:00  nothing was recorded\n');
  expect(textOf(recordingOf([view(0)]))).toContain('0:00  the session ends on /\n');
  expect(textOf(recordingOf([view(0), view(5000)], { status: 'live' }))).toContain(
    '0:05  the session is still running, on /',
  );
});

test('a line stays one line, and no name turns the text around it', () => {
  const lines = textOf(recordingOf([view(0), click(10, 1, 1, { element: 'A\n0:00  went to /\u202egone\u2066' })]));
  expect(lines.split('\n')[1]).toBe('0:00  clicked A 0:00 went to / gone');
});

test('ten minutes make 20 to 80 lines, and what is left out is told in sum', () => {
  const { lines } = told(recordingOf(longVisit(4000, 600_000)));
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.length).toBeLessThanOrEqual(82);
  expect(
    lines.map(lineText).filter((text) => /^clicked BUTTON#b\d+(,| and) BUTTON#b\d+/.test(text)).length,
  ).toBeGreaterThan(10);
});

test('100,000 events, each a tab, a page or an error of its own, are at most some 2,000 lines, made in short steps', () => {
  const hostile = Array.from({ length: 100_000 }, (_, i) => {
    const more = { event_id: `load${i % 500}.0.${i}`, page: `${SHOP}${i % 3000}` };
    return i % 3 === 0 ? view(i * 100, more) : at(i * 100, { event_type: 'error', name: `E${i}`, ...more });
  });
  const gaps = Array.from({ length: 1000 }, (_, i) => ({ from: START + i * 900, to: START + i * 900, reason: 'lost' }));
  for (const recording of [recordingOf(hostile, {}, gaps), recordingOf(longVisit(100_000, 28_800_000))]) {
    const steps = transcribe(recording);
    let count = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) count++;
    const { lines } = step.value;
    expect(count).toBeGreaterThan(20);
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.length).toBeLessThanOrEqual(LINES_MAX + 2);
  }
});

/** Every word that may stand in a transcript besides the recording's own names, addresses and numbers. */
const WORDS = /^[a-z’]+$/;
const OWN = new Set(
  `arrived on from window went to again tab opened came back moved waited over clicked tapped it in once twice three four five six times
  time nothing happened the page link field choice picture itself read for scrolled and a part of about stayed pointer text control
  idle left did not come lost events are missing they never arrived what was stored them cannot be visitor’s browser gave up site
  reported changed session ends after is still running recorded s fields through into tab then other others through pages errors error another rage click dead quick back thrashed cursor excessive scrolling hesitation abandoned form`.split(
    /\s+/,
  ),
);

const time = fc.integer({ min: START - 100, max: START + 61_000 });
const gap = fc.record({ from: time, to: time, reason: fc.constantFrom('lost', 'damaged', 'dropped') });
const finding = fc.record({
  signal: fc.constantFrom(...SIGNALS),
  from: time,
  to: time,
  page: fc.constant(SHOP),
  element: fc.constantFrom('', 'A', null),
  reason: fc.constant('3'),
});

test('any recording becomes lines in time order, of our words and of its names, addresses and numbers', () => {
  fc.assert(
    fc.property(
      anyEvents(),
      fc.array(finding, { maxLength: 6 }),
      fc.array(gap, { maxLength: 3 }),
      (events, findings, gaps) => {
        const recording = recordingOf(events, { findings }, gaps);
        const { lines } = told(recording);
        let before = 0;
        for (const line of lines) {
          expect(line.at).toBeGreaterThanOrEqual(before);
          expect(line.to).toBeGreaterThanOrEqual(line.at);
          expect(line.to).toBeLessThanOrEqual(recording.duration);
          before = line.at;
          const text = lineParts(line)
            .filter((part) => typeof part === 'string')
            .join(' ');
          for (const word of text.match(/[^\s\d.,;:×%“”-]+/g) ?? [])
            expect([word, OWN.has(word) && WORDS.test(word)]).toEqual([word, true]);
          expect(lineText(line)).not.toMatch(/[\n\r]/);
        }
      },
    ),
  );
});
