// A session in a text: what goes in comes out as the player sees it, and nothing that was made up by someone else does harm.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, body, click, longVisit, move, SHOP, view } from '../../../test/fixtures/recordings.ts';
import { pageLoadOf, type SessionEvent } from '../../format/event.ts';
import { readEvent } from '../../player/read-event.ts';
import { readRecord } from '../../player/read-session.ts';
import { type Carried, cut } from './carried.ts';
import { pack } from './pack.ts';
import { LINK_BOUNDS, unpack } from './unpack.ts';

const { signal } = new AbortController();

function carried(events: SessionEvent[]): Carried {
  const { session, gaps } = body(events);
  return { session: readRecord(session)!, events, gaps: gaps as Carried['gaps'] };
}

/** As the player sees an event: of its id, the page load. */
const seen = (events: readonly SessionEvent[]) =>
  events.map((event) => JSON.stringify({ ...readEvent(event), event_id: pageLoadOf(event.event_id) }));

async function opened(text: string): Promise<Carried> {
  return (await unpack(text, 'link', LINK_BOUNDS)).json() as Promise<Carried>;
}

test('a visit comes out of a link as it was, at a few characters an event', async () => {
  const given = carried(longVisit(600, 600_000));
  const text = await pack(given, signal);
  const found = await opened(text);
  expect(seen(found.events)).toEqual(seen(given.events));
  expect(found.session).toEqual(given.session);
  expect(text).toMatch(/^[\w-]+$/);
  expect(text.length / given.events.length).toBeLessThan(12);
});

test('any events come out as they went in: of several tabs, with fractions, long texts and other people’s ids', async () => {
  const px = fc.oneof(
    fc.integer({ min: -1_000_000, max: 1_000_000 }),
    fc.double({ min: -5000, max: 5000, noNaN: true }),
  );
  const text = fc.oneof(fc.string({ maxLength: 40 }), fc.constant('x'.repeat(5000)), fc.constant('"\\\u2028é'));
  const ids = fc.oneof(
    fc.constantFrom('p.0.1', 'q-2.3.4', 'odd id', 'a.b.c.d'),
    fc.string({ minLength: 1, maxLength: 9 }),
  );
  const event = fc
    .record({
      ms: fc.integer({ min: -1000, max: 1e11 }),
      event_id: ids,
      element: text,
      page: text,
      x: px,
      y: px,
      kind: fc.nat(4),
    })
    .map(({ ms, event_id, element, page, x, y, kind }): SessionEvent => {
      const where = { event_id, page };
      switch (kind) {
        case 0:
          return { ...move(ms, x, y), ...where };
        case 1:
          return { ...click(ms, x, y, { element }), ...where };
        case 2:
          return { ...view(ms), ...where };
        case 3:
          return { ...at(ms, { event_type: 'scroll', scroll_percent: 40.5, scroll_y: y }), ...where } as SessionEvent;
        default:
          return { ...at(ms, { event_type: 'custom', name: element }), ...where } as SessionEvent;
      }
    });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
      const found = await opened(await pack(carried(events), signal));
      expect(seen(found.events)).toEqual(seen(events));
    }),
    { numRuns: 100 },
  );
});

test('a stretch begins with what was on the screen, and outlines can be left out', () => {
  const events = [view(0), click(1000, 10, 10), move(2000, 20, 20), click(3000, 30, 30), click(9000, 40, 40)];
  const given = carried(events);
  const start = given.session.started_at;
  const stretch = cut(given, { from: start + 2500, to: start + 4000 }, false);
  expect(stretch.events.map(({ event_type, timestamp }) => [event_type, timestamp - start])).toEqual([
    ['page_view', 2500],
    ['mousemove', 2500],
    ['click', 3000],
  ]);
  expect(stretch.session).toMatchObject({
    started_at: start + 2500,
    duration: 500,
    click_count: 1,
    status: 'ended',
    pages: [SHOP],
  });
});

test('garbage, half a link and one that is too large are refused in a sentence', async () => {
  const whole = await pack(carried(longVisit(50, 50_000)), signal);
  const bomb = await deflated(new Blob(Array.from({ length: 40 }, () => ' '.repeat(1_000_000))));
  const huge = await deflated(
    new Blob([JSON.stringify({ v: 1, session: { started_at: 0 }, loads: [], parts: [[0, Array(100_001).fill({})]] })]),
  );
  const sentence =
    /^This link (is incomplete or was changed on its way: it holds no session|holds more than a session can: it is not opened)\.$/;
  const wrong = [
    '',
    'x',
    '%%%',
    '<script>',
    whole.slice(0, -20),
    `${whole}AAAA`.slice(40),
    bomb,
    huge,
    'A'.repeat(1_000_001),
  ];
  for (const envelope of [
    null,
    1,
    [],
    {},
    { v: 1 },
    { v: 1, session: {}, loads: [], parts: [] },
    { v: 2, session: { started_at: 0 }, loads: [], parts: [] },
    { v: 1, session: { started_at: 0 }, loads: [], parts: [7] },
    { v: 1, session: { started_at: 0 }, loads: [], parts: [[0, '"']] },
  ])
    wrong.push(await deflated(new Blob([JSON.stringify(envelope)])));
  for (const text of wrong) await expect(opened(text), text.slice(0, 40)).rejects.toThrow(sentence);
  expect(bomb.length).toBeLessThan(100_000);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.base64String({ minLength: 1, maxLength: 4 }),
      async (place, other) => {
        const changed = whole.slice(0, place) + other + whole.slice(place + other.length);
        await opened(changed).catch((error) => expect(error.kind ?? error.name).toMatch(/broken|SyntaxError/));
      },
    ),
    { numRuns: 200 },
  );
});

async function deflated(blob: Blob): Promise<string> {
  const stream = blob.stream().pipeThrough(new CompressionStream('deflate-raw'));
  return Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url');
}
