// Abandoned form: fields were gone into, and the page was left without anything that could have sent them. Called by find.ts.
import type { Finding } from '../../format/signal.ts';
import type { Act, Click, OrderedActs, View } from './acts.ts';
import { isButton, isField, isFormField, isGround, isLink, isNamedCancel, isOpaque } from './element.ts';
import { indexAfter, lastUntil } from './presses.ts';
import { named, seconds, times } from './reason.ts';
import type { ThresholdsOf } from './thresholds.ts';

/** ms: a box that is ticked has its effect at once, a text only once something is written. */
const TICK_MS = 50;
/** ms after a page came, or something else was pressed, within which a script goes into a field rather than a hand. */
const LED_MS = 1000;

interface Touch extends Act {
  element: string;
  /** Tells fields apart. */
  field: string;
  /** `press`: with the pointer · `hand`: by key, as far as one can tell · `page`: as it came, which alone says nothing. */
  by: 'press' | 'hand' | 'page';
}

/** `isOver`: nothing comes any more, so the last page was left, too. */
export function abandonedForms(acts: OrderedActs, limits: ThresholdsOf<'abandoned_form'>, isOver: boolean): Finding[] {
  const sent = new Map<string, number>();
  for (const { page, element, at } of acts.clicks) if (isSending(element)) sent.set(page, at);
  const first = new Map<string, View>();
  for (const view of acts.views) if (!first.has(view.page)) first.set(view.page, view);
  return [...touchesOf(acts).values()].flatMap((own): Finding[] => {
    const { page, at: from } = own[0]!;
    const last = own.at(-1)!;
    const fields = countFields(own);
    if (fields < limits.fields || own.every(({ by }) => by === 'page')) return [];
    const rest = own.filter(({ at }) => at > (sent.get(page) ?? Number.NEGATIVE_INFINITY));
    // What was sent may be emptied by its script, which goes back to its first field.
    const isAgain = rest.some(({ by }) => by === 'press') || countFields(rest) >= limits.fields;
    if (!isAgain) return [];
    let after = indexAfter(acts.views, last.at);
    while (acts.views[after]?.page === page) after++;
    const next = acts.views[after];
    if (next ? first.get(next.page) === next && isUnpressed(acts, last, next.at) : !isOver) return [];
    const to = next?.at ?? acts.last;
    const reason = `${times(fields, 'field')} gone into, ${named(last.element)} last, left ${seconds(to - last.at)} later without sending`;
    return [{ signal: 'abandoned_form', from, to, page, element: last.element, reason }];
  });
}

function countFields(touches: readonly Touch[]): number {
  return new Set(touches.map(({ field }) => field)).size;
}

/** Where a page comes then that was never seen before, a key led there: a script heard it, and sent what was filled in. */
function isUnpressed({ clicks }: OrderedActs, last: Touch, until: number): boolean {
  const press = lastUntil(clicks, until);
  // The press that led into the field itself comes after it.
  return press === undefined || press.at <= last.at || press.element === last.element;
}

/** By page, in order of time. */
function touchesOf(acts: OrderedActs): Map<string, Touch[]> {
  const { clicks, focuses } = acts;
  const ticks = new Set(clicks.filter(isTick).map(({ page, element }) => `${page} ${element}`));
  const told = new Set(focuses.map(({ page }) => page));
  const touches: Touch[] = [];
  for (const [i, focus] of focuses.entries()) {
    const by = wentBy(acts, i);
    if (by) touches.push({ ...focus, field: focus.element, by });
  }
  // A tracker that tells of fields tells of all of them.
  for (const { at, page, element, place } of clicks) {
    if (told.has(page)) continue;
    touches.push({ at, page, element, field: element.includes('#') ? element : element + place, by: 'press' });
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

/** Null: by a script that hears a press on something else (a label, what opens a dialog), or that goes from field to field. */
function wentBy({ clicks, focuses, views }: OrderedActs, i: number): Touch['by'] | null {
  const { at, element } = focuses[i]!;
  const isSoon = (act: Act | undefined, ms: number) => act !== undefined && at - act.at <= ms;
  const before = lastUntil(clicks, at);
  if (before?.element !== element && isSoon(before, TICK_MS)) return null;
  const press = clicks[indexAfter(clicks, at - 1)];
  if (press?.element === element && press.at - at <= LED_MS) return 'press';
  if (isSoon(focuses[i - 1], TICK_MS)) return null;
  if (before && !isField(before.element) && isSoon(before, LED_MS)) return null;
  return isSoon(lastUntil(views, at), LED_MS) ? 'page' : 'hand';
}

function isTick({ effect }: Click): boolean {
  return typeof effect === 'number' && effect <= TICK_MS;
}

/** Whether a click on it may send what is in the fields: Enter clicks the form's button, too, and what lies in a button has any name. */
function isSending(element: string): boolean {
  if (isFormField(element) || isNamedCancel(element) || isOpaque(element)) return false;
  return isButton(element) || !(isLink(element) || isGround(element));
}
