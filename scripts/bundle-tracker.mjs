// The tracker as one small script. Called by build.mjs, by the test of its size and by browser tests.
import { build } from 'esbuild';
import { minify } from 'vite';
import { root } from './install.mjs';

/** Bytes of /tracker.js. */
export async function bundleTracker() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/tracker/main.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    // Without the compiler's settings no "use strict" is written into it.
    tsconfigRaw: {},
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  // A second minifier, with other tricks, takes 3 % more.
  const { code, errors } = await minify('tracker.js', outputFiles[0].text, {
    compress: { target: 'es2022' },
    mangle: true,
  });
  if (errors.length > 0) throw new Error(errors[0].message);
  return Buffer.from(code);
}
