// What the tracker packs is what the parser unpacks, and nothing that a stranger packs does harm.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePacked } from './decode-packed.ts';
import type { SentEvent } from './event.ts';
import { FormatError } from './format-error.ts';
import { encodePacked, packer } from './packed.ts';
import { MOUSEMOVE } from './packed-row.ts';

const START = 1_708_617_600_000;

const pixels = fc.integer({ min: -1_000_000, max: 1_000_000 });
const size = fc.integer({ min: 0, max: 1_000_000 });
const share = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
// The format knows no empty texts.
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const pointer = fc.constantFrom('mouse', 'touch', 'pen');
const geometry = {
  viewport_width: size,
  viewport_height: size,
  document_width: size,
  document_height: size,
  scroll_x: pixels,
  scroll_y: pixels,
  device_pixel_ratio: fc.integer({ min: 1, max: 10_000 }).map((n) => n / 100),
};

const of = <T extends string, M extends Record<string, fc.Arbitrary<unknown>>>(
  event_type: T,
  required: M,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) =>
  fc.record(
    {
      event_type: fc.constant(event_type),
      page: fc.webUrl(),
      timestamp: fc.integer({ min: 0, max: 8.64e15 / 2 }),
      ...required,
      ...optional,
    },
    { requiredKeys: ['event_type', 'page', 'timestamp', ...Object.keys(required)] as never },
  );

const event = fc.oneof(
  of('mousemove', { x: pixels, y: pixels }, { pointer }),
  of(
    'click',
    { x: pixels, y: pixels, element: text },
    {
      pointer,
      element_box: fc.record({ x: pixels, y: pixels, width: size, height: size }),
      element_x: share,
      element_y: share,
      fixed: fc.boolean(),
      effect_ms: fc.option(fc.integer({ min: 0, max: 10_000 })),
    },
  ),
  of(
    'scroll',
    { scroll_percent: fc.integer({ min: 0, max: 100 }) },
    { scroll_x: pixels, scroll_y: pixels, document_height: size },
  ),
  of('page_view', {}, geometry),
  of('navigation', {}, { from: fc.webUrl(), ...geometry }),
  of('resize', {}, geometry),
  of('visibility_change', { state: fc.constantFrom('visible', 'hidden') }),
  of('focus', { element: text }),
  of('error', { name: text }, { source: fc.webUrl(), line: size }),
  of(
    'custom',
    { name: text },
    {
      properties: fc
        .dictionary(
          text,
          fc
            .oneof(text, fc.double(), fc.boolean(), fc.constant(null))
            .filter((v) => !Object.is(v, -0) && (typeof v !== 'number' || Number.isFinite(v))),
        )
        .filter((o) => !Object.hasOwn(o, '__proto__'))
        .map((o) => ({ ...o })),
    },
  ),
) as fc.Arbitrary<SentEvent>;

describe('a packed text', () => {
  it('unpacks to the events that were packed', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), (events) => {
        expect(decodePacked(encodePacked(events, START), START)).toEqual(events);
      }),
      { numRuns: 500 },
    );
  });

  it('survives JSON unchanged and unlengthened but for its texts', () => {
    const events: SentEvent[] = Array.from({ length: 500 }, (_, i) => ({
      event_type: 'mousemove',
      x: i * i,
      y: -i * 7,
      page: 'https://example.com/',
      timestamp: START + i * 137,
    }));
    const packed = encodePacked(events, START);
    expect(JSON.stringify(packed).length).toBe(packed.length + 2);
  });

  it('spends about five characters on a mouse sample', () => {
    const moves = Array.from(
      { length: 101 },
      (_, i): SentEvent => ({
        event_type: 'mousemove',
        x: Math.round(400 + 300 * Math.sin(i / 9)),
        y: Math.round(300 + 200 * Math.cos(i / 7)),
        pointer: 'mouse',
        page: 'https://example.com/',
        timestamp: START + Math.ceil((i * 108) / 16.7) * 16,
      }),
    );
    const first = encodePacked(moves.slice(0, 1), START).length;
    expect((encodePacked(moves, START).length - first) / 100).toBeLessThan(5.1);
  });

  it('takes 0 for what is no finite number, so that one bad value does not spoil the batch', () => {
    const pack = packer(START);
    const packed = pack(MOUSEMOVE, [Number.NaN, Number.POSITIVE_INFINITY], ['https://a.b/', undefined], START);
    expect(decodePacked(packed, START)).toEqual([
      { event_type: 'mousemove', x: 0, y: 0, page: 'https://a.b/', timestamp: START },
    ]);
  });

  it('leaves out a text that is too long to be one', () => {
    const long = 'x'.repeat(5000);
    const events = [
      { event_type: 'error', name: long, line: 7, page: 'https://a.b/', timestamp: START },
    ] as SentEvent[];
    expect(decodePacked(encodePacked(events, START), START)).toEqual([
      { event_type: 'error', line: 7, page: 'https://a.b/', timestamp: START },
    ]);
  });
});

describe('a text that no tracker packed', () => {
  const refused = (packed: unknown) => {
    try {
      decodePacked(packed, START);
    } catch (error) {
      if (error instanceof FormatError) return error.field === 'packed';
      throw error;
    }
    return false;
  };

  it.each([
    ['is no string', 5],
    ['is empty', ''],
    ['holds no event', '  '],
    ['has a row nobody knows', '-###'],
    ['ends within an event', '# #'],
    ['holds a quote for a digit', '#"##'],
    ['holds a letter beyond ASCII for a digit', '#é##'],
    ['names a text that was never given', ' *'],
    ['gives a text longer than what is left', ' #z'],
    ['holds a number beyond 2^53', `${'~'.repeat(14)} `],
  ])('is refused where it %s', (_, packed) => {
    expect(refused(packed)).toBe(true);
  });

  it('is refused with one event more than a batch may hold', () => {
    const events = Array.from(
      { length: 1001 },
      (): SentEvent => ({ event_type: 'resize', page: 'https://a.b/', timestamp: START }),
    );
    expect(decodePacked(encodePacked(events.slice(1), START), START)).toHaveLength(1000);
    expect(refused(encodePacked(events, START))).toBe(true);
  });

  it('is refused as a whole or gives plain events, whatever it is', () => {
    const digits = fc.string({
      unit: fc.integer({ min: 32, max: 126 }).map((n) => String.fromCharCode(n)),
      maxLength: 300,
    });
    fc.assert(
      fc.property(fc.oneof(digits, fc.string()), (packed) => {
        if (refused(packed)) return;
        for (const event of decodePacked(packed, START)) expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
      }),
      { numRuns: 2000 },
    );
  });

  it('cut anywhere is refused or gives a part of its events', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 5 }), fc.nat(), (events, n) => {
        const packed = encodePacked(events, START);
        const cut = packed.slice(0, n % packed.length);
        if (!refused(cut)) expect(events).toEqual(expect.arrayContaining(decodePacked(cut, START)));
      }),
    );
  });
});
