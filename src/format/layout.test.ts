// A layout comes out as it went in, packed or not, and one that nobody's tracker made is cut, or refused, at no great cost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePacked } from './decode-packed.ts';
import type { LayoutEvent, SentEvent } from './event.ts';
import { FormatError } from './format-error.ts';
import { BOX, BOX_COLUMNS, parseLayout } from './layout.ts';
import { encodePacked } from './packed.ts';
import { parseBatch } from './parse-batch.ts';
import { eventParser } from './parse-event.ts';

const START = 1_708_617_600_000;
const PAGE = 'https://example.com/';

const parse = eventParser({});
const layout = (more: Record<string, unknown>) =>
  parse({ event_type: 'layout', page: PAGE, timestamp: START, ...more }) as Partial<LayoutEvent>;
const batch = (more: object) =>
  parseBatch({
    v: 1,
    session_key: `${START.toString(36)}-00000000000000000000`,
    visitor_id: 'visitor',
    page_id: 'page',
    seq: 0,
    sent_at: START,
    ...more,
  });

const px = fc.integer({ min: -1_000_000, max: 1_000_000 });
const size = fc.integer({ min: 1, max: 1_000_000 });
const element = fc.integer({ min: 1, max: 0x7fffffff });
/** 16 bits; those with alpha 0 are none. */
const colour = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const box = fc.tuple(
  fc.integer({ min: 0, max: 15 }),
  px,
  px,
  size,
  size,
  element,
  fc.oneof(fc.constant(0), element),
  fc.integer({ min: 0, max: 1_000_000 }),
  colour,
  colour,
  fc.integer({ min: 0, max: 1 }),
  fc.integer({ min: 0, max: 1000 }),
  px,
);

/** As the parser leaves it: a palette in order of first use, rows without zeros at their ends. */
function told(boxes: number[][]): Pick<LayoutEvent, 'palette' | 'boxes'> {
  const palette: string[] = [];
  for (const row of boxes) {
    for (const column of [BOX.fill, BOX.line]) {
      const colour = row[column] ?? 0;
      const text = `#${colour.toString(16).padStart(4, '0')}`.replace(/f$/, '');
      if (colour % 16 === 0) row[column] = 0;
      else row[column] = palette.includes(text) ? palette.indexOf(text) + 1 : palette.push(text);
    }
    while (row.at(-1) === 0) row.pop();
  }
  return { ...(palette.length > 0 && { palette }), boxes };
}

const event: fc.Arbitrary<SentEvent> = fc
  .record(
    {
      number: fc.integer({ min: 1, max: 1e9 }),
      whole: fc.boolean(),
      outline: fc.boolean(),
      removed: fc.array(element, { minLength: 1, maxLength: 20 }),
      scrolled: fc.array(fc.tuple(element, px, px), { minLength: 1, maxLength: 20 }),
      viewport_width: size,
      document_height: size,
      scroll_y: px,
    },
    { requiredKeys: [] },
  )
  .chain((fields) =>
    fc.array(box, { minLength: fields.removed || fields.scrolled ? 0 : 1, maxLength: 60 }).map((boxes) => ({
      event_type: 'layout' as const,
      page: PAGE,
      timestamp: START,
      ...fields,
      ...(boxes.length > 0 && told(boxes)),
    })),
  );

describe('a layout', () => {
  it('comes out of the packed form, and of the parser, as it went in', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (events) => {
        expect(decodePacked(encodePacked(events, START), START)).toEqual(events);
        expect(events.map(parse)).toEqual(events);
        expect(batch({ packed: encodePacked(events, START) })).toMatchObject({ events, rejected: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('costs fewer than eight characters a box of an ordinary page', () => {
    // Cards of a surface, a heading and three lines of text.
    const boxes = Array.from({ length: 500 }, (_, i) => {
      const card = Math.floor(i / 5);
      const [x, y] = [80 + (card % 3) * 380, 200 + Math.floor(card / 3) * 260];
      return i % 5 === 0
        ? [0, x, y, 360, 240, 10 + card * 5, 0, 0, 0xffff, 0xdddf, 1, 8]
        : [1, x + 20, y + 20 + (i % 5) * 28, 180 + ((i * 52) % 140), 20, 10 + card * 5 + (i % 5), 0, 0, 0x333f];
    });
    const event: SentEvent = {
      event_type: 'layout',
      page: PAGE,
      timestamp: START,
      number: 1,
      whole: true,
      ...told(boxes),
    };
    const packed = encodePacked([event], START);
    expect(packed.length / boxes.length).toBeLessThan(8);
    expect(decodePacked(packed, START)).toEqual([event]);
  });

  it('is told in whole px', () => {
    expect(layout({ boxes: [[0, 1.4, -0.2, 10.5, 9.6, 1]] }).boxes).toEqual([[0, 1, 0, 11, 10, 1]]);
  });

  it('has rows without zeros at their ends', () => {
    expect(layout({ boxes: [[1, 0, 0, 10, 10, 7, 0, 0, 0, 0, 0, 0, 0]] }).boxes).toEqual([[1, 0, 0, 10, 10, 7]]);
  });
});

describe('a layout that no tracker made', () => {
  const good = [0, 0, 0, 10, 10, 1];
  const withColumn = (column: number, value: unknown) => {
    const row: unknown[] = [0, 0, 0, 10, 10, 1, 0, 0, 0, 0, 0, 0, 0];
    row[column] = value;
    return row;
  };

  it.each([
    ['a row that is no list', { 0: 1 }],
    ['a text', 'box'],
    ['an empty row', []],
    ['too many columns', [...withColumn(0, 0), 0]],
    ['a column that is no number', withColumn(BOX.x, '7')],
    ['NaN', withColumn(BOX.y, Number.NaN)],
    ['infinity', withColumn(BOX.width, Number.POSITIVE_INFINITY)],
    ['1e400, as JSON has it', JSON.parse('[0,1e400,0,10,10,1]')],
    ['null', withColumn(BOX.x, null)],
    ['a hole', Array(BOX_COLUMNS)],
    ['a negative size', withColumn(BOX.width, -5)],
    ['no size', withColumn(BOX.height, 0)],
    ['a place beyond the page', withColumn(BOX.x, 1_000_001)],
    ['a place before the page', withColumn(BOX.y, -1_000_001)],
    ['a kind that is none', withColumn(BOX.kind, 16)],
    ['a colour beyond the palette', withColumn(BOX.fill, 2)],
    ['a border beyond the palette', withColumn(BOX.line, 300)],
    ['no element', withColumn(BOX.element, 0)],
    ['an element beyond 31 bits', withColumn(BOX.element, 2 ** 31)],
    ['a level below all', withColumn(BOX.level, -1)],
    ['a radius without end', withColumn(BOX.radius, 1e9)],
  ])('with %s loses that row alone', (_, row) => {
    expect(layout({ palette: ['#fff'], boxes: [row, good] }).boxes).toEqual([good]);
    expect(() => layout({ palette: ['#fff'], boxes: [row] })).toThrow(FormatError);
  });

  it.each([
    ['a palette that is no list', { palette: 'red' }, 'palette'],
    ['a colour by name', { palette: ['red'] }, 'palette'],
    ['a colour that closes a style', { palette: ['#fff;background:url(//a.b)'] }, 'palette'],
    ['too many colours', { palette: Array(257).fill('#fff') }, 'palette'],
    ['a number that is none', { number: 'one' }, 'number'],
    ['number 0', { number: 0 }, 'number'],
    ['half a number', { number: 1.5 }, 'number'],
    ['a number beyond all', { number: 1e10 }, 'number'],
    ['boxes that are no list', { boxes: { length: 1e9 } }, 'boxes'],
    ['no boxes', { boxes: [] }, 'boxes'],
    ['a flag that is none', { whole: 'yes' }, 'whole'],
    ['removed that are no list', { removed: 7 }, 'removed'],
  ])('with %s is refused, and the field named', (_, more, field) => {
    try {
      layout({ boxes: [good], ...more });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      expect(error).toMatchObject({ field });
    }
  });

  it('with a million boxes keeps the first 3,000, and looks at no more', () => {
    let looks = 0;
    const boxes = new Proxy(Array(1_000_000).fill(good), {
      get: (list, name) => {
        looks++;
        return Reflect.get(list, name);
      },
    });
    expect(layout({ boxes }).boxes).toHaveLength(3000);
    expect(looks).toBeLessThan(10_000);
    const removed = Array.from({ length: 100_000 }, (_, i) => i + 1);
    expect(layout({ removed }).removed).toEqual(removed.slice(0, 3000));
    expect(layout({ scrolled: Array(500).fill([1, 2, 3]) }).scrolled).toHaveLength(100);
  });

  it('is rejected where the batch has no room for its rows', () => {
    const event = { event_type: 'layout', page: PAGE, timestamp: START, boxes: Array(3000).fill(good) };
    const few = { ...event, boxes: [good] };
    const { events, rejected } = batch({ events: [event, event, event, few, few] });
    expect(rejected).toBe(2);
    expect(events).toHaveLength(3);
  });

  it('is a layout of the format, or refused, whatever it is', () => {
    const anyRow = fc.oneof(fc.array(fc.oneof(fc.integer(), fc.double(), fc.anything()), { maxLength: 14 }), box);
    const fields = fc.record(
      {
        boxes: fc.oneof(fc.array(anyRow), fc.anything()),
        removed: fc.oneof(fc.array(fc.oneof(fc.integer(), fc.anything())), fc.anything()),
        scrolled: fc.oneof(fc.array(fc.array(fc.double())), fc.anything()),
        palette: fc.oneof(fc.array(fc.constantFrom('#fff', '#1234')), fc.anything()),
        number: fc.anything(),
        whole: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, (given) => {
        let told: ReturnType<typeof parseLayout>;
        try {
          told = parseLayout(given);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
          return;
        }
        for (const row of told.boxes ?? []) {
          expect(row.length).toBeLessThanOrEqual(BOX_COLUMNS);
          expect(row.every(Number.isSafeInteger)).toBe(true);
          expect(row[BOX.width]).toBeGreaterThan(0);
          expect(row[BOX.fill] ?? 0).toBeLessThanOrEqual(told.palette?.length ?? 0);
        }
        expect(parseLayout({ ...told })).toEqual(told);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a packed layout that no tracker packed', () => {
  const digits = (...numbers: number[]): string =>
    numbers
      .map((n) => {
        let text = '';
        for (let rest = n; ; rest = (rest - 64 - ((rest - 64) % 29)) / 29) {
          const digit = rest < 64 ? rest : 64 + ((rest - 64) % 29);
          text += String.fromCharCode(digit + (digit > 58 ? 34 : digit > 1 ? 33 : 32));
          if (rest < 64) return text;
        }
      })
      .join('');
  /** Row, time, no geometry, no number, not whole; then the lists. */
  const head = [11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const unpacked = (...lists: number[]) => decodePacked(digits(...head, ...lists), START);
  const plain = [0b111111, 0, 2, 4, 20, 20, 2];

  it('is read where it is one', () => {
    expect(unpacked(0, 2 + 1, ...plain, 0, 0)).toEqual([
      expect.objectContaining({ event_type: 'layout', boxes: [[0, 1, 2, 10, 10, 1]] }),
    ]);
  });

  it.each([
    ['a mask with a bit that no column has', [0, 3, 1 << 13, 0, 0]],
    ['a mask beyond all', [0, 3, 2 ** 40, 0, 0]],
    ['a length without rows', [0, 2 + 3000]],
    ['a length that no batch has', [0, 2 + 9001, ...Array(9001).fill(0), 0, 0]],
    ['a length beyond all', [0, 2 ** 52]],
    ['lists that are too long together', [2 + 5000, ...Array(5000).fill(0), 2 + 5000, ...Array(5000).fill(0), 0, 0]],
    ['a row that ends', [0, 3, 0b111111, 0, 2]],
  ])('with %s is refused with its batch', (_, lists) => {
    expect(() => unpacked(...lists)).toThrow(FormatError);
  });

  it('counts the rows of all layouts of a batch', () => {
    const many = digits(...head, 0, 2 + 3000, ...plain, ...Array(2999).fill(0), 0, 0);
    expect(decodePacked(many.repeat(3), START)).toHaveLength(3);
    expect(() => decodePacked(many.repeat(4), START)).toThrow(FormatError);
  });

  it('loses the boxes whose colour is none', () => {
    const [event] = unpacked(0, 2 + 2, 0b100111111, 0, 2, 4, 20, 20, 2, 2 * 70_000, 0b100000000, 2 * 70_000 - 1, 0, 0);
    expect(layout(event!).boxes).toHaveLength(1);
  });

  it('has 256 colours; boxes of further ones have none', () => {
    const rows = Array.from({ length: 300 }, () => [0b100000000, 2 * 16]).flat();
    const [event] = unpacked(0, 2 + 301, 0b100111111, 0, 2, 4, 20, 20, 2, 2 * 15, ...rows, 0, 0);
    const { palette, boxes } = layout(event!);
    expect(palette).toHaveLength(256);
    expect(boxes).toHaveLength(301);
    expect(boxes![255]).toHaveLength(9);
    expect(boxes![256]).toEqual([0, 1, 2, 10, 10, 1]);
  });

  it('of a megabyte is a batch, or refused, in a moment', () => {
    const text = (unit: string) => unit.repeat(Math.floor((1024 * 1024) / unit.length)).slice(0, 1024 * 1024);
    const began = performance.now();
    for (const unit of [
      digits(...head, 0, 2 + 30, ...Array(30).fill(0), 0, 0),
      '-',
      digits(...head, 0, 2 + 9000),
      '~',
    ]) {
      expect(() => batch({ packed: text(unit) })).toThrow(FormatError);
    }
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('is plain events or refused, whatever follows its head', () => {
    const rest = fc.array(fc.oneof(fc.nat(15), fc.nat(8191), fc.nat()), { maxLength: 200 });
    fc.assert(
      fc.property(rest, (numbers) => {
        try {
          for (const { events } of [batch({ packed: digits(...head, ...numbers) })]) {
            for (const event of events) expect(parse(event)).toEqual(event);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
