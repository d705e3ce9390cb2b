// When a process says that it is asked too much: turns of the event loop on a clock that is moved.
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

/** Turns in which a request is found every so many ms, for so long; which of them are turned away. */
async function askEvery(turns: Turns, clock: { at: number }, step: number, length: number): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (const end = clock.at + length; clock.at < end; clock.at += step) answers.push(turns.isOverloaded());
  await setImmediate();
  return answers;
}

test('short turns turn nobody away, however many there are', async () => {
  const clock = { at: 1000 };
  const turns = new Turns(() => clock.at);
  for (let i = 0; i < 50; i++) expect(await askEvery(turns, clock, 1, 15)).not.toContain(true);
});

test('a burst is worked off for half a second, and the rest of it is turned away', async () => {
  const clock = { at: 1000 };
  const turns = new Turns(() => clock.at);
  const answers = await askEvery(turns, clock, 10, 1000);
  expect(answers.indexOf(true)).toBe(51);
  expect(answers.slice(51)).not.toContain(false);
});

test('while turns stay long each takes on for 15 ms, and after a short one there is patience again', async () => {
  const clock = { at: 1000 };
  const turns = new Turns(() => clock.at);
  for (let i = 0; i < 6; i++) await askEvery(turns, clock, 10, 100);
  const answers = await askEvery(turns, clock, 10, 100);
  expect(answers).toEqual([...Array(2).fill(false), ...Array(8).fill(true)]);
  await askEvery(turns, clock, 10, 10);
  expect(await askEvery(turns, clock, 10, 450)).not.toContain(true);
});
