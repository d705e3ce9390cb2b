// The tracker as one small script. Called by build.mjs, by the test of its size and by browser tests.
import { join } from 'node:path';
import { build } from 'esbuild';
import { minify } from 'vite';
import { root } from './install.mjs';

/** Modules lie in the order in which they are first imported, which does nothing but decide how well the names compress. */
const ORDER = ['options', 'identity', 'guard', 'queue', 'capture/error', 'capture/settle', 'capture/click', 'main'];

/** Bytes of /tracker.js. */
export async function bundleTracker() {
  const { outputFiles } = await build({
    stdin: {
      contents: ORDER.map((module) => `import './${module}.ts';`).join('\n'),
      resolveDir: join(root, 'src/tracker'),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    // Without the compiler's settings no "use strict" is written into it.
    tsconfigRaw: {},
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  // A second minifier, with other tricks, takes 3 % more.
  const { code, errors } = await minify('tracker.js', outputFiles[0].text, {
    module: true,
    compress: { target: 'es2022' },
    mangle: { toplevel: true },
  });
  if (errors.length > 0) throw new Error(errors[0].message);
  // A block keeps names from the page as a function would.
  return Buffer.from(`{${code.replace(/^var /, 'let ').replace(/;\s*$/, '')}}`);
}
