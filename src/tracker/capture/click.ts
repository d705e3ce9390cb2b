// What was pressed and where on it. Heard by main.
import { CLICK } from '../../format/packed-row.ts';
import { describeElement } from '../describe-element.ts';
import { place, within } from '../place.ts';
import { emit } from '../queue.ts';

let before = 0;

export const hearClick = (event: PointerEvent): void => {
  // A press by a script is none of the visitor's; one on a label is heard for its field again, as of the same moment.
  if (!event.isTrusted || event.timeStamp === before) return;
  before = event.timeStamp;
  // The first is what was hit, inside of open shadow trees, too; the last two are no elements: document and window.
  const path = event.composedPath() as [Element, ...Element[]];
  const [element] = path;
  const { x, y, width, height } = element.getBoundingClientRect();
  // A press by a key counts no presses, and is in the middle.
  const inX = event.detail ? event.clientX - x : width / 2;
  const inY = event.detail ? event.clientY - y : height / 2;
  // Browsers that tell no kind of pointer for clicks told one for its moves.
  place[1] = event.detail ? (event.pointerType ?? place[1]) : undefined;
  emit(CLICK, [
    x + inX,
    y + inY,
    describeElement(element),
    x + scrollX,
    y + scrollY,
    width,
    height,
    within(1000, (1000 * inX) / width),
    within(1000, (1000 * inY) / height),
    path.some((node) => node.tagName && /fixed|sticky/.test(getComputedStyle(node).position)),
    undefined,
  ]);
};
