// When the page's outline is taken, and what of it is told: once the page has settled, then what changed, at a pace that costs it little. Begun by main.
import { packer } from '../../format/packed.ts';
import { LAYOUT } from '../../format/packed-row.ts';
import { guard, isLive } from '../guard.ts';
import { place, seen } from '../place.ts';
import { emit, look, page } from '../queue.ts';
import {
  OUTLINE_AFTER_MS,
  OUTLINE_PAUSE_MAX_MS,
  OUTLINE_PAUSE_MS,
  OUTLINES_MAX,
  OUTLINES_MS,
  WHOLE_EVERY,
} from '../tuning.ts';
import { seeEffect } from './click.ts';
import { outline, slices } from './layout.ts';

/** Of the next outline; stays set once one has failed, so that there is no other. */
let timer = 1;
/** True where something changed since the last was begun. */
let isChanged: boolean;
/** Characters of those of the last minute. */
let spent = 0;
let count = 0;
/** Of each element its boxes, as text, as they were told. */
let known: Record<number, string> = {};

/** Something changed, or may have. */
export const hear = guard(() => {
  seeEffect();
  arm();
});

const arm = () => {
  isChanged = true;
  if (isLive && !timer) timer = setTimeout(take, OUTLINE_AFTER_MS);
};

const watch = (root: Node): void =>
  observer.observe(root, { attributes: true, characterData: true, childList: true, subtree: true });
const observer = new MutationObserver(hear);

const take = async () => {
  try {
    isChanged = false;
    // What changes in a tab that nobody sees is told when it is seen.
    if (!document.hidden) {
      look();
      const boxes = await outline(watch);
      const isWhole = count % WHOLE_EVERY < 1;
      const before = isWhole ? {} : known;
      const now: typeof known = {};
      for (const box of boxes) now[box[5]!] += `${box} `;
      const stated = boxes.filter((box) => before[box[5]!] !== now[box[5]!]);
      const removed = Object.keys(before).filter((element) => !now[element as never]);
      const values = [...seen, count + 1, isWhole, removed, stated, undefined, undefined] as never;
      const size = packer(0)(LAYOUT, values, place, 0).length;
      if (isLive && (stated[0] || removed[0]) && (!spent || spent + size < OUTLINES_MAX)) {
        emit(LAYOUT, values);
        count++;
        known = now;
        spent += size;
        setTimeout(() => {
          spent -= size;
          arm();
        }, OUTLINES_MS);
      }
    }
    setTimeout(
      () => {
        timer = 0;
        if (isChanged) arm();
      },
      Math.min(OUTLINE_PAUSE_MAX_MS, OUTLINE_PAUSE_MS * slices ** count),
    );
  } catch {}
};

/** Takes the first outline, and hears what changes from then on. */
export const settle = guard(() => {
  page.begin = () => {
    count = 0;
    arm();
  };
  watch(document);
  timer = 0;
  arm();
});
