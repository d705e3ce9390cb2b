// What was pressed, where on it, and whether anything happened then. Heard by main; told of effects by settle and whatever ends the page.
import { CLICK } from '../../format/packed-row.ts';
import type { Values } from '../../format/packed.ts';
import { describeElement } from '../describe-element.ts';
import { guard } from '../guard.ts';
import { place, within } from '../place.ts';
import { emit } from '../queue.ts';
import { EFFECT_WITHIN_MS } from '../tuning.ts';

let before = 0;
/** A click whose effect is waited for. */
let pending: Values<typeof CLICK> | undefined;
/** By the events' own clock. */
let clickedAt: number;
let timer: number;
/** True once changes of the page are heard: before, it cannot be said that nothing happened. */
let isWatched = false;

/** Changes of the page are heard from now on. */
export const waitForEffects = (): void => {
  isWatched = true;
};

/** Takes the click that waits, if one does. `ms`: how long its effect took; null: nothing happened. */
const finish = (ms: number | null | undefined): void => {
  if (pending) {
    const click = pending;
    pending = undefined;
    clearTimeout(timer);
      emit(CLICK, [...click.slice(0, -1), ms] as never, clickedAt);
  }
};

const giveUp = guard(() => finish(null));

/** Something happened. */
export const seeEffect = (): void => finish(performance.now() - clickedAt);

/** Whatever is not heard otherwise and happens at once: a download, another window, another program, a picker. */
const AT_ONCE = '[download],[target=_blank],[href^=mailto],[href^=tel],select,label,input';

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
  finish(null);
  clickedAt = performance.now();
  pending = [
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
  ];
  timer = setTimeout(giveUp, EFFECT_WITHIN_MS);
  if (!isWatched) finish(undefined);
  else if (element.closest(AT_ONCE)) finish(0);
};
