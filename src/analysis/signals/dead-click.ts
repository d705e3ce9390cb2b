// Dead click: something that looks as if it could be pressed was pressed, and nothing happened. Called by find.ts.
import type { Finding } from '../../format/signal.ts';
import type { Click, OrderedActs, View } from './acts.ts';
import { isButton, isField, isGround, isNamedCurrent, isOpaque, isOutward } from './element.ts';
import { byHand, DOUBLE_MS, firstAfter, sameSpot } from './presses.ts';
import { named, times } from './reason.ts';
import type { ThresholdsOf } from './thresholds.ts';

/** ms for which the tracker waits for an effect; a further click ends its waiting. */
const WATCHED_MS = 1000;
/** ms until a page that was asked for must have come. */
const SLOW_MS = 10_000;
/** px within which the clicks of a double click lie. */
const DOUBLE_PX = 20;

/** px within which clicks are on one element, where its box was not told. */
const NEAR_PX = 40;

/** One click, or those of a double or triple click. */
type Press = Click[];

export function deadClicks({ clicks, views }: OrderedActs, limits: ThresholdsOf<'dead_click'>): Finding[] {
  const presses = pressesOf(byHand(clicks));
  const rows = new Map<string, Press[][]>();
  for (const press of deadOf(presses, views)) {
    const [click] = press as [Click];
    // Others of its name lie elsewhere.
    const key = `${click.page} ${click.element} ${click.place}`;
    const own = rows.get(key) ?? [];
    const row = own.at(-1);
    const before = row?.at(-1)?.at(-1);
    const isSame = before && (click.place !== '' || sameSpot(before, click, NEAR_PX));
    if (isSame && click.at - before.at <= limits.ms) row!.push(press);
    else own.push([press]);
    rows.set(key, own);
  }
  return [...rows.values()].flat().flatMap((row) => findingOf(row, limits.clicks));
}

/** Those after which nothing happened, as far as it can be known. */
function deadOf(presses: readonly Press[], views: readonly View[]): Press[] {
  const dead: Press[] = [];
  let next: Press | undefined;
  for (const press of [...presses].reverse()) {
    const last = press.at(-1)!;
    const then = next?.[0];
    // The next click ended the tracker's waiting: if that had no effect either, nor had this one.
    const isCut = then !== undefined && then.at - last.at < WATCHED_MS;
    const isAlike = then?.element === last.element && dead.at(-1) === next;
    const view = firstAfter(views, last.at);
    const isSlow = view !== undefined && view.at - last.at < SLOW_MS && !(then && then.at < view.at);
    if (press.every(({ effect }) => effect === null) && !isSlow && (!isCut || isAlike)) dead.push(press);
    next = press;
  }
  return dead.reverse();
}

/** `clicks`: presses that it takes where nothing says that the element can be pressed. */
function findingOf(row: Press[], clicks: number): Finding[] {
  const all = row.flat();
  const { page, element, at: from } = all[0]!;
  if (isField(element) || isOpaque(element) || isGround(element)) return [];
  // What is open already need not open.
  const isPlain = isButton(element) && !isOutward(element) && !isNamedCurrent(element);
  if (row.length < (isPlain ? 1 : clicks)) return [];
  const reason = `${times(all.length, 'click')} on ${named(element)}, nothing happened within 1 s`;
  return [{ signal: 'dead_click', from, to: all.at(-1)!.at, page, element, reason }];
}

function pressesOf(clicks: readonly Click[]): Press[] {
  const presses: Press[] = [];
  for (const click of clicks) {
    const press = presses.at(-1);
    const before = press?.at(-1);
    const isSame = before && before.element === click.element && sameSpot(before, click, DOUBLE_PX);
    if (isSame && click.at - before.at <= DOUBLE_MS) press!.push(click);
    else presses.push([click]);
  }
  return presses;
}
