// The tracker as one small script. Called by build.mjs, by the test of its size and by browser tests.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { minify } from 'terser';
import { declarationsOf, inOrder, written } from './declarations.mjs';
import { root } from './install.mjs';
import { variablesOf } from './rename.mjs';

/** Modules lie in the order in which they are first imported, which does nothing but decide how well the names compress. */
const ORDER = ['identity', 'outbox', '../format/packed', 'capture/error', 'capture/settle', 'main'];

/**
 * As name-tracker.mjs found them: of each variable of the whole script, in the order in which they are declared, the
 * short names of all variables in its declaration, in order of appearance.
 */
export const NAMES = join(import.meta.dirname, 'tracker-names.json');

/** Bytes of /tracker.js. */
export async function bundleTracker() {
  const tracker = await minifyTracker();
  return wrapTracker(written(declarationsOf(tracker.short), orderOf(tracker), namesOf(tracker)));
}

/** A block keeps names from the page as a function would. */
export const wrapTracker = (code) => Buffer.from(`{${code.replace(/;\s*$/, '')}}`);

/** The script twice, with the names of its sources and with short ones: the same variables in the same order. */
export async function minifyTracker() {
  const { outputFiles } = await build({
    stdin: {
      contents: ORDER.map((module) => `import './${module}.ts';`).join('\n'),
      resolveDir: join(root, 'src/tracker'),
    },
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    format: 'esm',
    target: 'es2022',
    // Without the compiler's settings no "use strict" is written into it.
    tsconfigRaw: {},
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  // A second minifier, with other tricks, takes 4 % more.
  const [long, short] = await Promise.all(
    [false, true].map(async (mangle) => {
      const compress = { ecma: 2020, passes: 4, unsafe: true, booleans_as_integers: true, pure_getters: true };
      const { code } = await minify(outputFiles[0].text, { module: true, compress, mangle, format: { ecma: 2020 } });
      return variablesOf(code);
    }),
  );
  if (long.variables.length !== short.variables.length) throw new Error('the short script has other variables');
  return { long, short };
}

/** Of each variable of the whole script the numbers of all in its declaration. */
export function numbersByTop({ variables }) {
  const numbers = new Map(variables.map(({ top }) => [top, []]));
  for (const { top, number } of variables) numbers.get(top).push(number);
  return numbers;
}

const known = () => JSON.parse(readFileSync(NAMES, 'utf8'));

/** The declarations' numbers in the order of the file; those that it does not know come last. */
export function orderOf({ long }) {
  const { declarations } = declarationsOf(long);
  const names = declarations.map(({ name }) => name);
  const wanted = Object.keys(known()).map((name) => names.indexOf(name));
  return inOrder(declarations, [...wanted.filter((i) => i >= 0), ...names.keys()]);
}

/** A name for each variable: what the file says as far as it fits, else the minifier's, else one that nobody has. */
export function namesOf({ long, short }) {
  const found = known();
  const names = [];
  const isFree = (name, { rivals }) => name && !short.globals.has(name) && ![...rivals].some((i) => names[i] === name);
  for (const [top, numbers] of numbersByTop(long)) {
    const own = found[top]?.split(' ') ?? [];
    if (own.length !== numbers.length) continue;
    numbers.forEach((i, at) => {
      if (isFree(own[at], short.variables[i])) names[i] = own[at];
    });
  }
  short.variables.forEach((variable, i) => {
    for (let n = 0; !names[i]; n++) {
      const name = n ? `$${n.toString(36)}` : variable.name;
      if (isFree(name, variable)) names[i] = name;
    }
  });
  return names;
}
