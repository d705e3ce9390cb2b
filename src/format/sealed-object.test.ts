// A sealed object is read as it was written, and what damage to it costs.
import { expect, test } from 'vitest';
import { FormatError } from './format-error.ts';
import { encodeObject, parseObject, parseObjectHeader, type SealedObject } from './sealed-object.ts';

const object: SealedObject = {
  object: 2,
  session: {
    session_id: 's',
    visitor_id: 'v',
    started_at: 1000,
    country: null,
    country_estimated: false,
    browser: null,
    os: null,
    device: null,
    context: {},
  },
  clock_offset: 0,
  batches: [
    {
      page_id: 'p',
      seq: 0,
      accepted: 2,
      rejected: 1,
      events: [
        { event_id: 'p.0.0', event_type: 'page_view', page: 'https://e.x/', timestamp: 1000 },
        { event_id: 'p.0.1', event_type: 'click', x: 1, y: 2, element: 'A', page: 'https://e.x/', timestamp: 1500 },
      ],
    },
    { page_id: 'p', seq: 1, accepted: 0, rejected: 0, events: [] },
  ],
};

test('an object is read as it was written', () => {
  expect(parseObject(encodeObject(object))).toMatchObject(object);
  expect(parseObjectHeader(encodeObject(object))).toMatchObject({ object: 2, session: { session_id: 's' } });
});

test('what is told of a session stands in the order in which it began, so that an index made anew tells it letter by letter', () => {
  expect(JSON.stringify(parseObjectHeader(encodeObject(object)).session)).toBe(JSON.stringify(object.session));
});

test('an object that lost or gained a line is refused as a whole', () => {
  const lines = encodeObject(object).trimEnd().split('\n');
  expect(() => parseObject(lines.slice(0, -1).join('\n'))).toThrow(FormatError);
  expect(() => parseObject([...lines, lines[1]].join('\n'))).toThrow(FormatError);
  expect(() => parseObject(lines.slice(1).join('\n'))).toThrow(FormatError);
  expect(() => parseObject(encodeObject(object).slice(0, -20))).toThrow(FormatError);
  expect(() => parseObject('')).toThrow(FormatError);
});

test('an object of more events than a session may have is refused before they are looked at', () => {
  const huge = encodeObject(object).replace('"event_count":2', '"event_count":100001');
  expect(() => parseObject(huge)).toThrow('events must be at most 100000');
});

test('an event that makes no sense costs itself only, and leaves a gap', () => {
  const parsed = parseObject(encodeObject(object).replace('"x":1', '"x":null'));
  expect(parsed.batches[0]!.events.map((event) => event.event_id)).toEqual(['p.0.0']);
  expect(parsed.gaps).toEqual([{ from: 1000, to: 1000, reason: 'damaged' }]);
  const first = parseObject(encodeObject(object).replace('"p.0.0"', '7'));
  expect(first.gaps).toEqual([{ from: 1000, to: 1500, reason: 'damaged' }]);
});

test.each([
  ['"session_id":"s"', '"session_id":"../s"'],
  ['"started_at":1000', '"started_at":"<b>"'],
  ['"visitor_id":"v",', ''],
  ['"context":{}', '"context":[]'],
  ['"seq":0', '"seq":"0"'],
  ['"event_count":2', '"event_count":null'],
  ['"clock_offset":0', '"gaps":"x","clock_offset":0'],
])('a header with %s made %s is refused', (given, made) => {
  const text = encodeObject(object);
  expect(text).toContain(given);
  expect(() => parseObject(text.replace(given, made))).toThrow(FormatError);
});
