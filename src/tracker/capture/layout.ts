// The page's outline: a box for each surface, line of text, picture and control, in the page's colours, without any content. Called by settle.
import { LAYOUT_BOXES_MAX } from '../../format/limits.ts';
import { within as clamp, known, moved } from '../place.ts';
import { clock } from '../queue.ts';
import { SLICE_MS } from '../tuning.ts';

/** Left, top, right, bottom. */
type Sides = readonly [number, number, number, number];

let observer: MutationObserver;
/** Hears what changes in a tree: the document or a shadow tree. */
export const watch = (root: Node): void =>
  observer.observe(root, { attributes: true, characterData: true, childList: true, subtree: true });
export const observe = (hear: MutationCallback): void => {
  observer = new MutationObserver(hear);
};

/** When the page has its turn. */
let until = 0;
/** Where the page is scrolled to; to ask the browser each time would take longer than all else. */
let left: number;
let top: number;
let lastId = 0;
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

/**
 * `within`: the nearest box around that is fixed, sticky or scrolls; `dx`, `dy`: how far what lies in it is scrolled;
 * `parent`: the parent's id; `changed`: what in the page is to be looked at with all that lies in it.
 */
const walk = async (
  element: HTMLElement,
  within: number,
  dx: number,
  dy: number,
  level: number,
  clip: Sides | readonly [],
  parent: number,
  changed: Node[],
): Promise<number[][]> => {
  if (clock() > until) {
    // As an executor it is given no number of ms: none.
    await new Promise(setTimeout as never);
    until = clock() + SLICE_MS;
    left = scrollX;
    top = scrollY;
  }
  const rect = element.getBoundingClientRect();
  const cut = ({ x, y, right, bottom }: DOMRect): Sides =>
    [x + dx + left, y + dy + top, right + dx + left, bottom + dy + top].map((side, i) =>
      Math.round((i > 1 ? side > clip[i]! : side < clip[i]!) ? clip[i]! : side),
    ) as never;
  const place = `${cut(rect)}`;
  let entry = known.get(element) ?? ([] as never);
  changed = changed.filter((node) => element.contains(node));
  if (!changed[0] && entry[0] == place) return entry[1];
  const boxes: number[][] = [];
  entry = [place, boxes, entry[2]];
  known.set(element, entry);
  const style = getComputedStyle(element);
  const { position, overflow } = style;
  const { tagName, shadowRoot } = element;
  const isShown = style.visibility == 'visible';
  const isFixed = position == 'fixed';
  if (style.display == 'none' || (style.opacity as never) < 0.1) return boxes;
  if (isFixed) {
    within = 0;
    dx = -left;
    dy = -top;
    clip = [];
  }
  level += tagName == 'DIALOG' ? 1e6 : clamp(9999, +style.zIndex || (/fix|abs|sti/.test(position) as never));
  const isHidden = element.dataset?.silhouette == 'hide';
  /** Of what is not gone into. */
  const leaf =
    element.isContentEditable || /^(INP|TEXTA|SEL)/.test(tagName)
      ? 3
      : isHidden || /^(I[MF]|sv|VI|CAN)/.test(tagName)
        ? 2
        : 0;
  // What overflows the first two, document and body, scrolls with the viewport.
  const isInner = parent > 1 && overflow != 'visible';
  const hold = isFixed ? 4 : /sti/.test(position) ? 8 : isInner && !leaf && /au|sc/.test(overflow) ? 12 : 0;
  // True is 1: black, of which next to nothing is seen.
  const fill = isHidden || look(style.backgroundColor);
  const line = style.borderBottomWidth != '0px' && look(style.borderBottomColor);
  const kind = leaf || (/url/.test(style.backgroundImage) ? 2 : tagName == 'BUTTON' ? 3 : 0);
  const isBox = hold || (isShown && (kind || (fill as never) % 16 || (line as never) % 16));
  // Of all ids a child's is greater than its parent's, so that it is painted later.
  const id = entry[2] > parent ? entry[2] : ++lastId;
  entry[2] = id;
  const put = (box: number[]) => {
    const before = boxes.at(-1) ?? [];
    const [kind, x, y, width, , , , , fill] = box;
    // Words that follow each other on a line are one. The box before may be one of a child's.
    const isOne =
      kind! * before[0]! == 1 && y == before[2] && fill == before[8] && (x! - before[1]! - before[3]!) ** 2 < 99;
    boxes[boxes.length - +isOne] = isOne ? before.with(3, x! + width! - before[1]!) : box;
  };
  const add = (rect: DOMRect, kind: number, ...more: (number | boolean)[]) => {
    const [x, y, right, bottom] = cut(rect);
    if (right > x && bottom > y)
      put([kind, x, y, right - x, bottom - y, id, within, level, ...more].map((n) => (n as number) | 0));
  };
  if (isBox) {
    add(
      rect,
      kind + hold,
      isShown && fill,
      line,
      style.borderTopWidth != '0px',
      clamp(999, parseFloat(style.borderTopLeftRadius)),
      hold == 8 && parseFloat(style.top),
    );
  }
  if (isInner) clip = cut(rect);
  if (hold) within = id;
  if (hold > 8) {
    const { scrollLeft, scrollTop } = element;
    if (scrollLeft || scrollTop) moved.add(element);
    dx += scrollLeft;
    dy += scrollTop;
    clip = [];
  }
  if (!leaf) {
    if (shadowRoot) watch(shadowRoot);
    // What lies in no slot, or in a slot that is not needed, has no area.
    for (const node of [...(shadowRoot?.childNodes ?? []), ...element.childNodes]) {
      if (boxes[LAYOUT_BOXES_MAX - 1]) break;
      if ((node as Element).tagName)
        (
          await walk(node as HTMLElement, within, dx, dy, level, clip, id, changed.includes(element) ? [node] : changed)
        ).forEach(put);
      else if (isShown && (node as Text).data.trim()) {
        range.selectNode(node);
        for (const rect of range.getClientRects()) {
          add(rect, 1, look(style.color));
        }
      }
    }
  }
  return boxes;
};

/** All boxes there are, at most 3,000. */
export const outline = (changed: Node[]): Promise<number[][]> =>
  walk(document.documentElement, 0, 0, 0, 0, [], 0, changed);
