// Which servers the tool may send the key to.
import { describe, expect, it } from 'vitest';
import { serverOf } from './remote.ts';

describe('serverOf', () => {
  it.each([
    ['https://replay.example.com', 'https://replay.example.com'],
    ['https://replay.example.com:8443/', 'https://replay.example.com:8443'],
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787'],
    ['http://localhost:8787/', 'http://localhost:8787'],
    ['http://[::1]:8787', 'http://[::1]:8787'],
  ])('takes %s', (address, origin) => {
    expect(serverOf(address)).toBe(origin);
  });

  it.each(['http://replay.example.com', 'http://127.0.0.1.example.com', 'http://localhost.example.com'])(
    'does not send the key in clear to %s',
    (address) => {
      expect(() => serverOf(address)).toThrow('must begin with https');
    },
  );

  it.each(['replay.example.com', 'ftp://replay.example.com', 'https://replay.example.com/replay', ''])(
    'says what an address is, where %j is none',
    (address) => {
      expect(() => serverOf(address)).toThrow('must be the address of a server');
    },
  );
});
