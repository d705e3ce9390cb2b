// When the page's outline is taken, and what of it is told: once the page has settled, then what changed, at a pace that costs it little. Begun by main.
import { LAYOUT } from '../../format/packed-row.ts';
import { guard, isLive } from '../guard.ts';
import { seen } from '../place.ts';
import { emit, look, page } from '../queue.ts';
import { BOX_PRICE, LETTER_PRICE, OUTLINE_AFTER_MS, OUTLINE_PAUSE_MS, WHOLE_EVERY } from '../tuning.ts';
import { seeEffect } from './click.ts';
import { observe, outline, watch } from './layout.ts';

/** Of the next outline; stays set once one has failed, so that there is no other. */
let timer = 1;
let count = 0;
/** Of each element its boxes, as text, as they were told. */
let known: Record<number, string> = {};

/** What changed since the last was begun: all beside it may look different, and stand elsewhere. */
const changed = new Set<Node | null>();

/** Something changed, or may have. */
export const hear = guard((changes: { target: EventTarget | null } | MutationRecord[]) => {
  seeEffect();
  for (const { target } of [changes].flat()) changed.add((target as Node).parentNode);
  arm();
});

const arm = () => {
  if (isLive && !timer) timer = setTimeout(take, OUTLINE_AFTER_MS);
};

const take = async () => {
  try {
    look();
    const isWhole = count % WHOLE_EVERY < 1;
    let nodes = [...changed] as Node[];
    changed.clear();
    // What is in no body, but a shadow tree or the head, may change everything.
    if (isWhole || !nodes.every((node) => document.body?.contains(node))) nodes = [document.documentElement];
    const boxes = await outline(nodes);
    const before = isWhole ? {} : known;
    const now: typeof known = {};
    for (const box of boxes) now[box[5]!] += `${box} `;
    const stated = boxes.filter((box) => before[box[5]!] != now[box[5]!]);
    const removed = Object.keys(before).filter((element) => !now[element as never]);
    if (stated[0] || removed[0]) {
      emit(LAYOUT, [...seen, ++count, isWhole, removed, stated, , ,] as never);
      known = now;
    }
    // What a whole one took is not held against the next.
    const price = isWhole ? 0 : BOX_PRICE * boxes.length + LETTER_PRICE * `${[stated, removed]}`.length;
    setTimeout(() => {
      timer = 0;
      if (changed.size) arm();
    }, OUTLINE_PAUSE_MS + price);
  } catch {}
};

/** Takes the first outline, and hears what changes from then on. */
export const settle = guard(() => {
  observe(hear);
  watch(document);
  timer = 0;
  page.begin = () => {
    count = 0;
    changed.add(document);
    arm();
  };
  page.begin();
});
