// What the outline of real pages costs, beside a whole snapshot by @rrweb/record of the same page in the same run: time and bytes.

import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../test/browser/harness.ts';
import { servePages } from '../test/fixtures/pages.ts';
import { percentile, table } from './statistics.ts';

/** Pages of packages made by others, as `servePages` has them. */
const PAGES: Record<string, string> = {
  production:
    'index index2 index3 form form_wizards form_validation tables tables_dynamic calendar chat kanban inbox widgets e_commerce profile landing faq pricing_tables media_gallery icons invoice project_detail settings',
  'sb-admin': 'index buttons cards charts login tables utilities-color blank',
  'jquery-ui': 'index',
};

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
  window.ours = async () => {
    const boxes = await outline(() => {}, [document.documentElement]);
    window.boxes = boxes.length;
    return packer(0)(11, [...geometry(), 1, true, [], boxes, undefined, undefined], [undefined, 'mouse'], 0);
  };
  /** As after a change in one place: all else is where it was. */
  window.again = async () => {
    await outline(() => {}, [document.body.lastElementChild]);
    return '';
  };
  window.theirs = () => {
    const events = [];
    record({ emit: (event) => events.push(event) })();
    return JSON.stringify(events);
  };
  window.measure = async (take) => {
    const later = window.setTimeout;
    const times = [];
    let text = '';
    let began;
    // What the page does between two slices is not the outline's.
    window.setTimeout = (go) => {
      const paused = performance.now();
      later(() => { began += performance.now() - paused; go(); });
    };
    for (let i = 0; i < ${TIMES}; i++) {
      began = performance.now();
      text = await take();
      times.push(performance.now() - began);
    }
    window.setTimeout = later;
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
  const pages = await servePages('');
  const browser = await launchChromium();
  const rows: (string | number)[][] = [];
  try {
    for (const [folder, names] of Object.entries(PAGES))
      for (const name of names.split(' '))
        rows.push(await measure(browser, `${pages.origin}/${folder}/${name}.html`, script));
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
      'one change, ms',
      'packed, B',
      'gzipped, B',
      'rrweb, ms',
      'rrweb gzipped, B',
    ],
    rows,
  );
}

async function measure(browser: Browser, address: string, script: string): Promise<(string | number)[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.route(
      (url) => url.origin !== new URL(address).origin,
      (route) => route.abort(),
    );
    await page.goto(address);
    await page.waitForTimeout(SETTLED_MS);
    const elements = (await page.evaluate('document.querySelectorAll("*").length')) as number;
    await page.evaluate(script);
    const ours = (await page.evaluate('measure(ours)')) as Measured;
    const again = (await page.evaluate('measure(again)')) as Measured;
    const theirs = (await page.evaluate('measure(theirs)')) as Measured;
    const tenths = (times: number[]) => Math.round(10 * percentile(times, 50)) / 10;
    return [
      new URL(address).pathname.slice(1, -5),
      elements,
      (await page.evaluate('boxes')) as number,
      Math.round(10 * ours.times[0]!) / 10,
      tenths(ours.times),
      tenths(again.times),
      ours.text.length,
      gzipSync(ours.text).length,
      tenths(theirs.times),
      gzipSync(theirs.text).length,
    ];
  } finally {
    await context.close();
  }
}
