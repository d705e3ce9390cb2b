// Builds tracker, viewer and demo site into src/generated, and server and CLI into dist. Called by every npm script that runs them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, root } from './install.mjs';

const STAMP = join(root, 'dist/.built-from');
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Builds where the sources are not those of the last build. */
export async function ensureBuilt() {
  const sources = hashOfSources();
  if (readOrNull(STAMP) === sources) return;
  console.error('Building …');
  await build();
  write(STAMP, sources);
}

async function build() {
  const esbuild = await import('esbuild');
  const [tracker, viewer] = await Promise.all([bundleTracker(esbuild), bundleViewer(esbuild)]);
  generate('tracker', 'The tracker, served as /tracker.js.', 'TRACKER: { body: string; etag: string }', tracker);
  generate(
    'viewer',
    'The viewer, served as /replay, with the hashes of its script and its style for the CSP.',
    'VIEWER: { body: string; etag: string; scriptHash: string; styleHash: string }',
    viewer,
  );
  generate(
    'demo',
    'The demo site: path below /demo/ to file.',
    "DEMO: Record<string, { type: string; etag: string; encoding: 'utf8' | 'base64'; body: string }>",
    demoFiles(),
  );
  await bundleNode(esbuild);
}

async function bundleTracker(esbuild) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/tracker/main.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    mangleProps: /^_/,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  const body = outputFiles[0].text;
  return { body, etag: etag(body) };
}

async function bundleViewer(esbuild) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/viewer/main.tsx'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'text' },
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    outdir: 'dist/viewer',
    write: false,
    logLevel: 'warning',
  });
  const script = outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
  const style = outputFiles.find(({ path }) => path.endsWith('.css'))?.text ?? '';
  // Functions as replacements: a `$&` in the code would be a pattern in a string.
  const body = readFileSync(join(root, 'src/viewer/index.html'), 'utf8')
    .replace('<!--style-->', () => `<style>${style}</style>`)
    .replace('<!--script-->', () => `<script>${script}</script>`);
  return { body, etag: etag(body), scriptHash: cspHash(script), styleHash: cspHash(style) };
}

/** Files of the demo site; those that are not text as base64. */
function demoFiles() {
  const site = join(root, 'src/demo/site');
  const files = {};
  for (const path of filesBelow(site)) {
    const type = TYPES[extname(path)];
    if (!type) throw new Error(`src/demo/site: no media type is known for ${path}`);
    const bytes = readFileSync(path);
    const isText = /^text|json$|svg/.test(type);
    files[relative(site, path).replaceAll('\\', '/')] = {
      type,
      etag: etag(bytes),
      body: bytes.toString(isText ? 'utf8' : 'base64'),
      encoding: isText ? 'utf8' : 'base64',
    };
  }
  return files;
}

async function bundleNode(esbuild) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { server: 'src/node/main.ts', cli: 'src/node/cli.ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22.13',
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'linked',
    // The .mmdb reader is CommonJS and asks for node:fs by require().
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    write: false,
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) write(path, contents);
}

/** Writes a module that exports one constant. */
function generate(name, sentence, typedName, value) {
  const text = `// ${sentence} Built by scripts/build.mjs.\nexport const ${typedName} = ${JSON.stringify(value)};\n`;
  write(join(root, `src/generated/${name}.ts`), text);
}

function hashOfSources() {
  const hash = createHash('sha256');
  const files = [
    ...filesBelow(join(root, 'src')),
    ...filesBelow(join(root, 'migrations')),
    fileURLToPath(import.meta.url),
  ];
  for (const path of [...files, join(root, 'package-lock.json')]) {
    const name = relative(root, path);
    if (name.startsWith(join('src', 'generated')) || /\.test\.tsx?$/.test(name)) continue;
    hash.update(`${name}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Every file below a folder, by name; none where there is no such folder. */
export function* filesBelow(folder) {
  if (!existsSync(folder)) return;
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

const sha256 = (content) => createHash('sha256').update(content).digest('base64');
const cspHash = (content) => `sha256-${sha256(content)}`;
const etag = (content) => `"${sha256(content).slice(0, 22)}"`;

/** Whole or not at all: another process may be reading the file, or building too. */
function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

function readOrNull(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  await ensureBuilt();
}
