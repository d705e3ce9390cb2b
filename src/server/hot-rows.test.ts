// A hot row gives its events back whole, and is short.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../format/event.ts';
import { decodeEvents, encodeEvents } from './hot-rows.ts';

const number = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((n) => n + 0),
);
const event = fc.record({
  id: fc.oneof(
    fc.nat(50).map((n) => `p.3.${n}`),
    fc.constantFrom('own', 'p.3.01', 'p.3.', 'p.4.1', 'q.3.1'),
  ),
  move: fc.boolean(),
  x: number,
  y: number,
  pointer: fc.constantFrom(undefined, 'mouse', 'touch'),
  page: fc.constantFrom('https://e.x/', 'https://e.x/"quoted"', 'https://e.x/\u{1f4a1}'),
  timestamp: fc.integer({ min: 0, max: 4e12 }),
});

test('a row gives back the events that were put in', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (given) => {
      const events = given.map(({ id, move, pointer, ...rest }) => ({
        event_id: id,
        event_type: move ? 'mousemove' : 'click',
        ...(pointer && { pointer }),
        ...(move ? {} : { element: 'A' }),
        ...rest,
      })) as SessionEvent[];
      expect(decodeEvents('p', 3, encodeEvents('p', 3, events))).toEqual(events);
    }),
  );
});

test('a mouse sample takes a dozen bytes', () => {
  const events = Array.from({ length: 40 }, (_, i) => ({
    event_id: `p.0.${i}`,
    event_type: 'mousemove' as const,
    x: 400 + i,
    y: 300,
    page: 'https://e.x/',
    timestamp: 1_770_000_000_000 + i * 100,
  }));
  expect(encodeEvents('p', 0, events).length).toBeLessThan(40 * 15);
});

test('a mouse sample keeps what was given up before it', () => {
  const sample = (i: number) =>
    ({ event_type: 'mousemove', x: i, y: 2, page: 'https://a.example/', timestamp: i }) as const;
  const events = [0, 1, 2].map((i) => ({ event_id: `p.3.${i}`, ...(i === 0 && { dropped: 7 }), ...sample(i) }));
  expect(decodeEvents('p', 3, encodeEvents('p', 3, events))).toEqual(events);
});
