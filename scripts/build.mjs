// Builds tracker, viewer and demo site into src/generated, and what runs on Node into dist. Called by every npm script that runs them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
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
  try {
    await build();
  } catch (error) {
    // What esbuild found it has printed already.
    console.error(error.errors ? 'The build failed: see above.' : error);
    process.exit(1);
  }
  write(STAMP, sources);
}

async function build() {
  const esbuild = await import('esbuild');
  const file = '{ type: string; etag: string; body: string; br?: string; gzip?: string }';
  generate('migrations', 'The texts of migrations/*.sql in order.', 'MIGRATIONS: string[]', migrations());
  generate(
    'demo',
    'The demo site: path below /demo/ to file, bytes as base64.',
    `DEMO: Record<string, ${file}>`,
    demoFiles(),
  );
  const { bundleTracker } = await import('./bundle-tracker.mjs');
  const { minify } = await import('terser');
  const [tracker, viewer] = await Promise.all([bundleTracker(), bundleViewer(esbuild, minify)]);
  generate(
    'tracker',
    'The tracker, served as /tracker.js, bytes as base64.',
    `TRACKER: ${file}`,
    asset('.js', tracker),
  );
  generate(
    'viewer',
    'The viewer, served as /replay, bytes as base64, and its Content-Security-Policy.',
    `VIEWER: ${file} & { policy: string }`,
    viewer,
  );
  await bundleNode(esbuild);
}

async function bundleViewer(esbuild, minify) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/viewer/first-request.ts', 'src/viewer/main.tsx'],
    bundle: true,
    minify: true,
    format: 'iife',
    // With the prefixes that Safari still wants.
    target: ['es2022', 'chrome123', 'firefox125', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'text' },
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    outdir: 'dist/viewer',
    write: false,
    logLevel: 'warning',
  });
  const [request, main, style] = ['first-request.js', 'main.js', 'main.css'].map(
    (name) => outputFiles.find(({ path }) => path.endsWith(name)).text,
  );
  // A second minifier: its shorter names alone, alike in many places, compress 4 % better.
  const [{ code: first }, { code: script }] = await Promise.all(
    [request, main].map((code) => minify(code, { ecma: 2022, compress: { passes: 2 } })),
  );
  // Functions as replacements: a `$&` in the code would be a pattern in a string.
  const html = readFileSync(join(root, 'src/viewer/index.html'), 'utf8')
    .replace('<!--first-->', () => `<script>${first}</script>`)
    .replace('<!--style-->', () => `<style>${style}</style>`)
    .replace('<!--script-->', () => `<script>${script}</script>`);
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${sha256(first)}' 'sha256-${sha256(script)}'`,
    `style-src 'sha256-${sha256(style)}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return { ...asset('.html', Buffer.from(html)), policy };
}

function demoFiles() {
  const site = join(root, 'src/demo/site');
  const files = {};
  for (const path of filesBelow(site)) {
    files[relative(site, path).replaceAll('\\', '/')] = asset(extname(path), readFileSync(path));
  }
  return files;
}

/** A file as it is served: compressed here, once, where that makes it smaller. */
function asset(extension, bytes) {
  const type = TYPES[extension];
  if (!type) throw new Error(`no media type is known for ${extension}`);
  const base64 = (content) => Buffer.from(content).toString('base64');
  const file = { type, etag: `"${sha256(bytes).slice(0, 22)}"`, body: base64(bytes) };
  const br = brotliCompressSync(bytes);
  return br.length < bytes.length * 0.9
    ? { ...file, br: base64(br), gzip: base64(gzipSync(bytes, { level: 9 })) }
    : file;
}

function migrations() {
  return [...filesBelow(join(root, 'migrations'))].map((path) => readFileSync(path, 'utf8'));
}

async function bundleNode(esbuild) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { server: 'src/node/main.ts', cli: 'src/node/cli.ts', 'dev-cloudflare': 'src/node/dev-cloudflare.ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22.16',
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
