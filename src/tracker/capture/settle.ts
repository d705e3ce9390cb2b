// When the page's outline is taken, and what of it is told: once the page has settled, then what changed, at a pace that costs it little. Begun by main.
import { packList } from '../../format/packed-layout.ts';
import { LAYOUT } from '../../format/packed-row.ts';
import { guard, isLive, listen } from '../guard.ts';
import { geometry, place } from '../place.ts';
import { emit, pageId } from '../queue.ts';
import { OUTLINE_EVERY_MS, OUTLINE_NUMBER_MS, OUTLINE_REST, WHOLE_EVERY } from '../tuning.ts';
import { seeEffect, waitForEffects } from './click.ts';
import { outline } from './layout.ts';
import { visibility } from './visibility.ts';

/** Of the next outline; stays set once one has failed, so that there is no other. */
let timer = 0;
/** When the page first changed since the last outline, and when the next is due; ms, by the events' own clock. */
let changedAt = 0;
let due = 0;
/** When what was sent so far is paid for, ms. */
let paidAt = 0;
let count = 0;
/** The page that the last one was of. */
let pageBefore: string;
/** Of each element its boxes, as text, as they were told. */
let known = new Map<number, string>();

const clock = () => performance.now();

/** Something may have changed. */
const note = guard(() => {
  changedAt ||= clock();
  timer ||= setTimeout(wait, Math.max(99, due - clock()));
});

/** Something changed. */
const hear = guard(() => {
  seeEffect();
  note();
});

// Where browsers have no idle times, 500 is no number there: at once.
const wait = () => (self.requestIdleCallback ?? setTimeout)(take, { timeout: 500 } as never);

const watch = (root: Node): void =>
  observer.observe(root, { attributes: true, characterData: true, childList: true, subtree: true });
const observer = new MutationObserver(hear);

const take = (): void => {
  try {
    // What changes in a tab that nobody sees is told when it is seen.
    if (isLive && place[0] && visibility === 'visible') tell();
    timer = 0;
  } catch {}
};

const tell = (): void => {
  const began = clock();
  const [boxes, scrolled] = outline(watch);
  const isWhole = pageBefore !== pageId || count % WHOLE_EVERY < 1;
  const before = isWhole ? new Map<number, string>() : known;
  known = new Map();
  for (const box of boxes) known.set(box[5]!, `${known.get(box[5]!)} ${box}`);
  const stated = boxes.filter(({ 5: element }) => before.get(element!) !== known.get(element!));
  const removed = [...before.keys()].filter((element) => !known.has(element));
  const now = clock();
  if (stated[0] || removed[0]) {
    const values = [...geometry(), ++count, isWhole, removed, stated, scrolled, undefined];
    emit(LAYOUT, values as never, Math.max(changedAt, now - 1000));
    pageBefore = pageId;
    paidAt = Math.max(paidAt, now - 60_000);
    packList([...stated, ...removed], () => {
      paidAt += OUTLINE_NUMBER_MS;
    });
  }
  due = Math.max(now + Math.max(OUTLINE_EVERY_MS, OUTLINE_REST * (now - began)), paidAt);
  changedAt = 0;
};

/** Takes the first outline, and hears what changes from then on. */
export const settle = guard(() => {
  waitForEffects();
  watch(document);
  for (const type of ['transitionend', 'animationend', 'load', 'resize', 'focusin', 'visibilitychange'])
    listen(type, hear);
  // What only a style tells, such as one for a checked box; and a session that begins with it.
  listen('click', note);
  for (const type of ['input', 'copy', 'scroll', 'selectionchange']) listen(type, seeEffect);
  note();
});
