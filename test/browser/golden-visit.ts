// A visit that presses random visible things of a page, and where each of them lay when it was pressed. For the test of the golden promise.
import type { Page } from 'playwright-core';

/** What was pressed: a line of text, a picture, a control or a surface. Viewport px of the visitor, as the browser laid it out. */
export interface Pressed {
  kind: 'text' | 'box';
  /** For whoever reads of a failure. */
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** The pressed point within it. */
  point: { x: number; y: number };
}

type Golden = typeof window & {
  /** Up to `count` things that are all to be seen, each with a point at which it is on top; `random` gives 0 to 1. */
  places(count: number, seed: number, scrolled: boolean): Pressed[];
  /** Whether it lies there still, and on top. */
  holds(place: Pressed): boolean;
};

/** To be run in a page before its scripts: keeps it as it is whatever is pressed, and can find what may be. */
export function prepareGolden(): void {
  // The tracker hears clicks on the window, before the document; the page hears none, and nothing gets the focus.
  const keep = (event: Event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const type of ['click', 'mousedown', 'mouseup', 'pointerdown', 'pointerup', 'mouseover', 'pointerover'])
    document.addEventListener(type, keep, { capture: true });

  const isInk = (colour: string) => !/^rgba\(.*, 0(\.0\d*)?\)$|^transparent$/.test(colour);
  /** A press opens a window of the browser's own. */
  const isNative = 'select, option, input[type=file], input[type=color]';
  const hitAt = (x: number, y: number) => {
    const hit = document.elementFromPoint(x, y);
    return hit?.closest('svg') ?? hit;
  };

  function isWhole(element: Element, { x, y, width, height }: DOMRect): boolean {
    const middle = [x + width / 2, y + height / 2] as const;
    const edges = [
      [x + 1, middle[1]],
      [x + width - 1, middle[1]],
      [middle[0], y + 1],
      [middle[0], y + height - 1],
    ] as const;
    return (
      width >= 8 &&
      height >= 8 &&
      x >= 0 &&
      y >= 0 &&
      x + width <= innerWidth &&
      y + height <= innerHeight &&
      edges.every(([x, y]) => element.contains(hitAt(x, y)))
    );
  }

  function* visible(element: Element): Generator<['text' | 'box', DOMRect]> {
    const style = getComputedStyle(element);
    const isShown =
      /^(img|svg|canvas|input|textarea|button)$/i.test(element.tagName) ||
      isInk(style.backgroundColor) ||
      (Number.parseFloat(style.borderBottomWidth) >= 1 && isInk(style.borderBottomColor));
    if (isShown) yield ['box', element.getBoundingClientRect()];
    if (/^(svg|textarea|button)$/i.test(element.tagName) || !isInk(style.color)) return;
    const range = document.createRange();
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !/\S/.test(node.nodeValue ?? '')) continue;
      range.selectNode(node);
      for (const rectangle of range.getClientRects()) yield ['text', rectangle];
    }
  }

  const golden = window as unknown as Golden;
  golden.places = (count, seed, scrolled) => {
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const inScroller = (element: Element) => {
      for (let around = element.parentElement; around && around !== document.body; around = around.parentElement)
        if (around.scrollTop > 0 || around.scrollLeft > 0) return true;
      return false;
    };
    const elements = [...document.body.querySelectorAll('*')]
      .filter((element) => !element.closest('svg *') && !element.matches(isNative))
      .filter((element) => !scrolled || inScroller(element))
      .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      .map((element) => ({ element, order: random() }))
      .sort((a, b) => a.order - b.order);
    const found: Pressed[] = [];
    for (const { element } of elements) {
      if (found.length === count) break;
      const all = [...visible(element)].filter(([, rectangle]) => isWhole(element, rectangle));
      const [kind, rectangle] = all[Math.floor(random() * all.length)] ?? [];
      if (!kind || !rectangle) continue;
      const { x, y, width, height } = rectangle;
      for (let i = 0; i < 4; i++) {
        const point = {
          x: Math.ceil(x + 1 + random() * (width - 3)),
          y: Math.ceil(y + 1 + random() * (height - 3)),
        };
        if (hitAt(point.x, point.y) !== element) continue;
        const name = `${element.tagName}.${element.getAttribute('class') ?? ''}`;
        found.push({ kind, name, x, y, width, height, point });
        break;
      }
    }
    return found;
  };
  golden.holds = ({ kind, x, y, width, height, point }) => {
    const element = hitAt(point.x, point.y);
    return [...(element ? visible(element) : [])].some(
      ([now, rectangle]) =>
        now === kind &&
        Math.abs(rectangle.x - x) < 0.1 &&
        Math.abs(rectangle.y - y) < 0.1 &&
        Math.abs(rectangle.width - width) < 0.1 &&
        Math.abs(rectangle.height - height) < 0.1,
    );
  };
}

/** Finds things to press, as the page stands now. `scrolled`: only in nested scrollers that were moved. */
export function findPlaces(page: Page, count: number, seed: number, scrolled: boolean): Promise<Pressed[]> {
  return page.evaluate(([count, seed, scrolled]) => (window as unknown as Golden).places(count, seed, scrolled), [
    count,
    seed,
    scrolled,
  ] as const);
}

/** Presses at most `count` of the places, leaving out what has moved or is covered since; those it pressed. */
export async function press(page: Page, places: readonly Pressed[], count: number): Promise<Pressed[]> {
  const pressed: Pressed[] = [];
  for (const place of places) {
    if (pressed.length === count) break;
    const { x, y } = place.point;
    // What the page does when the mouse comes counts as well.
    await page.mouse.move(x, y);
    if (!(await page.evaluate((place) => (window as unknown as Golden).holds(place), place))) continue;
    await page.mouse.down();
    await page.mouse.up();
    pressed.push(place);
  }
  return pressed;
}
