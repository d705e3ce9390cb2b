// The command line: what it takes and what it refuses.
import { describe, expect, it } from 'vitest';
import { parseArguments, UsageError } from './arguments.ts';

describe('parseArguments', () => {
  it.each([
    [
      ['import', 'a', 'b'],
      [
        { name: 'import', file: 'a' },
        { name: 'import', file: 'b' },
      ],
    ],
    [['export', 'a.b-c'], [{ name: 'export', session_id: 'a.b-c' }]],
    [['reindex'], [{ name: 'reindex' }]],
    [['erase', '--session', 's'], [{ name: 'erase', session: 's' }]],
    [['erase', '--visitor=v'], [{ name: 'erase', visitor: 'v' }]],
    [['erase', '--before', '2026-01-31'], [{ name: 'erase', before: Date.UTC(2026, 0, 31) }]],
    [['erase', '--before', '2026-01-31T12:00:00+01:00'], [{ name: 'erase', before: Date.UTC(2026, 0, 31, 11) }]],
  ])('takes %j', (args, commands) => {
    expect(parseArguments(args)).toEqual(commands);
  });

  it.each([
    [[]],
    [['delete']],
    [['import']],
    [['export']],
    [['export', 'a', 'b']],
    [['export', '../etc']],
    [['reindex', 'now']],
    [['erase']],
    [['erase', '--session']],
    [['erase', '--session', 'a', 'b']],
    [['erase', '--all', 'yes']],
    [['erase', '--before', 'yesterday']],
    [['erase', '--before', '2026-02-31']],
    [['erase', '--before', '2026-13-01']],
    [['erase', '--before', '2026-01-31T12:00:00']],
  ])('refuses %j', (args) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
  });
});
