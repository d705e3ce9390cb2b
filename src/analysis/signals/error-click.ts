// Error click: a script of the page failed just after a click. Called by find.ts.
import type { Finding } from '../../format/signal.ts';
import type { Click, Fault, OrderedActs, View } from './acts.ts';
import { lastUntil } from './presses.ts';
import { named, seconds, times } from './reason.ts';
import type { ThresholdsOf } from './thresholds.ts';

/** ms within which the same error after clicks on the same element is told once. */
const TOGETHER_MS = 60_000;

export function errorClicks({ clicks, faults, views }: OrderedActs, limits: ThresholdsOf<'error_click'>): Finding[] {
  const loads = views.filter(({ load }) => load);
  const causes = faults.map((fault) => clickBefore(fault, clicks, views, loads, limits.ms));
  const noise = noiseOf(faults, causes);
  const findings: Finding[] = [];
  const rows = new Map<string, { from: number; to: number; count: number; finding: Finding }>();
  for (const [i, fault] of faults.entries()) {
    const click = causes[i];
    if (!click || noise.has(kindOf(fault))) continue;
    const key = `${click.page} ${click.element} ${kindOf(fault)}`;
    const row = rows.get(key);
    const on = named(click.element);
    if (row && click.at - row.to <= TOGETHER_MS) {
      row.count++;
      row.to = click.at;
      row.finding.to = fault.at;
      row.finding.reason = `${fault.name} after ${times(row.count, 'click')} on ${on}`;
      continue;
    }
    const finding: Finding = {
      signal: 'error_click',
      from: click.at,
      to: fault.at,
      page: click.page,
      element: click.element,
      reason: `${fault.name} ${seconds(fault.at - click.at)} after a click on ${on}`,
    };
    findings.push(finding);
    rows.set(key, { from: click.at, to: click.at, count: 1, finding });
  }
  return findings;
}

/** The last click from which an error may come: of its page, or of the route that led there; errors of a page that loads are its own. */
function clickBefore(
  { at, page }: Fault,
  clicks: readonly Click[],
  views: readonly View[],
  loads: readonly View[],
  ms: number,
): Click | undefined {
  const click = lastUntil(clicks, at);
  if (!click || at - click.at > ms || (lastUntil(loads, at)?.at ?? Number.NEGATIVE_INFINITY) > click.at)
    return undefined;
  return page === click.page || page === lastUntil(views, at)?.page ? click : undefined;
}

/** Kinds of errors that come without clicks as well, and mostly so. */
function noiseOf(faults: readonly Fault[], causes: readonly (Click | undefined)[]): Set<string> {
  const balance = new Map<string, number>();
  for (const [i, fault] of faults.entries()) {
    const kind = kindOf(fault);
    balance.set(kind, (balance.get(kind) ?? 0) + (causes[i] ? 1 : -1));
  }
  return new Set([...balance].flatMap(([kind, sum]) => (sum < 0 ? [kind] : [])));
}

function kindOf({ name, place }: Fault): string {
  return `${name} ${place}`;
}
