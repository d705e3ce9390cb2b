// The order of events and its text: what a log of packed batches gives is what the batches say.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addEvents, emptyDigest } from '../analysis/digest.ts';
import type { StoredBatch } from '../format/batch.ts';
import type { SessionEvent } from '../format/event.ts';
import { EventLog } from './event-log.ts';
import { compareBatches } from './order.ts';

const batches = fc.uniqueArray(
  fc.record({
    page_id: fc.constantFrom('a', 'b'),
    seq: fc.nat(4),
    accepted: fc.constant(0),
    rejected: fc.constant(0),
    events: fc.array(
      fc.record({
        event_id: fc.oneof(fc.uuid(), fc.constantFrom('twin', 'other')),
        event_type: fc.constant('click'),
        x: fc.nat(9),
        y: fc.double({ noNaN: true, noDefaultInfinity: true }),
        element: fc.constantFrom('A', 'B"\\', 'é💡'),
        page: fc.webUrl(),
        timestamp: fc.nat(5),
      }),
      { maxLength: 5 },
    ),
  }),
  { selector: ({ page_id, seq }) => `${page_id}.${seq}` },
) as unknown as fc.Arbitrary<StoredBatch[]>;

/** The same, with everything in memory. */
function ordered(given: StoredBatch[]): SessionEvent[] {
  const seen = new Set<string>();
  return [...given]
    .sort(compareBatches)
    .flatMap(({ events }) => events)
    .filter(({ event_id }) => !seen.has(event_id) && seen.add(event_id))
    .sort((a, b) => a.timestamp - b.timestamp);
}

describe('EventLog', () => {
  it('gives every event once, by time and then by batch, letter by letter, whatever came first', () => {
    fc.assert(
      fc.property(batches, fc.boolean(), (given, reversed) => {
        const log = new EventLog();
        for (const batch of reversed ? [...given].reverse() : given) log.add([batch]);
        const expected = ordered(given);
        expect([...log.texts()]).toEqual(expected.map((event) => JSON.stringify(event)));
        expect([log.count, log.batchCount]).toEqual([expected.length, given.length]);
        const digest = emptyDigest();
        addEvents(digest, expected);
        expect(log.digest()).toEqual(digest);
      }),
    );
  });

  it('keeps the first of two batches of one name', () => {
    const log = new EventLog();
    const event = { event_type: 'page_view', page: 'https://e.x/', timestamp: 1 } as const;
    const batch = (event_id: string) => [
      { page_id: 'a', seq: 0, accepted: 1, rejected: 0, events: [{ ...event, event_id }] as SessionEvent[] },
    ];
    log.add(batch('one'));
    log.add(batch('two'));
    expect([...log.events()].map(({ event_id }) => event_id)).toEqual(['one']);
    expect([log.has('one'), log.has('two')]).toEqual([true, false]);
  });
});
