// The engagement score: its worked examples, its bounds, and that doing more never lowers it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { engagementScore } from './engagement.ts';

const nothing = { active_ms: 0, click_count: 0, scroll_depth: 0, page_count: 1 };

// The worked examples of docs/engagement.md.
test.each([
  ['a bounce', nothing, 0],
  ['a reader', { active_ms: 60_000, click_count: 0, scroll_depth: 90, page_count: 1 }, 41],
  ['a shopper', { active_ms: 180_000, click_count: 12, scroll_depth: 60, page_count: 5 }, 71],
  ['an enthusiast', { active_ms: 1_800_000, click_count: 80, scroll_depth: 100, page_count: 20 }, 96],
])('%s', (_name, session, score) => {
  expect(engagementScore(session)).toBe(score);
});

test('the score lies from 0 to 100 and never falls when a visitor does more', () => {
  const more = fc.nat({ max: 10_000_000 });
  const session = fc.record({
    active_ms: more,
    click_count: fc.nat({ max: 5000 }),
    scroll_depth: fc.nat({ max: 100 }),
    page_count: fc.nat({ max: 500 }),
  });
  fc.assert(
    fc.property(session, session, (a, b) => {
      const sum = {
        active_ms: a.active_ms + b.active_ms,
        click_count: a.click_count + b.click_count,
        scroll_depth: Math.max(a.scroll_depth, b.scroll_depth),
        page_count: Math.max(a.page_count, b.page_count),
      };
      const score = engagementScore(sum);
      expect(score).toBeGreaterThanOrEqual(engagementScore(a));
      expect(score).toBeLessThanOrEqual(100);
      expect(engagementScore(a)).toBeGreaterThanOrEqual(0);
    }),
  );
});
