// Pages of packages made by others, served from loopback as if from the web. Called by outline.bench.ts.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const MODULES = join(import.meta.dirname, '../node_modules');
const GENTELELLA = [
  'index index2 index3 form form_wizards form_validation tables tables_dynamic calendar chat kanban inbox widgets',
  'e_commerce profile landing faq pricing_tables media_gallery icons invoice project_detail settings',
].join(' ');
const SB_ADMIN = 'index buttons cards charts login tables utilities-color blank';

/** Paths of the pages, below what `servePages` serves. */
export const REAL_PAGES: readonly string[] = [
  ...GENTELELLA.split(' ').map((name) => `gentelella/dist/production/${name}.html`),
  ...SB_ADMIN.split(' ').map((name) => `startbootstrap-sb-admin-2/${name}.html`),
  'jquery-ui-dist/index.html',
];

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Serves the packages on a free port of loopback. A path that begins with `/` inside a page is looked for in that page's package, too. */
export async function servePages(): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url!, 'http://x').pathname));
    const [, of] = new URL(request.headers.referer ?? 'http://x').pathname.split('/');
    for (const root of [MODULES, join(MODULES, of ?? '', 'dist')]) {
      try {
        const body = await readFile(join(root, path));
        response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
        return;
      } catch {}
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
