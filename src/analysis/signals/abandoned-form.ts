// Abandoned form: fields were gone into, and the page was left without anything that could have sent them. Called by find.ts.
import type { Finding } from '../../format/signal.ts';
import type { Act, Click, OrderedActs } from './acts.ts';
import { isButton, isFormField, isGround, isLink, isNamedCancel, isOpaque } from './element.ts';
import { indexAfter, lastUntil } from './presses.ts';
import { named, seconds, times } from './reason.ts';
import type { ThresholdsOf } from './thresholds.ts';

/** ms: a box that is ticked has its effect at once, a text only once something is written. */
const TICK_MS = 50;

interface Touch extends Act {
  element: string;
  /** Tells fields apart. */
  field: string;
}

/** `isOver`: nothing comes any more, so the last page was left, too. */
export function abandonedForms(acts: OrderedActs, limits: ThresholdsOf<'abandoned_form'>, isOver: boolean): Finding[] {
  const sent = new Map<string, number>();
  for (const { page, element, at } of acts.clicks) if (isSending(element)) sent.set(page, at);
  return [...touchesOf(acts).values()].flatMap((own): Finding[] => {
    const { page, at: from } = own[0]!;
    const last = own.at(-1)!;
    const fields = new Set(own.map(({ field }) => field)).size;
    if (fields < limits.fields || (sent.get(page) ?? Number.NEGATIVE_INFINITY) >= last.at) return [];
    let after = indexAfter(acts.views, last.at);
    while (acts.views[after]?.page === page) after++;
    const next = acts.views[after];
    if (!next && !isOver) return [];
    const to = next?.at ?? acts.last;
    const reason = `${times(fields, 'field')} gone into, ${named(last.element)} last, left ${seconds(to - last.at)} later without sending`;
    return [{ signal: 'abandoned_form', from, to, page, element: last.element, reason }];
  });
}

/** By page, in order of time. */
function touchesOf({ clicks, focuses }: OrderedActs): Map<string, Touch[]> {
  const ticks = new Set(clicks.filter(isTick).map(({ page, element }) => `${page} ${element}`));
  const told = new Set(focuses.map(({ page }) => page));
  const touches: Touch[] = [];
  for (const { at, page, element } of focuses) {
    // A label that was pressed, of a box as a rule, or a script.
    const click = lastUntil(clicks, at);
    const isLed = click !== undefined && at - click.at <= TICK_MS && click.element !== element;
    if (!isLed) touches.push({ at, page, element, field: element });
  }
  // A tracker that tells of fields tells of all of them.
  for (const { at, page, element, place } of clicks) {
    if (!told.has(page)) touches.push({ at, page, element, field: element.includes('#') ? element : element + place });
  }
  touches.sort((a, b) => a.at - b.at);
  const pages = new Map<string, Touch[]>();
  for (const touch of touches) {
    if (!isFormField(touch.element) || ticks.has(`${touch.page} ${touch.element}`)) continue;
    const own = pages.get(touch.page);
    if (own) own.push(touch);
    else pages.set(touch.page, [touch]);
  }
  return pages;
}

function isTick({ effect }: Click): boolean {
  return typeof effect === 'number' && effect <= TICK_MS;
}

/** Whether a click on it may send what is in the fields: Enter clicks the form's button, too, and what lies in a button has any name. */
function isSending(element: string): boolean {
  if (isFormField(element) || isNamedCancel(element) || isOpaque(element)) return false;
  return isButton(element) || !(isLink(element) || isGround(element));
}
