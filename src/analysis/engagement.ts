// The engagement score of a session: 0 to 100, a pure function of four numbers. docs/engagement.md explains it with worked examples.

export interface Engagement {
  /** ms in which the visitor did something. */
  active_ms: number;
  click_count: number;
  /** Furthest scroll, 0 to 100. */
  scroll_depth: number;
  /** Distinct pages seen. */
  page_count: number;
}

/** Points that each part can give, and how much of it gives half of them. */
const PARTS = {
  active_ms: { points: 45, half: 60_000 },
  click_count: { points: 20, half: 4 },
  page_count: { points: 15, half: 2 },
} as const;
const SCROLL_POINTS = 20;

/** n / (n + half): 0 for nothing, ½ at `half`, never quite 1; each further step counts less than the one before. */
function saturating(n: number, half: number): number {
  return n > 0 ? n / (n + half) : 0;
}

/**
 * 0 to 100, whole. It never falls when a visitor does more: every part only grows with its number.
 * A second page counts, the first does not: everybody has one.
 */
export function engagementScore(session: Engagement): number {
  const points =
    PARTS.active_ms.points * saturating(session.active_ms, PARTS.active_ms.half) +
    PARTS.click_count.points * saturating(session.click_count, PARTS.click_count.half) +
    PARTS.page_count.points * saturating(session.page_count - 1, PARTS.page_count.half) +
    SCROLL_POINTS * (Math.min(100, Math.max(0, session.scroll_depth)) / 100);
  return Math.round(points);
}
