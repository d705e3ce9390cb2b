// The tracker's variables get other names before it is served: a script does the same under any that may be given.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renamed, variablesOf } from '../../scripts/rename.mjs';

/** Whatever can go wrong with names: shadowing, shorthands, defaults, patterns, closures in loops, names of no use. */
const SCRIPT = `
  let first = 1, rest = [2, 3], { length, at = length } = rest, unused;
  const add = (one, two = first) => one + two;
  const outer = (one) => { let two = one * 2; return (three) => { let one = three; return one + two + first; }; };
  const shorthand = ({ first, rest: [head, ...tail] = [4], deep: { first: inner } = { first } }) => ({ first, head, tail, inner, add });
  const all = [];
  for (let first = 0; first < 3; first++) all.push(() => first);
  for (const { length } of ['a', 'bb']) all.push(length);
  for (const key in { length: 1, first: 2 }) all.push(key);
  try { null.first; } catch (first) { let tail = first instanceof TypeError; all.push(tail); }
  try { null.first; } catch { all.push(first); }
  { let first = 'block'; const add = () => first; all.push(add()); }
  const table = { first, length, add(one) { return one + first; }, ['first' + first]: at };
  return JSON.stringify([add(1), add(1, 5), outer(1)(2), shorthand({ first: 7 }), shorthand({ first: 8, rest: [9, 10] }),
    all.map((one) => typeof one === 'function' ? one() : one), table, table.add(3), typeof unused, \`\${first}\${((first) => first)(6)}\`]);`;

/** Arrow functions have no `return` at the top, so the script is the body of one. */
const WRAPPED = `globalThis.answer = (() => {${SCRIPT.replace('add(one)', 'add: function (one)')}})()`;
const run = (script: string) => {
  new Function(script)();
  return (globalThis as { answer?: string }).answer;
};

it('does the same under all names that its variables may have', () => {
  const found = variablesOf(WRAPPED);
  expect(
    renamed(
      found,
      found.variables.map(({ name }) => name),
    ),
  ).toBe(WRAPPED);
  const answer = run(WRAPPED);
  expect(answer).toContain('"block"');
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
      const names: string[] = [];
      for (const { rivals } of found.variables) {
        const taken = new Set([...rivals].map((rival) => names[rival]));
        // As few as can be, so that whoever may share a name does.
        const free = [...'abcdefghijklmnopqrstuvwxyz'].filter((letter) => !taken.has(letter)).slice(0, 3);
        names.push(free[numbers.next().value! % free.length]!);
      }
      expect(run(renamed(found, names))).toBe(answer);
    }),
    { numRuns: 300 },
  );
});

it('knows what is not its own', () => {
  const { globals, variables } = variablesOf('let own = window.own, { x } = own; own[x](other)');
  expect([...globals]).toEqual(['window', 'other']);
  expect(variables.map(({ name }) => name)).toEqual(['own', 'x']);
});
