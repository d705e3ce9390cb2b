// Room for the bodies of all requests at once: who gets it, and who makes room.
import { expect, test } from 'vitest';
import { Bodies } from './bodies.ts';

const EACH = 16 * 1024;

/** Room for so many short bodies. */
const roomFor = (count: number) => new Bodies(count * EACH);

test('as many are held as there is room for, and whoever is answered gives it back, once', () => {
  const bodies = roomFor(2);
  const first = bodies.hold();
  const second = bodies.hold();
  expect(() => bodies.hold()).toThrow(expect.objectContaining({ status: 503, reason: 'bodies', retryAfter: 2 }));
  first.release();
  first.release();
  bodies.hold();
  expect(() => bodies.hold()).toThrow('too much is sent at once');
  second.release();
  bodies.hold();
});

test('the one that has been coming for longest is cut off for those that come later', () => {
  const bodies = roomFor(3);
  const cut: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) bodies.hold().onCut(({ status }) => cut.push(`${name} ${status}`));
  expect(cut).toEqual(['a 503', 'b 503']);
});

test('what has come whole is not cut off: it is being answered', () => {
  const bodies = roomFor(2);
  const cut: string[] = [];
  const whole = bodies.hold();
  whole.onCut(() => cut.push('whole'));
  whole.whole();
  bodies.hold().onCut(() => cut.push('coming'));
  bodies.hold();
  expect(cut).toEqual(['coming']);
  expect(() => bodies.hold()).toThrow('too much is sent at once');
});

test('a body that grows takes room from older ones, and gives way itself where it is the oldest', () => {
  const bodies = roomFor(4);
  const cut: string[] = [];
  const old = bodies.hold();
  old.onCut(() => cut.push('old'));
  const young = bodies.hold();
  young.onCut(() => cut.push('young'));
  young.add(2 * EACH);
  expect(() => old.add(1)).toThrow('too much is sent at once');
  expect(cut).toEqual([]);
  young.add(1);
  expect(cut).toEqual(['old']);
});
