// The page's outline: a box for each surface, line of text, picture and control, in the page's colours, without any content. Called by settle.
import { within as clamp, scrollers } from '../place.ts';

/** Left, top, right, bottom. */
type Sides = readonly [number, number, number, number];

/** Boxes as the columns of BOX have them, and where nested scrollers stand: [element, x, y]. */
let boxes: number[][];
let scrolled: number[][];
/** Hears what changes in a shadow tree. */
let watch: (root: Node) => void;
let lastId = 0;
const ids = new WeakMap<Element, number>();
/** `overflow` of the root element: where it is `visible`, that of the body is the viewport's. */
let rootOverflow: string;
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
 * `unit`: what one of z-index is worth; `parent`: the parent's id.
 */
const walk = (
  element: HTMLElement,
  within: number,
  dx: number,
  dy: number,
  level: number,
  unit: number,
  clip: Sides | 0,
  parent: number,
): void => {
  const style = getComputedStyle(element);
  const { position, overflow, backgroundImage } = style;
  const { tagName, shadowRoot } = element;
  const z = +style.zIndex;
  const isShown = style.visibility === 'visible';
  const isFixed = position === 'fixed';
  if (style.display === 'none' || +style.opacity < 0.05 || boxes[9999]) return;
  if (isFixed) within = dx = dy = clip = 0;
  const sidesOf = ({ x, y, right, bottom }: DOMRect): Sides => [x + dx, y + dy, right + dx, bottom + dy];
  const sides = sidesOf(element.getBoundingClientRect());
  // Of all ids a child's is greater than its parent's, so that it is painted later.
  let id = ids.get(element)!;
  if (!(id > parent)) ids.set(element, (id = ++lastId));
  if (z > 0 || /fix|abs|sti/.test(position)) level += unit * clamp(9999, z || 1);
  if (z) unit = 1;
  if (tagName === 'DIALOG') level = 1e6;
  if (!parent) rootOverflow = overflow;
  const role = tagName + element.getAttribute('role');
  const isHidden = element.dataset?.silhouette === 'hide';
  const isPicture = isHidden || /^(IMG|svg|VID|CANV|IFR)/.test(tagName);
  const isField = element.isContentEditable || /^(INP|TEXTA|SEL)|[tho]box/.test(role);
  const isInner = parent && overflow !== 'visible' && (tagName !== 'BODY' || rootOverflow !== 'visible');
  const place = isFixed
    ? 4
    : position === 'sticky' && style.top !== 'auto'
      ? 8
      : isInner && !isField && /auto|scroll/.test(overflow) && element.scrollHeight > element.clientHeight
        ? 12
        : 0;
  const fill = look(isHidden ? '#ccc' : (/^[^u].*?(rgb.*?\))/.exec(backgroundImage)?.[1] ?? style.backgroundColor));
  const line = parseFloat(style.borderBottomWidth) && look(style.borderBottomColor);
  const kind = isPicture || /url/.test(backgroundImage) ? 2 : isField || /button/i.test(role) ? 3 : 0;
  const add = (sides: Sides, kind: number, ...more: number[]) => {
    const [x, y, right, bottom] = cut(sides, clip);
    if (right > x && bottom > y)
      boxes.push([kind, x, y, right - x, bottom - y, id, within, level, ...more].map((n) => Math.round(n) || 0));
  };
  if (place || (isShown && (kind || fill % 16 || line % 16))) {
    add(
      sides,
      kind + place,
      isShown ? fill : 0,
      line,
      line && parseFloat(style.borderTopWidth) && 1,
      Math.min(999, parseFloat(style.borderTopLeftRadius)),
      place === 8 ? parseFloat(style.top) : 0,
    );
  }
  if (isInner) clip = cut(sides, clip);
  if (place) within = id;
  if (place > 8) {
    const { scrollLeft, scrollTop } = element;
    scrollers.set(element, id);
    if (scrollLeft || scrollTop) scrolled.push([id, scrollLeft, scrollTop]);
    dx += scrollLeft;
    dy += scrollTop;
    clip = 0;
  }
  if (isPicture || isField) return;
  if (shadowRoot) watch(shadowRoot);
  const slotted = (element as HTMLSlotElement).assignedNodes?.() ?? [];
  for (const node of slotted[0] ? slotted : (shadowRoot ?? element).childNodes) {
    if ((node as Element).tagName) walk(node as HTMLElement, within, dx, dy, level, unit, clip, id);
    else if (isShown && /\S/.test((node as Text).data)) {
      range.selectNode(node);
      for (const rect of range.getClientRects()) {
        const [x, y, right, bottom] = sidesOf(rect);
        // Widths of words tell less so.
        add([x, y, Math.ceil(right / 4) * 4, bottom], 1, look(style.color));
      }
    }
  }
};

/** All boxes there are, at most 3,000: those nearest to the viewport. */
export const outline = (watchRoot: (root: Node) => void): [boxes: number[][], scrolled: number[][]] => {
  watch = watchRoot;
  boxes = [];
  scrolled = [];
  walk(document.documentElement, 0, scrollX, scrollY, 0, 100, 0, 0);
  const distance = (box: number[]) => Math.abs(box[2]! - scrollY);
  const limit = Float64Array.from(boxes, distance).sort()[3000];
  return [boxes.filter((box) => !(distance(box) >= limit!)), scrolled];
};
