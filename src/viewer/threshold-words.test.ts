// What counts as a signal, as it is said.
import { expect, test } from 'vitest';
import { THRESHOLDS } from '../analysis/signals/thresholds.ts';
import { SIGNALS } from '../format/signal.ts';
import { thresholdText } from './threshold-words.ts';

test('every signal has a sentence with its figures', () => {
  for (const signal of SIGNALS) expect(thresholdText(signal, THRESHOLDS), signal).toMatch(/^[a-z\d].*[a-z]$/);
  expect(thresholdText('rage_click', THRESHOLDS)).toBe(
    '4 or more clicks within 40 px, none later than 0.7 s after the one before',
  );
});

test('of what a server does not tell nothing is said', () => {
  for (const served of [null, {}, 'x', { hesitation: null }, { hesitation: { ms: 'soon' } }]) {
    expect(thresholdText('hesitation', served)).toBe('');
  }
});
