// Acts → findings of all signals: the gravest, in order of time. Called at seal, at reindex and for running sessions on read.
import { type Finding, SIGNALS } from '../../format/signal.ts';
import { WEIGHTS } from '../worth.ts';
import { abandonedForms } from './abandoned-form.ts';
import type { Acts } from './acts.ts';
import { deadClicks } from './dead-click.ts';
import { errorClicks } from './error-click.ts';
import { excessiveScrolls } from './excessive-scroll.ts';
import { hesitations } from './hesitation.ts';
import { quickBacks } from './quick-back.ts';
import { rageClicks } from './rage-click.ts';
import { thrashedCursors } from './thrashed-cursor.ts';
import type { Thresholds } from './thresholds.ts';

/** Findings that are kept of a session. */
export const FINDINGS_MAX = 100;

/** `isOver`: the session has ended, so that its last page was left. */
export function findSignals(acts: Acts, thresholds: Thresholds, isOver: boolean): Finding[] {
  const ordered = acts.inOrder();
  const found: Finding[] = [];
  const { rage_click, dead_click, error_click, quick_back } = thresholds;
  const { thrashed_cursor, excessive_scroll, hesitation, abandoned_form } = thresholds;
  if (rage_click) found.push(...rageClicks(ordered, rage_click));
  if (dead_click) found.push(...deadClicks(ordered, dead_click));
  if (error_click) found.push(...errorClicks(ordered, error_click));
  if (quick_back) found.push(...quickBacks(ordered, quick_back));
  if (thrashed_cursor) found.push(...thrashedCursors(ordered, thrashed_cursor));
  if (excessive_scroll) found.push(...excessiveScrolls(ordered, excessive_scroll));
  if (hesitation) found.push(...hesitations(ordered, hesitation));
  if (abandoned_form) found.push(...abandonedForms(ordered, abandoned_form, isOver));
  return found
    .sort((a, b) => WEIGHTS[b.signal] - WEIGHTS[a.signal] || byTime(a, b))
    .slice(0, FINDINGS_MAX)
    .sort(byTime);
}

function byTime(a: Finding, b: Finding): number {
  const rank = ({ signal }: Finding) => SIGNALS.indexOf(signal);
  return a.from - b.from || a.to - b.to || rank(a) - rank(b) || (textOf(a) < textOf(b) ? -1 : 1);
}

function textOf({ page, element, reason }: Finding): string {
  return `${page} ${element} ${reason}`;
}
