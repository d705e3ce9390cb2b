// The rules of attempting: one that fails holds up no other, and a spent run ends.
import { describe, expect, it } from 'vitest';
import { attemptEach } from './attempt-each.ts';
import { RunSpent, StoreUnavailable } from './ports.ts';

/** What was attempted and what postponed of `items`, where these fail. */
async function attempted(items: string[], failures: Record<string, Error>) {
  const tried: string[] = [];
  let postponed: string[] = [];
  const work = async (item: string) => {
    tried.push(item);
    if (failures[item]) throw failures[item];
  };
  const postpone = async (failed: string[]) => {
    postponed = failed;
  };
  const error = await attemptEach(items, work, postpone).then(
    () => null,
    (reason: unknown) => reason,
  );
  return { tried, postponed, error };
}

const away = new StoreUnavailable('hot');
const spent = new RunSpent('hot');

describe('attempting each', () => {
  it('tries those after one that fails, postpones it and throws its failure', async () => {
    expect(await attempted(['a', 'b', 'c'], {})).toEqual({ tried: ['a', 'b', 'c'], postponed: [], error: null });
    const { tried, postponed, error } = await attempted(['a', 'b', 'c'], { a: away, c: spent });
    expect([tried, postponed]).toEqual([['a', 'b', 'c'], ['a']]);
    expect(error).toBe(away);
  });

  it('ends where the run is spent, and leaves the others their turn', async () => {
    expect(await attempted(['a', 'b', 'c'], { b: spent })).toEqual({ tried: ['a', 'b'], postponed: [], error: spent });
  });

  it('postpones one that a whole run is not enough for', async () => {
    expect(await attempted(['a', 'b'], { a: spent })).toEqual({ tried: ['a'], postponed: ['a'], error: spent });
  });
});
