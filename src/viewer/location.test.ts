// The viewer's place in its address: written, read and forgiven.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeHash, readPlace } from './location.ts';

test('an address names a session and a time in seconds', () => {
  expect(readPlace('#session=abc-123&t=12.5')).toEqual({ session: 'abc-123', guest: null, position: 12_500 });
  expect(placeHash({ session: 'abc-123', position: 12_580 })).toBe('#session=abc-123&t=12.5');
  expect(placeHash({ session: null, position: 5 })).toBe('');
});

test('what makes no sense in an address is the beginning of nothing', () => {
  for (const hash of ['', '#', '#session=', '#t=5', '#key=secret']) expect(readPlace(hash).session).toBeNull();
  for (const t of ['', 'x', '-5', 'Infinity', 'NaN']) expect(readPlace(`#session=a&t=${t}`).position).toBe(0);
});

test('any session and time come back from their address, to a tenth of a second', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat({ max: 86_400_000 }), (session, position) => {
      const back = readPlace(placeHash({ session, position }));
      expect(back.session).toBe(session);
      expect(Math.abs(back.position - position)).toBeLessThan(101);
    }),
  );
});
