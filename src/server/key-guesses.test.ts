// How many wrong keys an address may bring, and who is held back then.
import { expect, test } from 'vitest';
import { KeyGuesses, WRONG_KEYS_MAX } from './key-guesses.ts';

const NOW = 1_770_000_000_000;

async function guessed(count: number, address = 'a', now = NOW): Promise<{ guesses: KeyGuesses; said: number[] }> {
  const guesses = new KeyGuesses();
  const said: number[] = [];
  for (let i = 0; i < count; i++) said.push(await guesses.noteWrong(address, `key ${i}`, now + i));
  return { guesses, said };
}

test('an address may bring twenty different wrong keys in a minute, and then none, right or wrong', async () => {
  const { guesses, said } = await guessed(25);
  expect(said.map((seconds) => seconds > 0)).toEqual([...Array(WRONG_KEYS_MAX).fill(false), ...Array(5).fill(true)]);
  expect(guesses.wait('a', NOW + 30)).toBe(60);
  expect(guesses.wait('a', NOW + 59_000)).toBe(1);
  expect(guesses.wait('a', NOW + 60_000)).toBe(0);
  expect(guesses.wait('b', NOW + 30)).toBe(0);
});

test('one wrong key is one, however often it comes', async () => {
  const guesses = new KeyGuesses();
  for (let i = 0; i < 1000; i++) expect(await guesses.noteWrong('a', 'the same', NOW + i)).toBe(0);
  expect(guesses.wait('a', NOW + 1000)).toBe(0);
});

test('an address that brought a right key goes on being heard, and its wrong ones are refused', async () => {
  const { guesses } = await guessed(WRONG_KEYS_MAX);
  guesses.noteRight('a', NOW + 100);
  expect(guesses.wait('a', NOW + 200)).toBe(0);
  expect(await guesses.noteWrong('a', 'another', NOW + 200)).toBeGreaterThan(0);
  expect(await guesses.noteWrong('a', 'key 3', NOW + 200)).toBe(0);
});

test('a clock that steps back blocks nobody for longer', async () => {
  const { guesses } = await guessed(WRONG_KEYS_MAX);
  expect(guesses.wait('a', NOW - 3_600_000)).toBe(0);
});
