// What is missing of a session is named: what never arrived, and what the tracker had to give up, each with its time.
import { describe, expect, it } from 'vitest';
import { lostBatches, type Span } from './order.ts';

/** Batch `seq` of page `p`, from 10 × seq s to 10 × seq + 9 s. */
const span = (seq: number, dropped = 0, page_id = 'p'): Span => ({
  page_id,
  seq,
  dropped,
  first_at: seq * 10_000,
  last_at: seq * 10_000 + 9000,
});

describe('what lies between the batches of a page load', () => {
  it('is nothing where none is missing and none was given up', () => {
    expect(lostBatches([span(0), span(1), span(0, 0, 'q')], 0)).toEqual([]);
  });

  it('is lost where a batch is missing of which nobody says anything', () => {
    expect(lostBatches([span(0), span(2)], 0)).toEqual([{ from: 9000, to: 20_000, reason: 'lost' }]);
    expect(lostBatches([span(0), span(4), span(5, 2)], 0)).toEqual([{ from: 9000, to: 40_000, reason: 'lost' }]);
  });

  it('was dropped where the tracker says so', () => {
    expect(lostBatches([span(0), span(3), span(4, 2)], 0)).toEqual([{ from: 9000, to: 30_000, reason: 'dropped' }]);
  });

  it('was dropped from the beginning of the page load on, where its first batches were', () => {
    const before = span(1, 0, 'a');
    expect(lostBatches([before, span(5, 5)], 0)).toEqual([{ from: 19_000, to: 50_000, reason: 'dropped' }]);
    expect(lostBatches([span(5, 5)], 7)).toEqual([{ from: 7, to: 50_000, reason: 'dropped' }]);
    expect(lostBatches([span(5)], 7)).toEqual([]);
  });

  it('was dropped within the batches whose mouse samples were', () => {
    expect(lostBatches([span(0), span(1, 40), span(2, 90), span(3, 90)], 0)).toEqual([
      { from: 9000, to: 19_000, reason: 'dropped' },
      { from: 19_000, to: 29_000, reason: 'dropped' },
    ]);
  });
});
