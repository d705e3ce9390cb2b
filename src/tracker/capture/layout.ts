// The page's outline: a box for each surface, line of text, picture and control, in the page's colours, without any content. Called by settle.
import { LAYOUT_BOXES_MAX } from '../../format/limits.ts';
import { within as clamp, moved, scrollers } from '../place.ts';
import { clock } from '../queue.ts';
import { SLICE_MS } from '../tuning.ts';

/** Left, top, right, bottom. */
type Sides = readonly [number, number, number, number];
const UNCUT: Sides = [-1e6, -1e6, 1e6, 1e6];

/** As the columns of BOX have them. */
let boxes: number[][];
/** Hears what changes in a shadow tree. */
let watch: (root: Node) => void;
/** In how many goes it was taken. */
export let slices: number;
/** When the page has its turn. */
let until: number;
let lastId = 0;
const ids = new WeakMap<Element, number>();
const colours: Record<string, number> = {};
const range = new Range();

/** 16 bits: red, green, blue, alpha. The canvas knows all ways to write a colour. */
const draw = (colour: string): number => {
  const pen = new OffscreenCanvas(1, 1).getContext('2d')!;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data.reduce((sum, part) => sum * 16 + Math.round(part / 17), 0);
};
const look = (colour: string): number => (colours[colour] ??= draw(colour));

const cut = (sides: Sides, clip: Sides): Sides =>
  sides.map((side, i) => Math[i > 1 ? 'min' : 'max'](side, clip[i]!)) as never;

/**
 * `within`: the nearest box around that is fixed, sticky or scrolls; `dx`, `dy`: how far what lies in it is scrolled;
 * `parent`: the parent's id.
 */
const walk = async (
  element: HTMLElement,
  within: number,
  dx: number,
  dy: number,
  level: number,
  clip: Sides,
  parent: number,
): Promise<void> => {
  if (clock() > until) {
    // As an executor it is given no number of ms: none.
    await new Promise(setTimeout as never);
    until = clock() + SLICE_MS;
    slices++;
  }
  const style = getComputedStyle(element);
  const { position, overflow } = style;
  const { tagName, shadowRoot } = element;
  const isShown = style.visibility === 'visible';
  const isFixed = position === 'fixed';
  if (style.display === 'none' || (style.opacity as never) < 0.1 || boxes[LAYOUT_BOXES_MAX - 1]) return;
  if (isFixed) {
    within = 0;
    dx = -scrollX;
    dy = -scrollY;
    clip = UNCUT;
  }
  const sidesOf = ({ x, y, right, bottom }: DOMRect): Sides =>
    [x + dx + scrollX, y + dy + scrollY, right + dx + scrollX, bottom + dy + scrollY].map(Math.round) as never;
  const sides = sidesOf(element.getBoundingClientRect());
  level += clamp(9999, +style.zIndex || +/fix|abs|sti/.test(position));
  if (tagName === 'DIALOG') level = 1e6;
  const isHidden = element.dataset?.silhouette === 'hide';
  /** Of what is not gone into. */
  const leaf =
    isHidden || /^(IM|sv|VI|CAN|IF)/.test(tagName)
      ? 2
      : element.isContentEditable || /^(INP|TEXTA|SEL)/.test(tagName)
        ? 3
        : 0;
  // What overflows the first two, document and body, scrolls with the viewport.
  const isInner = parent > 1 && overflow !== 'visible';
  const place = isFixed ? 4 : /sti/.test(position) ? 8 : isInner && !leaf && /auto|scroll/.test(overflow) ? 12 : 0;
  const fill = look(isHidden ? '#ccc' : style.backgroundColor);
  const line = parseFloat(style.borderBottomWidth) && look(style.borderBottomColor);
  const kind = leaf || (/url/.test(style.backgroundImage) ? 2 : tagName === 'BUTTON' ? 3 : 0);
  const isBox = place || (isShown && (kind || fill % 16 || line % 16));
  let id = ids.get(element)!;
  // Of all ids a child's is greater than its parent's, so that it is painted later.
  if (!(id > parent)) {
    id = ++lastId;
    ids.set(element, id);
  }
  const add = (sides: Sides, kind: number, ...more: number[]) => {
    const [x, y, right, bottom] = cut(sides, clip);
    const before = boxes.at(-1) ?? [];
    if (right <= x || bottom <= y) return;
    // Words that follow each other on a line are one.
    if (before[0]! * kind === 1 && before[2] === y && before[8] === more[0] && (x - before[1]! - before[3]!) ** 2 < 99)
      before[3] = right - before[1]!;
    else boxes.push([kind, x, y, right - x, bottom - y, id, within, level, ...more].map((n) => Math.round(n) || 0));
  };
  if (isBox) {
    add(
      sides,
      kind + place,
      +isShown && fill,
      line,
      +!!parseFloat(style.borderTopWidth),
      clamp(999, parseFloat(style.borderTopLeftRadius)),
      place === 8 ? parseFloat(style.top) : 0,
    );
  }
  if (isInner) clip = cut(sides, clip);
  if (place) within = id;
  if (place > 8) {
    const { scrollLeft, scrollTop } = element;
    scrollers.set(element, id);
    if (scrollLeft || scrollTop) moved.add(element);
    dx += scrollLeft;
    dy += scrollTop;
    clip = UNCUT;
  }
  if (!leaf) {
    if (shadowRoot) watch(shadowRoot);
    // What lies in no slot, or in a slot that is not needed, has no area.
    for (const node of [...(shadowRoot?.childNodes ?? []), ...element.childNodes]) {
      if ((node as Element).tagName) await walk(node as HTMLElement, within, dx, dy, level, clip, id);
      else if (isShown && /\S/.test((node as Text).data)) {
        range.selectNode(node);
        for (const rect of range.getClientRects()) {
          add(sidesOf(rect), 1, look(style.color));
        }
      }
    }
  }
};

/** All boxes there are, at most 3,000. */
export const outline = async (watchRoot: (root: Node) => void): Promise<number[][]> => {
  watch = watchRoot;
  boxes = [];
  slices = until = 0;
  await walk(document.documentElement, 0, 0, 0, 0, UNCUT, 0);
  return boxes;
};
