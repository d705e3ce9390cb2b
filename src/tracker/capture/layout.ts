// The page's outline: a box for each surface, line of text, picture and control, in the page's colours, without any content. Called by settle.
import { LAYOUT_BOXES_MAX } from '../../format/limits.ts';
import { within as clamp, moved, scrollers } from '../place.ts';

/** Left, top, right, bottom. */
type Sides = readonly [number, number, number, number];

/** As the columns of BOX have them. */
let boxes: number[][];
/** Hears what changes in a shadow tree. */
let watch: (root: Node) => void;
let lastId = 0;
const ids = new WeakMap<Element, number>();
let pen: OffscreenCanvasRenderingContext2D;
const colours: Record<string, number> = {};
const range = document.createRange();

/** 16 bits: red, green, blue, alpha. The canvas knows all ways to write a colour. */
const draw = (colour: string): number => {
  pen ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
  pen.fillStyle = colour;
  pen.clearRect(0, 0, 1, 1);
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data.reduce((sum, part) => sum * 16 + (part >> 4), 0);
};
const look = (colour: string): number => (colours[colour] ??= draw(colour));

const cut = (sides: Sides, clip: Sides | 0): Sides =>
  clip ? (sides.map((side, i) => Math[i > 1 ? 'min' : 'max'](side, clip[i]!)) as never) : sides;

/**
 * `within`: the nearest box around that is fixed, sticky or scrolls; `dx`, `dy`: how far what lies in it is scrolled;
 * `parent`: the parent's id.
 */
const walk = (
  element: HTMLElement,
  within: number,
  dx: number,
  dy: number,
  level: number,
  clip: Sides | 0,
  parent: number,
): void => {
  const style = getComputedStyle(element);
  const { position, overflow, backgroundImage } = style;
  const { tagName, shadowRoot } = element;
  const z = +style.zIndex;
  const isShown = style.visibility === 'visible';
  const isFixed = position === 'fixed';
  if (style.display === 'none' || !+style.opacity || boxes[LAYOUT_BOXES_MAX - 1]) return;
  if (isFixed) within = dx = dy = clip = 0;
  const sidesOf = ({ x, y, right, bottom }: DOMRect): Sides => [x + dx, y + dy, right + dx, bottom + dy];
  const sides = sidesOf(element.getBoundingClientRect());
  // Of all ids a child's is greater than its parent's, so that it is painted later.
  let id = ids.get(element)!;
  if (!(id > parent)) {
    id = ++lastId;
    ids.set(element, id);
  }
  level += clamp(9999, z || +/fix|abs|sti/.test(position));
  if (tagName === 'DIALOG') level = 1e6;
  const isHidden = element.dataset?.silhouette === 'hide';
  const isPicture = isHidden || /^(IMG|svg|VID|CANV|IFR)/.test(tagName);
  const isField = element.isContentEditable || /^(INP|TEXTA|SEL)/.test(tagName);
  // What overflows the body scrolls with the viewport.
  const isInner = parent && overflow !== 'visible' && tagName !== 'BODY';
  const place = isFixed
    ? 4
    : position === 'sticky' && style.top !== 'auto'
      ? 8
      : isInner && !isField && /auto|scroll/.test(overflow) && element.scrollHeight > element.clientHeight
        ? 12
        : 0;
  const fill = look(isHidden ? '#ccc' : style.backgroundColor);
  const line = parseFloat(style.borderBottomWidth) && look(style.borderBottomColor);
  const kind = isPicture || /url/.test(backgroundImage) ? 2 : isField || tagName === 'BUTTON' ? 3 : 0;
  const add = (sides: Sides, kind: number, ...more: number[]) => {
    const [x, y, right, bottom] = cut(sides, clip);
    if (right > x && bottom > y)
      boxes.push([kind, x, y, right - x, bottom - y, id, within, level, ...more].map((n) => Math.round(n) || 0));
  };
  if (place || (isShown && (kind || fill % 16 || line % 16))) {
    add(
      sides,
      kind + place,
      +isShown && fill,
      line,
      +(style.borderTopWidth !== '0px'),
      clamp(999, parseFloat(style.borderTopLeftRadius)),
      place === 8 ? parseFloat(style.top) : 0,
    );
  }
  if (isInner) clip = cut(sides, clip);
  if (place) within = id;
  if (place > 8) {
    const { scrollLeft, scrollTop } = element;
    if (!scrollers.has(element)) moved.add(element);
    scrollers.set(element, id);
    dx += scrollLeft;
    dy += scrollTop;
    clip = 0;
  }
  if (isPicture || isField) return;
  if (shadowRoot) watch(shadowRoot);
  // What lies in no slot, or in a slot that is not needed, has no area.
  for (const node of [...(shadowRoot?.childNodes ?? []), ...element.childNodes]) {
    if ((node as Element).tagName) walk(node as HTMLElement, within, dx, dy, level, clip, id);
    else if (isShown && /\S/.test((node as Text).data)) {
      range.selectNode(node);
      for (const rect of range.getClientRects()) {
        add(sidesOf(rect), 1, look(style.color));
      }
    }
  }
};

/** All boxes there are, at most 3,000. */
export const outline = (watchRoot: (root: Node) => void): number[][] => {
  watch = watchRoot;
  boxes = [];
  walk(document.documentElement, 0, scrollX, scrollY, 0, 0, 0);
  return boxes;
};
