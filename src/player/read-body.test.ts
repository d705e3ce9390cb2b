// A body is read the same in pieces of any size; what is none is refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvents, body, longVisit } from '../../test/fixtures/recordings.ts';
import { BodyReader } from './read-body.ts';
import { type Recording, readRecording } from './recording.ts';

function read(pieces: readonly string[]): Recording | null {
  const reader = new BodyReader();
  for (const piece of pieces) reader.feed(piece);
  const steps = reader.finish();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Cut at the given shares of its length. */
function cut(text: string, shares: readonly number[]): string[] {
  const places = [0, ...shares.map((share) => Math.floor(share * text.length)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, i) => text.slice(places[i], end));
}

test('a body cut anywhere reads as it does in one piece', () => {
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
  const strings = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"', '\\', '\\"]}', ',"events":[', '{[', '😀'),
  );
  fc.assert(
    fc.property(anyEvents(), strings, shares, fc.constantFrom(0, 2), (events, text, places, indent) => {
      const whole = body([...events, { odd: text, list: [1, [text]] }], { visitor_id: text, entry_page: text });
      const json = JSON.stringify({ before: { events: [text] }, ...whole, after: [text, null] }, null, indent);
      expect(read(cut(json, places))).toEqual(readRecording(whole));
    }),
  );
});

test('the order of the fields does not matter', () => {
  const { session, events, gaps } = body(longVisit(200, 60_000));
  expect(read([JSON.stringify({ gaps, events, session })])).toEqual(readRecording({ session, events, gaps }));
});

test('a body of single characters reads as well', () => {
  const whole = body(longVisit(30, 6000));
  expect(read([...JSON.stringify(whole)])).toEqual(readRecording(whole));
});

test('many events are read in runs', () => {
  const whole = body(longVisit(5000, 600_000));
  expect(read(cut(JSON.stringify(whole), [0.3, 0.31, 0.9]))?.eventCount).toBe(5000);
});

test('what breaks off or is no JSON is refused', () => {
  const json = JSON.stringify(body(longVisit(5, 100)));
  for (const wrong of [
    '',
    'null',
    json.slice(0, -1),
    json.slice(0, 40),
    '{"session":nonsense}',
    '{"events":[{"a":}]}',
    '{"events":{"a":1}}',
  ]) {
    expect(() => read([wrong]), wrong).toThrow(SyntaxError);
  }
  expect(read(['{}'])).toBeNull();
  expect(read(['[]'])).toBeNull();
});
