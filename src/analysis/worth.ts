// How much there is to learn from watching a session, and why: a function of its signals and its engagement. Called by summary.ts and the viewer.
import type { Finding, Signal } from '../format/signal.ts';

/** How much a signal adds the first time; each further time adds half of the time before. */
export const WEIGHTS: Record<Signal, number> = {
  rage_click: 30,
  error_click: 26,
  dead_click: 16,
  abandoned_form: 18,
  quick_back: 10,
  thrashed_cursor: 10,
  excessive_scroll: 8,
  hesitation: 8,
};
/** What an engagement score of 100 adds: no more than one rage click, so that no calm visit stands before one that had one. */
const ENGAGEMENT_WEIGHT = 30;

/** A part of the score: `points` of it, for `count` findings of a signal, or for engagement. */
export interface WorthReason {
  what: Signal | 'engagement';
  count: number;
  points: number;
}

/** What adds to the score, most first; the points of all, rounded and at most 100, are `worthOf`. */
export function worthReasons(session: {
  engagement_score: number;
  signals: Partial<Record<Signal, number>>;
}): WorthReason[] {
  const reasons: WorthReason[] = (Object.entries(session.signals) as [Signal, number][]).map(([what, count]) => ({
    what,
    count,
    points: (WEIGHTS[what] ?? 0) * 2 * (1 - 0.5 ** count),
  }));
  reasons.push({ what: 'engagement', count: 1, points: (ENGAGEMENT_WEIGHT * session.engagement_score) / 100 });
  return reasons.filter(({ points }) => points > 0).sort((a, b) => b.points - a.points);
}

/** 0 to 100. */
export function worthOf(session: { engagement_score: number; signals: Partial<Record<Signal, number>> }): number {
  return Math.min(100, Math.round(worthReasons(session).reduce((sum, { points }) => sum + points, 0)));
}

export function countSignals(findings: readonly Finding[]): Partial<Record<Signal, number>> {
  const counts: Partial<Record<Signal, number>> = {};
  for (const { signal } of findings) counts[signal] = (counts[signal] ?? 0) + 1;
  return counts;
}

/** The first of the gravest kind; null: there is none. */
export function headlineOf(findings: readonly Finding[]): string | null {
  const [first, ...rest] = findings;
  if (!first) return null;
  return rest.reduce((a, b) => (WEIGHTS[b.signal] > WEIGHTS[a.signal] ? b : a), first).reason;
}
