// When the page's outline is taken, and what of it is told: once the page has settled, then what changed, at a pace that costs it little. Begun by main.
import { packList } from '../../format/packed-layout.ts';
import { LAYOUT } from '../../format/packed-row.ts';
import { guard, isLive } from '../guard.ts';
import { seen } from '../place.ts';
import { clock, emit, look, pageId } from '../queue.ts';
import { OUTLINE_EVERY_MS, OUTLINE_NUMBER_MS, OUTLINE_REST, WHOLE_EVERY } from '../tuning.ts';
import { seeEffect, waitForEffects } from './click.ts';
import { outline } from './layout.ts';

/** Of the next outline; stays set once one has failed, so that there is no other. */
let timer = 0;
/** When the next is due; ms, by the events' own clock. */
let due = 0;
/** When what was sent so far is paid for, ms. */
let paidAt = 0;
let count = 0;
/** The page that the last one was of. */
let pageBefore: string;
/** Of each element its boxes, as text, as they were told. */
let known: Record<number, string> = {};

/** Something changed, or may have. */
const hear = guard(() => {
  seeEffect();
  if (!timer) timer = setTimeout(wait, due - clock());
});

// Where browsers have no idle times, 500 is no number there: at once.
const wait = () => (self.requestIdleCallback ?? setTimeout)(take, { timeout: 500 } as never);

const watch = (root: Node): void =>
  observer.observe(root, { attributes: true, characterData: true, childList: true, subtree: true });
const observer = new MutationObserver(hear);

const take = (): void => {
  try {
    // What changes in a tab that nobody sees is told when it is seen.
    if (isLive && !document.hidden) tell();
    timer = 0;
  } catch {}
};

const tell = (): void => {
  look();
  const began = clock();
  const boxes = outline(watch);
  const isWhole = pageBefore !== pageId || count % WHOLE_EVERY < 1;
  const before = isWhole ? {} : known;
  known = {};
  for (const box of boxes) known[box[5]!] += `${box} `;
  const stated = boxes.filter(({ 5: element }) => before[element!] !== known[element!]);
  const removed = Object.keys(before).filter((element) => !known[+element]);
  const now = clock();
  if (stated[0] || removed[0]) {
    emit(LAYOUT, [...seen, ++count, isWhole, removed, stated, undefined, undefined] as never);
    pageBefore = pageId;
    paidAt = Math.max(paidAt, now - 60_000);
    packList(stated, () => {
      paidAt += OUTLINE_NUMBER_MS;
    });
  }
  due = Math.max(now + OUTLINE_EVERY_MS + OUTLINE_REST * (now - began), paidAt);
};

/** Takes the first outline, and hears what changes from then on. */
export const settle = guard(() => {
  waitForEffects();
  watch(document);
  for (const type of ['transitionend', 'load', 'resize', 'scroll', 'focusin', 'input', 'copy', 'visibilitychange'])
    addEventListener(type, hear, true);
  hear();
});
