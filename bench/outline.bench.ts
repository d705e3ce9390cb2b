// What the outline of real pages costs, beside a whole snapshot by @rrweb/record of the same page in the same run: time and bytes.

import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../test/browser/harness.ts';
import { REAL_PAGES, servePages } from './real-pages.ts';
import { percentile, table } from './statistics.ts';

/** Looks at the page so often; the median counts. */
const TIMES = 9;
/** ms from loaded to looked at, as the tracker waits. */
const SETTLED_MS = 1000;

/** Both as functions of the page: what they would send, as a text. */
const CODE = `
  import { outline } from '../src/tracker/capture/layout.ts';
  import { packer } from '../src/format/packed.ts';
  import { geometry } from '../src/tracker/place.ts';
  import { record } from '@rrweb/record';
  window.ours = () => {
    const boxes = outline(() => {});
    window.boxes = boxes.length;
    return packer(0)(11, [...geometry(), 1, true, [], boxes, undefined, undefined], [undefined, 'mouse'], 0);
  };
  window.theirs = () => {
    const events = [];
    record({ emit: (event) => events.push(event) })();
    return JSON.stringify(events);
  };
  window.measure = (take) => {
    const times = [];
    let text = '';
    for (let i = 0; i < ${TIMES}; i++) {
      const began = performance.now();
      text = take();
      times.push(performance.now() - began);
    }
    return { times, text };
  };`;

interface Measured {
  times: number[];
  text: string;
}

export async function run(): Promise<string> {
  const stdin = { contents: CODE, resolveDir: import.meta.dirname, loader: 'ts' as const };
  const bundled = await build({ stdin, bundle: true, minify: true, format: 'iife', write: false, logLevel: 'error' });
  const script = bundled.outputFiles[0]!.text;
  const pages = await servePages();
  const browser = await launchChromium();
  const rows: (string | number)[][] = [];
  try {
    for (const path of REAL_PAGES) rows.push(await measure(browser, pages.origin, path, script));
  } finally {
    await browser.close();
    await pages.close();
  }
  const middle = (column: number, percent: number) =>
    percentile(
      rows.map((row) => row[column] as number),
      percent,
    );
  for (const [name, percent] of [
    ['**median page**', 50],
    ['**90 % are below**', 90],
  ] as const)
    rows.push([name, ...rows[0]!.slice(1).map((_, i) => middle(i + 1, percent))]);
  return table(
    'Outlines of real pages: median page at most 1.5 kB gzipped and 8 ms',
    [
      'page',
      'elements',
      'boxes',
      'first, ms',
      'median, ms',
      'packed, B',
      'gzipped, B',
      'rrweb, ms',
      'rrweb gzipped, B',
    ],
    rows,
  );
}

async function measure(browser: Browser, origin: string, path: string, script: string): Promise<(string | number)[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.route(
      (url) => url.origin !== origin,
      (route) => route.abort(),
    );
    await page.goto(`${origin}/${path}`, { waitUntil: 'load' });
    await page.waitForTimeout(SETTLED_MS);
    const elements = (await page.evaluate('document.querySelectorAll("*").length')) as number;
    await page.evaluate(script);
    const ours = (await page.evaluate('measure(ours)')) as Measured;
    const theirs = (await page.evaluate('measure(theirs)')) as Measured;
    const tenths = (times: number[]) => Math.round(10 * percentile(times, 50)) / 10;
    return [
      path.replace(/\/dist\/production|-dist|\.html/g, ''),
      elements,
      (await page.evaluate('boxes')) as number,
      Math.round(10 * ours.times[0]!) / 10,
      tenths(ours.times),
      ours.text.length,
      gzipSync(ours.text).length,
      tenths(theirs.times),
      gzipSync(theirs.text).length,
    ];
  } finally {
    await context.close();
  }
}
