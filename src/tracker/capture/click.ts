// What was pressed and where on it. Started by main.
import { CLICK } from '../../format/packed-row.ts';
import { describeElement } from '../describe-element.ts';
import { listen } from '../guard.ts';
import { place } from '../place.ts';
import { emit } from '../queue.ts';

export function captureClick(): void {
  listen<PointerEvent>('click', (event) => {
    // A press by a script is none of the visitor's.
    if (!event.isTrusted) return;
    // The first is what was hit inside of open shadow trees, too; the last are document and window.
    const path = (event.composedPath() as Element[]).filter(({ nodeType }) => nodeType === 1);
    const element = path[0] ?? document.documentElement;
    const { x, y, width, height } = element.getBoundingClientRect();
    // A press by a key is nowhere: it goes to the middle.
    const isByKey = !event.detail && !event.clientX && !event.clientY;
    const inX = isByKey ? width / 2 : event.clientX - x;
    const inY = isByKey ? height / 2 : event.clientY - y;
    // Browsers that tell no kind for clicks told one for the press.
    place[1] = event.pointerType ?? place[1];
    emit(
      CLICK,
      [
        x + inX,
        y + inY,
        describeElement(element),
        x + scrollX,
        y + scrollY,
        width,
        height,
        thousandths(inX / width),
        thousandths(inY / height),
        path.some((node) => /fixed|sticky/.test(getComputedStyle(node).position)),
        undefined,
      ],
      true,
    );
  });
}

const thousandths = (share: number) => Math.min(1000, Math.max(0, 1000 * share));
