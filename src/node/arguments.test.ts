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
    [['export', 's', '--from', '-5', '--to=1970-01-01'], [{ name: 'export', session_id: 's', from: -5, to: 0 }]],
    [['export', '--to', '1770000000000', 's'], [{ name: 'export', session_id: 's', to: 1_770_000_000_000 }]],
    [['reindex'], [{ name: 'reindex' }]],
    [['help'], []],
    [['--help'], []],
    [['-h'], []],
    [['erase', '--session', 's'], [{ name: 'erase', session: 's' }]],
    [['erase', '--visitor=v'], [{ name: 'erase', visitor: 'v' }]],
    [['erase', '--before', '2026-01-31'], [{ name: 'erase', before: Date.UTC(2026, 0, 31) }]],
    [['keys', 'list'], [{ name: 'list_keys' }]],
    [['keys', 'revoke', 'ci'], [{ name: 'revoke_key', key_name: 'ci' }]],
    [['keys', 'create', 'ci'], [{ name: 'make_key', key_name: 'ci', scopes: ['read'], expires_at: null }]],
    [
      ['keys', 'create', '--scope=erase,read', 'ci', '--expires', '2027-01-01'],
      [{ name: 'make_key', key_name: 'ci', scopes: ['read', 'erase'], expires_at: Date.UTC(2027, 0, 1) }],
    ],
    [['shares', 'list'], [{ name: 'list_shares' }]],
    [['shares', 'revoke', '0123456789ab'], [{ name: 'revoke_share', share_id: '0123456789ab' }]],
    [['backup', 'b'], [{ name: 'backup', folder: 'b' }]],
    [['restore', 'b'], [{ name: 'restore', folder: 'b' }]],
    [['audit'], [{ name: 'audit', since: 0 }]],
    [['doctor', 'https://shop.example/a'], [{ name: 'doctor', page: new URL('https://shop.example/a') }]],
    [['audit', '--since', '2026-01-31'], [{ name: 'audit', since: Date.UTC(2026, 0, 31) }]],
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
    [['export', 's', '--from', 'noon']],
    [['export', 's', '--from', '5', '--to', '5']],
    [['export', 's', '--since', '5']],
    [['keys']],
    [['keys', 'create']],
    [['keys', 'create', 'owner']],
    [['keys', 'create', 'a', 'b']],
    [['keys', 'create', 'a/b']],
    [['keys', 'create', 'a', '--scope', 'all']],
    [['keys', 'create', 'a', '--scope', 'read,read']],
    [['keys', 'create', 'a', '--scope']],
    [['keys', 'create', 'a', '--scope=read', '--scope=erase']],
    [['keys', 'create', 'a', '--expires', 'tomorrow']],
    [['keys', 'revoke', 'a', '--scope', 'read']],
    [['keys', 'list', 'a']],
    [['shares']],
    [['shares', 'list', 'a']],
    [['shares', 'revoke']],
    [['shares', 'revoke', '../a']],
    [['backup']],
    [['restore', 'a', 'b']],
    [['audit', 'all']],
    [['doctor']],
    [['doctor', 'shop.example']],
    [['doctor', 'ftp://shop.example/']],
    [['doctor', 'https://me:secret@shop.example/']],
    [['audit', '--since', '2026-02-31']],
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
