// A script's own variables in another order, and under other names. Called by bundle-tracker.mjs and name-tracker.mjs.
import { parseSync } from 'vite';
import { renamed } from './rename.mjs';

/** The variables that a part reads when it is run, and those of them that it calls; what lies in functions is not run. */
function readBy(node, reads = new Set(), calls = new Set()) {
  if (Array.isArray(node)) for (const one of node) readBy(one, reads, calls);
  if (!node?.type || /Function/.test(node.type)) return { reads, calls };
  if (node.type === 'Identifier') reads.add(node.name);
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier') calls.add(node.callee.name);
  for (const [key, part] of Object.entries(node)) {
    const isName = (key === 'property' || key === 'key') && !node.computed;
    if (typeof part === 'object' && !isName) readBy(part, reads, calls);
  }
  return { reads, calls };
}

/**
 * The parts of what `variablesOf` found in a script that declares all its variables first: the declaration of each, and
 * the rest. Throws where there is another.
 */
export function declarationsOf({ code, uses }) {
  const { body } = parseSync('tracker.js', code, { sourceType: 'module' }).program;
  const isOther = ({ type }) => type !== 'VariableDeclaration';
  const first = body.findIndex(isOther);
  if (first < 0 || !body.slice(first).every(isOther)) throw new Error('the script declares something later');
  const part = ({ start, end }) => ({
    code: code.slice(start, end),
    uses: uses
      .filter((use) => use.start >= start && use.end <= end)
      .map((use) => ({ ...use, start: use.start - start, end: use.end - start })),
  });
  const declarations = body.slice(0, first).flatMap((one) => one.declarations);
  return {
    declarations: declarations.map((one) => ({
      ...part(one),
      name: one.id.name,
      made: readBy(one.init),
      called: readBy(one.init?.body),
    })),
    rest: part({ start: body[first].start, end: code.length }),
  };
}

/** The numbers of these declarations as near to the wanted order as can be: what one needs when it is run comes before it. */
export function inOrder(declarations, wanted) {
  const numbers = new Map(declarations.map(({ name }, i) => [name, i]));
  const order = new Set();
  const begun = new Set();
  const place = (i, isCalled) => {
    const key = isCalled ? ~i : i;
    if (i === undefined || begun.has(key)) return;
    begun.add(key);
    const { reads, calls } = declarations[i][isCalled ? 'called' : 'made'];
    for (const name of reads) place(numbers.get(name), false);
    for (const name of calls) place(numbers.get(name), true);
    order.add(i);
  };
  for (const i of wanted) place(i, false);
  return [...order];
}

/** The script: its declarations in this order, `names[i]` for the i-th variable. */
export const written = ({ declarations, rest }, order, names) =>
  `let ${order.map((i) => renamed(declarations[i], names)).join()};${renamed(rest, names)}`;
