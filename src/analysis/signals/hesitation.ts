// Hesitation: the mouse stood on something for long before it was pressed. Called by find.ts.
import type { Finding } from '../../format/signal.ts';
import type { Act, Click, OrderedActs } from './acts.ts';
import { isButton, isField, isLink, isNamedStepper } from './element.ts';
import { lastUntil } from './presses.ts';
import { named, seconds } from './reason.ts';
import type { ThresholdsOf } from './thresholds.ts';

/** px around an element that count as on it. */
const AROUND_PX = 8;
/** px around a click where no box was told. */
const NEAR_PX = 40;

export function hesitations(acts: OrderedActs, limits: ThresholdsOf<'hesitation'>): Finding[] {
  return acts.clicks.flatMap((click, i): Finding[] => {
    const { element, page, at: to } = click;
    if (click.touch || isField(element) || !(isButton(element) || isLink(element))) return [];
    // The mouse waits on it while what it shows is looked at.
    if (isNamedStepper(element)) return [];
    const since = Math.max(acts.clicks[i - 1]?.at ?? 0, to - limits.max_ms);
    const from = arrivalAt(click, acts.moves, since);
    if (from === null || to - from < limits.ms) return [];
    // Who scrolls, or is elsewhere, does not stand before it.
    const isBusy = (others: readonly Act[]) => (lastUntil(others, to)?.at ?? Number.NEGATIVE_INFINITY) >= from;
    if (isBusy(acts.scrolls) || isBusy(acts.turns) || isBusy(acts.views)) return [];
    const reason = `${seconds(to - from)} on ${named(element)} before the click`;
    return [{ signal: 'hesitation', from, to, page, element, reason }];
  });
}

/** Epoch ms at which the mouse came onto what was clicked then; null: it was not seen to come after `since`. */
function arrivalAt(click: Click, { at, x, y, page }: OrderedActs['moves'], since: number): number | null {
  const { box } = click;
  const isOn = (i: number) =>
    box
      ? x[i]! >= box.left - AROUND_PX &&
        x[i]! <= box.left + box.width + AROUND_PX &&
        y[i]! >= box.top - AROUND_PX &&
        y[i]! <= box.top + box.height + AROUND_PX
      : Math.hypot(x[i]! - click.x, y[i]! - click.y) <= NEAR_PX;
  let low = 0;
  for (let high = at.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= click.at) low = middle + 1;
    else high = middle;
  }
  let first: number | null = null;
  for (let i = low - 1; i >= 0; i--) {
    if (page[i] !== click.page || at[i]! <= since) return null;
    if (!isOn(i)) return first;
    first = at[i]!;
  }
  return null;
}
