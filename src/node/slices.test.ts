// An export is cut where a session begins, and every line keeps its number.
import { expect, test } from 'vitest';
import { slicesOf } from './slices.ts';

async function slices(lines: string[]) {
  const stream = (async function* () {
    yield* lines;
  })();
  const found = [];
  for await (const slice of slicesOf(stream)) found.push(slice);
  return found;
}

const HEADER = '{"kind":"session","session_id":"a"}';

test('each session is a slice that knows how many lines come before it', async () => {
  expect(await slices(['lost', HEADER, '{"x":1}', '', HEADER])).toEqual([
    { after_line: 0, lines: ['lost'] },
    { after_line: 1, lines: [HEADER, '{"x":1}', ''] },
    { after_line: 4, lines: [HEADER] },
  ]);
});

test('what only looks like a header begins no slice', async () => {
  expect(await slices([HEADER, '{"kind":"else"}', '{"kind": broken'])).toHaveLength(1);
});

test('a session without end is cut', async () => {
  const found = await slices([HEADER, ...Array<string>(150_000).fill('{}')]);
  expect(found.map(({ lines }) => lines.length)).toEqual([101_000, 49_001]);
  expect(found[1]!.after_line).toBe(101_000);
});
