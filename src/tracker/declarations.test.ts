// The tracker's variables are declared in another order before it is served: a script does the same in any that may be asked for.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { declarationsOf, inOrder, written } from '../../scripts/declarations.mjs';
import { variablesOf } from '../../scripts/rename.mjs';

/** What must come first: a value, a function that is called, whatever that one reads, and a name that is only a property's. */
const SCRIPT = `let add = (one) => one + base, total = sum(2, first), first = add(1), base = 4, list = [first, unset], unset,
  later = () => total + latest, latest = { total: 'property', add }, wrap = (run) => () => run() + base, wrapped = wrap(later),
  sum = (...all) => all.reduce((one, other) => add(one) + other, base);
  globalThis.answer = JSON.stringify([total, first, list, later(), latest, wrapped()]);`;
/** The same, as its author would have to write it. */
const ANSWER = '[19,5,[5,null],"19[object Object]",{"total":"property"},"19[object Object]4"]';

it('does the same whatever the order in which its declarations are wanted', () => {
  const found = variablesOf(SCRIPT);
  const script = declarationsOf(found);
  const names = found.variables.map(({ name }) => name);
  expect(script.declarations.map(({ name }) => name)).toHaveLength(11);
  fc.assert(
    fc.property(fc.shuffledSubarray([...script.declarations.keys()], { minLength: 11 }), (wanted) => {
      const order = inOrder(script.declarations, wanted);
      expect([...order].sort((a, b) => a - b)).toEqual([...script.declarations.keys()]);
      // An order that can be kept is kept.
      expect(inOrder(script.declarations, order)).toEqual(order);
      new Function(written(script, order, names))();
      expect((globalThis as { answer?: string }).answer).toBe(ANSWER);
    }),
    { numRuns: 300 },
  );
});

it('refuses a script that declares something after it has begun', () => {
  expect(() => declarationsOf(variablesOf('let a = 1; f(a); let b = 2; f(b)'))).toThrow('declares something later');
});
