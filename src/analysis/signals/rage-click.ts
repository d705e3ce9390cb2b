// Rage click: one place is pressed again and again, and the page does not do what is wanted. Called by find.ts.
import type { Finding } from '../../format/signal.ts';
import type { Click, OrderedActs } from './acts.ts';
import { isField, isGround, isNamedStepper, isOpaque } from './element.ts';
import { byHand, firstAfter, sameSpot } from './presses.ts';
import { named, seconds } from './reason.ts';
import type { ThresholdsOf } from './thresholds.ts';

/** ms until a page that was asked for must have come. */
const SLOW_MS = 10_000;

export function rageClicks({ clicks, views }: OrderedActs, limits: ThresholdsOf<'rage_click'>): Finding[] {
  const findings: Finding[] = [];
  const judge = (run: Click[]) => {
    const [first] = run;
    if (!first) return;
    // Of text one selects words and lines, in a field one looks for one's place.
    const { element } = first;
    const enough = isGround(element) || isField(element) ? 2 * limits.clicks : limits.clicks;
    if (run.length < enough) return;
    if (run.filter((click) => isVain(click, limits.effect_ms)).length < enough) return;
    const last = run.at(-1)!;
    const page = firstAfter(views, last.at);
    const next = page && page.at - last.at <= SLOW_MS ? page.at - first.at : null;
    const what = whatHappened(run, next);
    findings.push({
      signal: 'rage_click',
      from: first.at,
      to: last.at,
      page: first.page,
      element: first.element,
      reason: `${run.length} clicks in ${seconds(last.at - first.at)} on ${named(first.element)}${what}`,
    });
  };
  let run: Click[] = [];
  for (const click of byHand(clicks)) {
    const before = run.at(-1);
    if (before && (click.at - before.at > limits.ms || !sameSpot(run[0]!, click, limits.px))) {
      judge(run);
      run = [];
    }
    run.push(click);
  }
  judge(run);
  return findings;
}

/** What is pressed several times on purpose does something each time, at once. */
function isVain({ effect, element }: Click, effectMs: number): boolean {
  if (isOpaque(element)) return false;
  if (effect === undefined) return !isNamedStepper(element);
  return effect === null || effect > effectMs;
}

/** `next`: ms from the first click to the next page. */
function whatHappened(run: readonly Click[], next: number | null): string {
  const measured = run.filter(({ effect }) => effect !== undefined);
  const answered = measured.filter(({ effect }) => effect !== null);
  if (next !== null && answered.length === 0) return `, the next page came after ${seconds(next)}`;
  if (measured.length === 0) return '';
  if (answered.length === 0) return ', nothing happened';
  if (answered.length < measured.length) return `, ${answered.length} of them had an effect`;
  const slowest = answered.reduce((most, { effect }) => Math.max(most, effect!), 0);
  return `, the page needed up to ${seconds(slowest)}`;
}
