// Excessive scrolling: up and down a page again and again, in search of something. Called by find.ts.
import type { Finding } from '../../format/signal.ts';
import type { OrderedActs, Scroll } from './acts.ts';
import { seconds } from './reason.ts';
import type { ThresholdsOf } from './thresholds.ts';
import { turnsOf } from './zigzag.ts';

/** px of a screen of which nothing was told. */
const SCREEN_PX = 900;
/** Per cent that stand for a screen where no px were told. */
const SCREEN_PERCENT = 15;

export function excessiveScrolls({ scrolls, views }: OrderedActs, limits: ThresholdsOf<'excessive_scroll'>): Finding[] {
  const heights = new Map(views.filter(({ height }) => height > 0).map(({ page, height }) => [page, height]));
  const rows = new Map<string, Scroll[]>();
  for (const scroll of scrolls) {
    const key = `${scroll.unit} ${scroll.page}`;
    const row = rows.get(key);
    if (row) row.push(scroll);
    else rows.set(key, [scroll]);
  }
  return [...rows.values()].flatMap((row) => {
    const { unit, page } = row[0]!;
    return searches(row, unit === 'px' ? (heights.get(page) ?? SCREEN_PX) : SCREEN_PERCENT, limits);
  });
}

/** Of one page; `screen` in the unit of its scrolls. */
function searches(
  row: readonly Scroll[],
  screen: number,
  { turns, ms, screens }: ThresholdsOf<'excessive_scroll'>,
): Finding[] {
  const values = Float64Array.from(row, ({ y }) => y);
  const found = turnsOf(values, 0, row.length, screens * screen);
  const at = (turn: number) => row[found[turn]!.index]!.at;
  const findings: Finding[] = [];
  for (let from = 0; from + turns <= found.length; from++) {
    let to = from + turns - 1;
    if (at(to) - at(from) > ms) continue;
    while (to + 1 < found.length && at(to + 1) - at(to + 2 - turns) <= ms) to++;
    const way = found.slice(from + 1, to + 1).reduce((sum, { leg }) => sum + leg, 0) / screen;
    findings.push({
      signal: 'excessive_scroll',
      from: at(from),
      to: at(to),
      page: row[0]!.page,
      element: null,
      reason: `${to - from + 1} turns up and down in ${seconds(at(to) - at(from))}, ${Math.round(way)} screens`,
    });
    from = to;
  }
  return findings;
}
