// What the parser of batches reads, cuts, leaves behind and refuses.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SentEvent } from './event.ts';
import { FormatError } from './format-error.ts';
import { encodePacked } from './packed.ts';
import { parseBatch } from './parse-batch.ts';
import { eventParser } from './parse-event.ts';

const START = 1_770_000_000_000;
const PAGE = 'https://shop.example/cart';
const envelope = {
  v: 1,
  session_key: `${START.toString(36)}-abcdefghijklmnopqrstuv`,
  visitor_id: 'visitor',
  page_id: 'page',
  seq: 0,
  sent_at: START,
};
const parse = (more: object) => parseBatch(JSON.parse(JSON.stringify({ ...envelope, ...more })));
const click = { event_type: 'click', x: 1, y: 2, element: 'A', page: PAGE, timestamp: START };

test('a batch is read as it was sent', () => {
  const events: SentEvent[] = [
    {
      event_type: 'page_view',
      viewport_width: 1280,
      scroll_y: 0,
      device_pixel_ratio: 1.5,
      page: PAGE,
      timestamp: START,
    },
    { event_type: 'mousemove', x: 3, y: 4, pointer: 'pen', page: PAGE, timestamp: START + 100 },
    {
      event_type: 'click',
      x: 3,
      y: 4,
      pointer: 'mouse',
      element: 'BUTTON#pay',
      element_box: { x: 0, y: 0, width: 10, height: 20 },
      element_x: 0.3,
      element_y: 0.2,
      fixed: true,
      effect_ms: null,
      page: PAGE,
      timestamp: START + 200,
    },
    {
      event_type: 'scroll',
      scroll_percent: 50,
      scroll_y: 300,
      document_height: 1300,
      page: PAGE,
      timestamp: START + 300,
    },
    { event_type: 'navigation', from: PAGE, page: 'https://shop.example/paid', timestamp: START + 400 },
    { event_type: 'visibility_change', state: 'hidden', page: PAGE, timestamp: START + 500 },
    { event_type: 'focus', element: 'INPUT#email', page: PAGE, timestamp: START + 550 },
    {
      event_type: 'error',
      name: 'TypeError',
      source: 'https://shop.example/app.js',
      line: 7,
      page: PAGE,
      timestamp: START + 600,
    },
    {
      event_type: 'custom',
      name: 'bought',
      properties: { sum: 12.5, gift: false, code: null },
      page: PAGE,
      timestamp: START + 700,
    },
  ];
  expect(parse({ events })).toMatchObject({ key_start: START, rejected: 0, events });
  expect(parse({ packed: encodePacked(events, START) }).events).toEqual(events);
});

test('what the tracker gave up is a number above 0, or nothing', () => {
  expect(parse({ events: [click], dropped: 3 }).dropped).toBe(3);
  expect(parse({ events: [click, click], dropped: 3 }).events.map((event) => event.dropped)).toEqual([3, undefined]);
  for (const dropped of [0, -1, 1.5, '3', null])
    expect(parse({ events: [click], dropped })).not.toHaveProperty('dropped');
});

test('what is not a field of the format is left behind', () => {
  const [event] = parse({
    events: [{ ...click, country: 'XX', engagement_score: 100, text: 'secret', constructor: 1 }],
  }).events;
  expect(event).toEqual(click);
});

test.each([
  [{ x: '450' }, 'x'],
  [{ x: null }, 'x'],
  [{ y: 1e7 }, 'y'],
  [{ element: 5 }, 'element'],
  [{ element: undefined }, 'element'],
  [{ page: 'javascript:alert(1)' }, 'page'],
  [{ page: `https://e.x/${'a'.repeat(2048)}` }, 'page'],
  [{ timestamp: 1e20 }, 'timestamp'],
  [{ timestamp: '2026' }, 'timestamp'],
  [{ event_type: 'CLICK' }, 'event_type'],
  [{ event_type: 'keypress' }, 'event_type'],
  [{ event_id: '' }, 'event_id'],
  [{ event_id: 'a.b' }, 'event_id'],
  [{ element_box: { x: 1 } }, 'element_box.y'],
  [{ element_x: 1.1 }, 'element_x'],
  [{ pointer: 'eye' }, 'pointer'],
])('an event with %j is refused, and the field named', (more, field) => {
  expect(() => parse({ events: [{ ...click, ...more }] })).toThrow(`events[0].${field} `);
  expect(parse({ events: [{ ...click, ...more }, click] })).toMatchObject({ rejected: 1, events: [click] });
});

test('a number beyond what JSON can say is refused', () => {
  const text = JSON.stringify({ ...envelope, events: [click] }).replace('"x":1', '"x":1e999');
  expect(() => parseBatch(JSON.parse(text))).toThrow(FormatError);
});

test('a pointer left of or above the viewport is at its edge', () => {
  const move = { event_type: 'mousemove', x: -0.5, y: -1_000_000, page: PAGE, timestamp: click.timestamp };
  const events = parse({ events: [{ ...click, x: -1, y: -2 }, move, { ...move, pointer: 'pen' }] }).events;
  for (const event of events) expect(event).toMatchObject({ x: 0, y: 0 });
});

test('addresses and elements are cut again, and the parameters a site allows stay', () => {
  const sent = { ...click, page: `${PAGE}?token=1&ref=mail#top`, element: 'DIV#user-1234567' };
  expect(parse({ events: [sent] }).events[0]).toMatchObject({ page: PAGE, element: 'DIV#user-*' });
  expect(parse({ events: [sent], params: ['ref'] }).events[0]).toMatchObject({ page: `${PAGE}?ref=mail` });
  expect(() => parse({ events: [sent], params: 'ref' })).toThrow('params');
});

test('texts hold neither control characters nor halves of characters, and have an end', () => {
  const [event] = parse({ events: [{ ...click, element: `A\u0000\u001b[31m\ud800${'\u0301'.repeat(5000)}` }] }).events;
  const { element } = event as { element: string };
  expect(element.startsWith('A\ufffd\ufffd[31m\ufffd')).toBe(true);
  expect([...element]).toHaveLength(256);
});

test('a context that makes no sense is left out field by field', () => {
  const context = {
    referrer: 'https://a.b/c?q=1',
    language: 'e\u0000n',
    timezone: 'Asia/Kolkata',
    screen_width: '1920',
  };
  expect(parse({ events: [click], context }).context).toEqual({ referrer: 'https://a.b/c', timezone: 'Asia/Kolkata' });
});

test('properties named like the prototype harm nothing', () => {
  const text = JSON.stringify({
    ...envelope,
    events: [{ ...click, event_type: 'custom', name: 'n', properties: {} }, click],
  });
  const hostile = text.replace(
    '"properties":{}',
    '"properties":{"__proto__":{"admin":true}},"__proto__":{"admin":true}',
  );
  expect(parseBatch(JSON.parse(hostile))).toMatchObject({ rejected: 1 });
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test('whatever JSON comes, the answer is a batch or a FormatError', () => {
  const hostile = fc.record(
    {
      v: fc.oneof(fc.constant(1), fc.jsonValue()),
      session_key: fc.oneof(fc.constant(envelope.session_key), fc.jsonValue()),
      visitor_id: fc.oneof(fc.constant('v'), fc.jsonValue()),
      page_id: fc.oneof(fc.constant('p'), fc.jsonValue()),
      seq: fc.oneof(fc.constant(0), fc.jsonValue()),
      sent_at: fc.oneof(fc.constant(START), fc.jsonValue()),
      context: fc.jsonValue(),
      params: fc.jsonValue(),
      events: fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.constant(click), fc.jsonValue()))),
    },
    { requiredKeys: ['v', 'session_key', 'visitor_id', 'page_id', 'seq', 'sent_at'] },
  );
  fc.assert(
    fc.property(hostile, (body) => {
      try {
        expect(parseBatch(body).events.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('what was parsed once is parsed to itself', () => {
  const once = parse({ events: [click, { ...click, event_type: 'mousemove' }] }).events;
  expect(once.map(eventParser())).toEqual(once);
});
