// What was pressed, where on it, and whether anything happened then. Heard by main; told of effects by settle and whatever ends the page.
import { CLICK } from '../../format/packed-row.ts';
import { describeElement } from '../describe-element.ts';
import { guard } from '../guard.ts';
import { wake } from '../outbox.ts';
import { place, within } from '../place.ts';
import { clock, emit, page } from '../queue.ts';
import { EFFECT_WITHIN_MS } from '../tuning.ts';

let before = 0;
/** Something happened, `ms` after the click before; null: it is told that nothing did. The first that is told counts. */
export let seeEffect: (ms?: number | null) => void = () => {};

export const hearClick = (event: PointerEvent): void => {
  // A press by a script is none of the visitor's; one on a label is heard for its field again, as of the same moment.
  if (!event.isTrusted || event.timeStamp == before) return;
  before = event.timeStamp;
  // A tab that was closed may have left something; the visitor is in one tab at a time.
  wake();
  // The first is what was hit, inside of open shadow trees, too; the last two are no elements: document and window.
  const path = event.composedPath() as [Element & { labels?: NodeList }, ...Element[]];
  const [element] = path;
  const { x, y, width, height } = element.getBoundingClientRect();
  let isOpen = true;
  let inX: number;
  let inY: number;
  // A press by a key counts no presses, and is in the middle. Browsers that tell no kind of pointer for clicks told one for its moves.
  [inX, inY, place[1]] = event.detail
    ? [event.x - x, event.y - y, event.pointerType ?? place[1]]
    : [width / 2, height / 2];
  const at = clock();
  const parts = [inX / width, inY / height];
  const values = [
    x + inX,
    y + inY,
    describeElement(element),
    x + scrollX,
    y + scrollY,
    width,
    height,
    ...parts.map((part) => within(1000, 1000 * part)),
    path.some((node) => node.tagName && /fix|sti/.test(getComputedStyle(node).position)),
  ];
  // In Firefox it is another moment, but the point is the label's: well beside the field, and not at its edge by rounding.
  if (element.labels?.[0] && parts.some((part) => (part - 0.5) ** 2 > 0.3)) return;
  seeEffect(null);
  seeEffect = guard((ms: number | null = clock() - at) => {
    if (isOpen) {
      isOpen = false;
      // Before changes of the page are heard it cannot be said that nothing happened.
      emit(CLICK, [...values, page.begin && ms] as never, at);
    }
  });
  setTimeout(seeEffect, EFFECT_WITHIN_MS, null);
  // What is pressed to be kept, which nothing tells.
  if (!page.begin || element.closest('[download]')) seeEffect(0);
};
