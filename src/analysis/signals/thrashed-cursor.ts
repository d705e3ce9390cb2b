// Thrashed cursor: the mouse is shaken, or thrown to and fro. Called by find.ts.
import type { Finding } from '../../format/signal.ts';
import type { Moves, OrderedActs } from './acts.ts';
import { isOpaque } from './element.ts';
import { firstAfter } from './presses.ts';
import { seconds } from './reason.ts';
import type { ThresholdsOf } from './thresholds.ts';
import { turnsOf } from './zigzag.ts';

/** ms before a click on a canvas in which the mouse may have played or drawn. */
const PLAY_MS = 10_000;

export function thrashedCursors({ moves, clicks }: OrderedActs, limits: ThresholdsOf<'thrashed_cursor'>): Finding[] {
  const findings: Finding[] = [];
  for (const [from, to] of stretchesOf(moves)) {
    const across = rowsOf(moves, moves.x, from, to, limits);
    const down = rowsOf(moves, moves.y, from, to, limits);
    let told = -1;
    for (const row of [...across, ...down].sort((a, b) => a[0]! - b[0]!)) {
      const start = moves.at[row[0]!]!;
      const end = moves.at[row.at(-1)!]!;
      // Shaken aslant it turns both ways.
      if (row[0]! <= told) continue;
      told = row.at(-1)!;
      const click = firstAfter(clicks, start - PLAY_MS);
      if (click && click.at <= end + PLAY_MS && isOpaque(click.element)) continue;
      const reason = `${row.length} sharp turns of the mouse in ${seconds(end - start)}`;
      findings.push({
        signal: 'thrashed_cursor',
        from: start,
        to: end,
        page: moves.page[from]!,
        element: null,
        reason,
      });
    }
  }
  return findings;
}

/** Moves of one page, one after the other. */
function* stretchesOf({ page }: Moves): Generator<[from: number, to: number]> {
  for (let from = 0, to = 0; from < page.length; from = to) {
    while (page[to] === page[from] && to < page.length) to++;
    yield [from, to];
  }
}

/** Indices of turns that follow each other fast, often enough. */
function rowsOf(
  { at }: Moves,
  values: Float64Array,
  from: number,
  to: number,
  { turns, ms, px }: ThresholdsOf<'thrashed_cursor'>,
): number[][] {
  const rows: number[][] = [];
  for (const { index } of turnsOf(values, from, to, px)) {
    const last = rows.at(-1)?.at(-1);
    if (last !== undefined && at[index]! - at[last]! <= ms) rows.at(-1)!.push(index);
    else rows.push([index]);
  }
  return rows.filter((row) => row.length >= turns);
}
