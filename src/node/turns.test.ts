// When a process says that it is asked too much: turns of the event loop on a clock that is moved.
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

/** A turn in which a request is found every `step` ms for `length` ms, each on a connection of its own and answered with `turnAway` where it is turned away; which of them are. */
async function askEvery(
  turns: Turns,
  clock: { at: number },
  step: number,
  length: number,
  turnAway: () => void = () => {},
  isSmall = false,
): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (const end = clock.at + length; clock.at < end; clock.at += step) {
    answers.push(turns.isOverloaded({}, () => isSmall, turnAway));
  }
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

test('of a burst that is worked off fast 300 are taken on', async () => {
  const clock = { at: 1000 };
  const turns = new Turns(() => clock.at);
  const answers = [...(await askEvery(turns, clock, 1, 200)), ...(await askEvery(turns, clock, 1, 200))];
  expect(answers.indexOf(true)).toBe(300);
});

test('while turns stay long each takes on for 15 ms, and a second after the last was turned away there is patience again', async () => {
  const clock = { at: 1000 };
  const turns = new Turns(() => clock.at);
  for (let i = 0; i < 5; i++) await askEvery(turns, clock, 10, 100);
  const answers = await askEvery(turns, clock, 10, 100);
  expect(answers).toEqual([...Array(2).fill(false), ...Array(8).fill(true)]);
  await askEvery(turns, clock, 10, 10);
  expect(await askEvery(turns, clock, 10, 100)).toContain(true);
  clock.at += 1000;
  await askEvery(turns, clock, 10, 10);
  expect(await askEvery(turns, clock, 10, 450)).not.toContain(true);
});

test('whoever is turned away is answered when the turn has ended, and only then', async () => {
  const clock = { at: 1000 };
  const turns = new Turns(() => clock.at);
  for (let i = 0; i < 6; i++) await askEvery(turns, clock, 10, 100);
  let answered = 0;
  const turnAway = () => answered++;
  for (let i = 0; i < 5; i++, clock.at += 10) turns.isOverloaded({}, () => false, turnAway);
  expect(answered).toBe(0);
  await setImmediate();
  expect(answered).toBe(4);
});

test('who was turned away and asks again within a second is answered a little later than the others', async () => {
  const clock = { at: 1000 };
  const turns = new Turns(() => clock.at);
  for (let i = 0; i < 6; i++) await askEvery(turns, clock, 10, 100);
  const connections = { hasty: {}, patient: {}, other: {} };
  const turn = async (names: (keyof typeof connections)[]) => {
    const answered: string[] = [];
    turns.isOverloaded(
      {},
      () => false,
      () => answered.push('the first is taken on'),
    );
    clock.at += 50;
    for (const name of names)
      turns.isOverloaded(
        connections[name],
        () => false,
        () => answered.push(name),
      );
    await setImmediate();
    const soon = [...answered];
    await wait(100);
    return { soon, later: answered.slice(soon.length) };
  };
  expect(await turn(['hasty', 'patient'])).toEqual({ soon: ['hasty', 'patient'], later: [] });
  clock.at += 500;
  expect(await turn(['hasty', 'other'])).toEqual({ soon: ['other'], later: ['hasty'] });
  clock.at += 500;
  expect(await turn(['hasty', 'patient'])).toEqual({ soon: ['patient'], later: ['hasty'] });
});

test('where it takes long to turn others away fewer are taken on, and more again once it does not', async () => {
  const clock = { at: 1000 };
  const turns = new Turns(() => clock.at);
  for (let i = 0; i < 6; i++) await askEvery(turns, clock, 10, 100);
  const takenOn = async (ms: number) => {
    const answers = await askEvery(turns, clock, 1, 9, () => (clock.at += ms));
    return answers.filter((isAway) => !isAway).length;
  };
  const crowded: number[] = [];
  for (let i = 0; i < 5; i++) crowded.push(await takenOn(2));
  expect(crowded.at(-1)).toBe(2);
  const calmer: number[] = [];
  for (let i = 0; i < 10; i++) calmer.push(await takenOn(0));
  expect(calmer.at(-1)).toBe(9);
});

test('however long turns are, a few small batches are taken on in each', async () => {
  const clock = { at: 1000 };
  const turns = new Turns(() => clock.at);
  for (let i = 0; i < 6; i++) await askEvery(turns, clock, 10, 100);
  for (let i = 0; i < 3; i++) {
    expect(await askEvery(turns, clock, 20, 80)).toEqual([false, true, true, true]);
    expect(await askEvery(turns, clock, 20, 400, undefined, true)).toEqual([
      ...Array(12).fill(false),
      ...Array(8).fill(true),
    ]);
  }
});
