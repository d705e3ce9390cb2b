// The tracker beside others on the same minute of the same page: its size, what it sends, what it costs the page's main thread.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { bundleTracker } from '../scripts/bundle-tracker.mjs';
import { parseBatch } from '../src/format/parse-batch.ts';
import { launchChromium } from '../test/browser/harness.ts';
import { table } from './statistics.ts';
import { visit, visitedPage } from './visit.ts';

interface Peer {
  name: string;
  script: Uint8Array | null;
  /** Of its tag. */
  attributes?: string;
  /** How many mouse points the bodies hold; null: not looked into. */
  points(bodies: string[]): number | null;
}

const SAMPLE_MICROSECONDS = 200;
/** What the browser takes to call a script at all. */
const EMPTY = `for (const type of ['pointermove', 'click', 'scroll', 'popstate']) addEventListener(type, () => {}, true);`;
const RRWEB = `
  import { record } from '@rrweb/record';
  let events = [];
  record({ emit: (event) => events.push(event) });
  setInterval(() => {
    if (events.length === 0) return;
    fetch('/collect', { method: 'POST', body: JSON.stringify(events) });
    events = [];
  }, 5000);`;
const CLARITY = `
  import { clarity } from 'clarity-js';
  clarity.start({ projectId: 'bench', upload: '/collect', track: true, content: true });`;

const ourPoints = (bodies: string[]) =>
  bodies.flatMap((body) => parseBatch(JSON.parse(body)).events).filter(({ event_type }) => event_type === 'mousemove')
    .length;

const bundle = async (contents: string): Promise<Uint8Array> => {
  const stdin = { contents, resolveDir: import.meta.dirname };
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    minify: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.contents;
};

export async function run(): Promise<string> {
  const tracker = await bundleTracker();
  const peers: Peer[] = [
    { name: 'no tracker', script: null, points: () => 0 },
    { name: 'empty listeners', script: Buffer.from(EMPTY), points: () => 0 },
    { name: 'floor', script: await bundle(`import './floor.ts';`), points: () => null },
    { name: '**Silhouette**, no outlines', script: tracker, attributes: 'data-silhouette="off"', points: ourPoints },
    { name: '**Silhouette**', script: tracker, points: ourPoints },
    {
      name: '@rrweb/record, JSON every 5 s',
      script: await bundle(RRWEB),
      points: (bodies) =>
        bodies
          .flatMap((body) => JSON.parse(body) as { type: number; data: { source?: number; positions?: unknown[] } }[])
          .reduce((sum, { type, data }) => sum + (type === 3 && data.source === 1 ? data.positions!.length : 0), 0),
    },
    { name: 'clarity-js', script: await bundle(CLARITY), points: () => null },
  ];
  const browser = await launchChromium();
  try {
    const rows: (string | number)[][] = [];
    for (const peer of peers) rows.push(await measure(browser, peer));
    const head = [
      'tracker',
      'JS, kB brotli',
      'body, kB/min',
      'requests/min',
      'mouse points',
      'main thread, ms',
      'long tasks (longest)',
    ];
    return table('Trackers on one busy minute: 1,794 moves, 13 clicks, 39 wheel steps, 91 keys, 4 routes', head, rows);
  } finally {
    await browser.close();
  }
}

async function measure(browser: Browser, { name, script, attributes, points }: Peer): Promise<(string | number)[]> {
  const bodies: string[] = [];
  const site = await serve(script, attributes, (body) => bodies.push(body));
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  try {
    const client = await page.context().newCDPSession(page);
    await client.send('Profiler.enable');
    await client.send('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
    await client.send('Profiler.start');
    await page.goto(`${site.origin}/shop`);
    await visit(client);
    const { profile } = await client.send('Profiler.stop');
    const longTasks = (await page.evaluate('longTasks')) as number[];
    await page.close({ runBeforeUnload: true });
    await site.idle();
    const kilobytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0) / 1000;
    return [
      name,
      script && script.length > 1000 ? (brotliCompressSync(script).length / 1000).toFixed(2) : '-',
      kilobytes.toFixed(2),
      bodies.length,
      points(bodies) ?? '-',
      ownTime(profile as Profile, '/tracker.js').toFixed(1),
      `${longTasks.length} (${Math.round(Math.max(0, ...longTasks))} ms)`,
    ];
  } finally {
    await page.context().close();
    await site.close();
  }
}

interface Profile {
  nodes: { id: number; callFrame: { url: string }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/**
 * ms of samples in which a function of this script was on the stack. A sample that lasts long is one in which another
 * program had the processor, and counts as two usual ones.
 */
function ownTime({ nodes, samples, timeDeltas }: Profile, path: string): number {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const own = new Set<number>();
  const mark = (id: number, isOwn: boolean): void => {
    const node = byId.get(id)!;
    const here = isOwn || new URL(node.callFrame.url || 'about:blank', 'http://x').pathname === path;
    if (here) own.add(id);
    for (const child of node.children ?? []) mark(child, here);
  };
  mark(nodes[0]!.id, false);
  return (
    samples.reduce((sum, id, i) => sum + (own.has(id) ? Math.min(timeDeltas[i]!, 2 * SAMPLE_MICROSECONDS) : 0), 0) /
    1000
  );
}

/** Takes whatever is posted, and answers as each of them likes it. */
async function serve(script: Uint8Array | null, attributes = '', onBody: (body: string) => void) {
  const html = `<!doctype html>${visitedPage(script ? `<script defer src="/tracker.js" ${attributes}></script>` : '')}`;
  let underWay = 0;
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      underWay++;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      onBody(Buffer.concat(chunks).toString('utf8'));
      response
        .writeHead(202, { 'content-type': 'application/json' })
        .end('{"session_id":"0","accepted":1,"rejected":0}');
      underWay--;
    } else if (request.url === '/tracker.js' && script) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    } else if (request.url?.startsWith('/shop')) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Once what the page sent at its end is in. */
    async idle() {
      do await new Promise((resolve) => setTimeout(resolve, 500));
      while (underWay > 0);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
