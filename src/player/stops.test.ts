// Stops of a recording, and the way from one to the next.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvents, click, recordingOf, SHOP, START, view } from '../../test/fixtures/recordings.ts';
import { countOf, type StopKind, stopFrom, stopsOf } from './stops.ts';

const findings = [
  {
    signal: 'rage_click',
    from: START + 5000,
    to: START + 6000,
    page: SHOP,
    element: 'A.x',
    reason: '4 clicks in 0.9 s',
  },
  {
    signal: 'quick_back',
    from: START + 99_000,
    to: START + 99_000,
    page: SHOP,
    element: null,
    reason: 'back after 2 s',
  },
];
const visit = recordingOf(
  [view(0), click(5000, 10, 10, { element: 'A.x' }), view(20_000, { page: `${SHOP}cart` }), click(30_000, 10, 10)],
  { findings },
);

const times = (kind: StopKind) => stopsOf(visit, kind).map(({ at }) => at);

test('pages, clicks, signals and all of them are told apart, and none lies outside the recording', () => {
  expect(times('page')).toEqual([0, 20_000]);
  expect(times('click')).toEqual([5000, 30_000]);
  expect(times('signal')).toEqual([5000, 30_000]);
  expect(times('event')).toEqual([0, 5000, 20_000, 30_000]);
  expect(stopsOf(visit, 'event')[1]).toMatchObject({ kind: 'signal', label: '4 clicks in 0.9 s' });
});

test('from a stop the next one is a later one, the previous an earlier one', () => {
  expect(stopFrom(visit, 'click', 5000, true)).toMatchObject({ at: 30_000, first: 2 });
  expect(stopFrom(visit, 'click', 30_000, false)).toMatchObject({ at: 5000, first: 1 });
  expect(stopFrom(visit, 'click', 30_000, true)).toBeNull();
  expect(stopFrom(visit, 'page', 0, false)).toBeNull();
});

test('who goes on to the next stop meets each once, and back as well', () => {
  fc.assert(
    fc.property(anyEvents(), (events) => {
      const recording = recordingOf(events);
      const all = stopsOf(recording, 'event');
      const forward: number[] = [];
      for (let next = stopFrom(recording, 'event', -1, true); next; next = stopFrom(recording, 'event', next.at, true))
        forward.push(next.first);
      expect(forward).toEqual(all.map(({ first }) => first));
      const end = recording.duration + 1;
      const back: number[] = [];
      for (
        let next = stopFrom(recording, 'event', end, false);
        next;
        next = stopFrom(recording, 'event', next.at, false)
      )
        back.push(next.first);
      expect(back.reverse()).toEqual(forward);
    }),
  );
});

test('clicks of a burst are counted one by one, and signals of one time as well', () => {
  const burst = recordingOf([view(0), ...[5000, 5200, 5400, 30_000].map((ms) => click(ms, 10, 10))], {
    findings: [findings[0], { ...findings[0], signal: 'dead_click', reason: 'nothing happened' }],
  });
  expect(countOf(burst, 'click')).toBe(4);
  expect(stopsOf(burst, 'click').map(({ first, count }) => [first, count])).toEqual([
    [1, 3],
    [4, 1],
  ]);
  expect(stopsOf(burst, 'signal')).toMatchObject([
    { first: 1, count: 2, label: '4 clicks in 0.9 s; nothing happened' },
  ]);
});
