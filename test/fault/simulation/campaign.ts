// Bundles the simulation, with one planted bug or none, and runs seeds of it in worker threads. Called by simulate.test.ts and by `npm run simulate`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build, type Plugin } from 'esbuild';
import type { Outcome, Share } from './worker.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** An exact text of a source file, which must be there once, and what stands in its place. */
export interface Patch {
  file: string;
  from: string;
  to: string;
}

/** What a history makes is garbage when it ends: with the usual room for it a seventh of the time more goes into collecting. */
const YOUNG_MB = 64;

/** gzip without another thread: its end would come whenever that thread is done. */
const IN_STEP: Patch[] = [
  {
    file: 'src/server/session-objects.ts',
    from: `  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());`,
    to: "  return new Uint8Array(process.getBuiltinModule('node:zlib').gzipSync(text, { windowBits: 9, memLevel: 1 }));",
  },
  {
    file: 'src/server/session-objects.ts',
    from: `  let bytes = 0;
  const counted = counting((more) => {
    bytes += more;
    if (bytes > OBJECT_BYTES_MAX) throw new RangeError('an object is not as large');
  });
  const inflated = new Blob([body as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(inflated.pipeThrough(counted)).text();`,
    to: "  return process.getBuiltinModule('node:zlib').gunzipSync(body).toString();",
  },
];

function patched(patches: readonly Patch[]): Plugin {
  return {
    name: 'patched',
    setup({ onLoad }) {
      onLoad({ filter: /\/(src|test)\/.*\.ts$/ }, ({ path }) => {
        const name = relative(ROOT, path);
        let contents = readFileSync(path, 'utf8');
        for (const { file, from, to } of patches) {
          if (file !== name) continue;
          if (contents.split(from).length !== 2) throw new Error(`${file} does not have this once: ${from}`);
          contents = contents.replace(from, () => to);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}

export interface Simulation {
  /** Runs seeds until one fails: in as many threads as `threads` says, each its share. */
  run(first: number, count: number, threads: number, telling?: boolean): Promise<Outcome[]>;
  close(): void;
}

/** Throws where a patch does not find its text. */
export async function prepareSimulation(patches: readonly Patch[] = []): Promise<Simulation> {
  const folder = mkdtempSync(join(tmpdir(), 'silhouette-simulation-'));
  const outfile = join(folder, 'worker.mjs');
  const all = [...IN_STEP, ...patches];
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    outfile,
    plugins: [patched(all)],
    logLevel: 'silent',
  });
  return {
    async run(first, count, threads, telling = false) {
      const shares = Array.from({ length: threads }, (_, i): Share => {
        return { first: first + i, count: Math.ceil((count - i) / threads), stride: threads, telling };
      });
      return Promise.all(shares.map((share) => runShare(outfile, share)));
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function runShare(path: string, share: Share): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(path, { workerData: share, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    worker.once('message', (outcome: Outcome) => resolve(outcome));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the simulation stopped with ${code}: something never ended`)));
  });
}
