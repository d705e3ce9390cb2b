// The boxes that the header of an import tells of its pages → layouts, each an outline that nobody saw. Called by import-sessions.
import type { LayoutEvent } from './event.ts';
import { type Fields, number, object, oneOf } from './field.ts';
import { FormatError } from './format-error.ts';
import { LAYOUT_BOXES_MAX, PIXELS_MAX } from './limits.ts';
import type { SessionOrigin } from './session.ts';

/** px of the page. */
interface HeaderBox {
  kind: (typeof KINDS)[number];
  place: readonly [x: number, y: number, width: number, height: number];
}

export interface HeaderBoxes {
  /** By page, as the header has it: yet to be checked like that of any event; empty where none is told. */
  pages: ReadonlyMap<string, readonly HeaderBox[]>;
  /** Boxes that were left out: of no sense, or more than a layout may have. */
  refused: number;
}

const KINDS = ['surface', 'text', 'picture', 'control'] as const;
/** Nobody told colours: quiet ones, of which a look names fill, border and whether that runs all around. */
const PALETTE = ['#eef', '#bbc', '#667'];
const LOOKS = { surface: [1, 2, 1], text: [3], picture: [], control: [0, 2, 1] } as const;

/** Boxes that make no sense are left out, too many are cut. */
export function parseHeaderBoxes({ boxes, page }: Fields): HeaderBoxes {
  if (boxes === undefined || boxes === null) return { pages: new Map(), refused: 0 };
  if (!Array.isArray(boxes)) return { pages: new Map(), refused: 1 };
  const pages = new Map<string, HeaderBox[]>();
  let taken = 0;
  for (let i = 0; i < boxes.length && i < LAYOUT_BOXES_MAX; i++) {
    try {
      const box = object(boxes[i], 'boxes');
      const parsed = parseBox(box);
      const key = String(box.page ?? page ?? '');
      const there = pages.get(key);
      if (there) there.push(parsed);
      else pages.set(key, [parsed]);
      taken++;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return { pages, refused: boxes.length - taken };
}

/** Position and size stand side by side, or in `location` and `size` as in recordings of search results. */
function parseBox(box: Fields): HeaderBox {
  const location = box.location === undefined ? box : object(box.location, 'boxes.location');
  const size = box.size === undefined ? box : object(box.size, 'boxes.size');
  const px = (value: unknown, min: number) => Math.round(number(value, 'boxes', min, PIXELS_MAX)) + 0;
  return {
    kind: box.kind === undefined ? 'surface' : oneOf(box.kind, 'boxes.kind', KINDS),
    place: [px(location.x, -PIXELS_MAX), px(location.y, -PIXELS_MAX), px(size.width, 0.5), px(size.height, 0.5)],
  };
}

type Sizes = Pick<SessionOrigin, 'viewport' | 'document'>;

/** One layout for each page, in the order in which the header tells them; their times are the caller's to know. */
export function outlinesOf({ pages }: HeaderBoxes, { viewport, document }: Sizes): Omit<LayoutEvent, 'timestamp'>[] {
  return [...pages].map(([page, boxes], i) => ({
    event_id: `import.layout.${i + 1}`,
    event_type: 'layout',
    ...(viewport && { viewport_width: viewport.width, viewport_height: viewport.height }),
    ...(document && { document_width: document.width, document_height: document.height }),
    number: 1,
    whole: true,
    palette: PALETTE,
    boxes: boxes.map(({ kind, place }, at) => [KINDS.indexOf(kind), ...place, at + 1, 0, 0, ...LOOKS[kind]]),
    outline: true,
    page,
  }));
}
