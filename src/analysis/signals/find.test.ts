// All signals together: the same whatever came first, at most so many, and only those that are looked for.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clicks, fault, findIn, focus, scroll } from '../../../test/fixtures/findings.ts';
import { anyEvents, at, click, move, realSessions, view } from '../../../test/fixtures/recordings.ts';
import type { SessionEvent } from '../../format/event.ts';
import { SIGNALS } from '../../format/signal.ts';
import { Acts } from './acts.ts';
import { FINDINGS_MAX, findSignals } from './find.ts';
import { THRESHOLDS, type Thresholds } from './thresholds.ts';

/** A visit in which all went wrong. */
const AWFUL: SessionEvent[] = [
  view(0),
  ...clicks(4, 300, null),
  fault(1950),
  view(20_000, { page: 'https://shop.example/prices' }),
  view(22_000),
  ...Array.from({ length: 14 }, (_, i) => move(30_000 + i * 160, 300 + (i % 2) * 400, 20)),
  ...Array.from({ length: 9 }, (_, i) => scroll(40_000 + i * 2000, (i % 2) * 3000)),
  move(70_000, 20, 20),
  move(71_000, 330, 200),
  click(80_000, 335, 200, { element: 'A#terms', effect_ms: 20 }),
  focus(90_000, 'INPUT#name'),
  focus(95_000, 'INPUT#email'),
  at(99_000, { event_type: 'visibility_change', state: 'hidden' }),
];

test('every signal can be found in one visit, in order of time', () => {
  const found = findIn(AWFUL);
  expect(new Set(found.map(({ signal }) => signal))).toEqual(new Set(SIGNALS));
  expect(found.map(({ from }) => from)).toEqual(found.map(({ from }) => from).sort((a, b) => a - b));
});

test('a signal that is not looked for is not found, and other thresholds find other things', () => {
  for (const signal of SIGNALS) {
    const without = { ...THRESHOLDS, [signal]: null } as Thresholds;
    expect(findIn(AWFUL, without)).toEqual(findIn(AWFUL).filter((finding) => finding.signal !== signal));
  }
  expect(findIn(clicks(4, 300, null), { ...THRESHOLDS, rage_click: { ...THRESHOLDS.rage_click, clicks: 5 } })).toEqual([
    expect.objectContaining({ signal: 'dead_click' }),
  ]);
});

test('the order in which batches come, and how they lie in objects, change nothing', () => {
  const visits = fc.oneof(fc.constant(AWFUL), anyEvents());
  const cuts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 12 }), rank: fc.nat() }), { minLength: 1 });
  fc.assert(
    fc.property(visits, cuts, (events, cut) => {
      const batches: { rank: number; events: SessionEvent[] }[] = [];
      for (let from = 0, i = 0; from < events.length; i++) {
        const { size, rank } = cut[i % cut.length]!;
        batches.push({ rank: rank ^ (i * 7919), events: events.slice(from, from + size) });
        from += size;
      }
      const acts = new Acts();
      for (const batch of batches.sort((a, b) => a.rank - b.rank)) acts.add(batch.events);
      expect(findSignals(acts, THRESHOLDS, true)).toEqual(findIn(events));
    }),
  );
});

test('of events of one millisecond the order changes nothing either', () => {
  const kinds = fc.constantFrom(
    ...[null, 5, 600, undefined].map((effect) => click(0, 5, 5, effect === undefined ? {} : { effect_ms: effect })),
    ...[view(0), fault(0), scroll(0, 900), scroll(0, 0), move(0, 9, 9), move(0, 700, 9), focus(0, 'INPUT#a')],
  );
  const events = fc.array(
    fc.record({ event: kinds, ms: fc.nat(40), page: fc.nat(2) }).map(({ event, ms, page }) => ({
      ...event,
      page: `https://shop.example/${page}`,
      timestamp: event.timestamp + ms * 250,
    })),
    { maxLength: 120 },
  );
  fc.assert(
    fc.property(events, fc.integer(), (given, seed) => {
      const mixed = given.map((event, i) => ({ event, rank: (i * 7919) ^ seed }));
      mixed.sort((a, b) => a.rank - b.rank);
      expect(findIn(mixed.map(({ event }) => event))).toEqual(findIn(given));
    }),
  );
});

test('at most a hundred are kept, the gravest', () => {
  const many = Array.from({ length: 150 }, (_, i) => [
    click(i * 30_000, 5, 5, { element: 'BUTTON#save', effect_ms: null }),
    ...(i % 3 === 0
      ? [click(i * 30_000 + 5000, 5, 5, { element: 'BUTTON#pay', effect_ms: 9 }), fault(i * 30_000 + 5100)]
      : []),
  ]).flat();
  const found = findIn(many);
  expect(found).toHaveLength(FINDINGS_MAX);
  expect(found.filter(({ signal }) => signal === 'error_click').length).toBeGreaterThan(40);
});

test('no events, and one, are nothing', () => {
  expect(findIn([])).toEqual([]);
  expect(findIn([view(0)])).toEqual([]);
});

/** A forged session of as many events as one may have must not hold up the server. */
test('a hundred thousand events take little, however they were forged', () => {
  const n = 100_000;
  const forged: Record<string, (i: number) => SessionEvent> = {
    'moves that come in any order': (i) => move((i * 7919) % n, (i * 31) % 1000, (i * 17) % 600),
    'clicks of one moment': (i) => click(5, i % 7, 3, { element: `BUTTON#b${i}`, effect_ms: null }),
    'a mouse that rests while all is clicked': (i) => (i % 2 ? click(i, 5, 5, { element: 'A#a' }) : move(i, 5, 5)),
    'errors and routes of one moment': (i) =>
      i % 2
        ? fault(9, { line: i })
        : ({ ...view(9, { page: `https://e.x/${i}` }), event_type: 'navigation' } as SessionEvent),
    'pages with a field each': (i) =>
      i % 2 ? focus(i, `INPUT#f${i}`, { page: `https://e.x/${i % 500}` }) : view(i, { page: `https://e.x/${i % 500}` }),
    'one long name after the other': (i) => click(i * 90, 5, 5, { element: `DIV.${'next-a-'.repeat(34)}${i}` }),
  };
  for (const [what, make] of Object.entries(forged)) {
    const events = Array.from({ length: n }, (_, i) => make(i));
    const before = process.threadCpuUsage().user;
    findIn(events);
    // Tens of ms on a machine of its own; a quadratic step would take minutes.
    expect((process.threadCpuUsage().user - before) / 1000, what).toBeLessThan(5000);
  }
});

/** People who searched, read and clicked, recorded by others; none of them was seen to struggle but these two. */
test.skipIf(realSessions().length === 0)('real, calm visits are not flagged', () => {
  const flagged = realSessions().flatMap(({ session, events }) =>
    findIn(events as SessionEvent[]).map(({ signal, reason }) => [session.session_id, signal, reason]),
  );
  expect(realSessions()).toHaveLength(75);
  expect(flagged).toEqual([
    ['rrweb-broken-recording', 'thrashed_cursor', '11 sharp turns of the mouse in 1.7 s'],
    ['rrweb-homepage', 'excessive_scroll', '5 turns up and down in 12 s, 27 screens'],
  ]);
});
