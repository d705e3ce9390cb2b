// Real pages beside their replays: pairs of pictures for people to look at, and a number that says how alike they are.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../fixtures/server.ts';
import { CHROMIUM, launchChromium } from './harness.ts';
import { likeness, prepareLikeness } from './likeness.ts';
import { openStage, pictureOf, type RealSite, type Recorded, showEnd, startRealSite } from './real-visits.ts';

/** NAME.page.png and NAME.replay.png of each, likeness.txt, and the README's picture: `npm test`, then copy pair.png to docs/. */
const PICTURES = join(ROOT, 'test/output/side-by-side');

interface Looked {
  name: string;
  path: string;
  /** px that the visitor scrolls down. */
  scroll?: number;
  more?: BrowserContextOptions;
}

const PAGES: readonly Looked[] = [
  { name: 'dashboard', path: '/sb-admin/index.html' },
  { name: 'login', path: '/sb-admin/login.html' },
  { name: 'table', path: '/sb-admin/tables.html' },
  { name: 'right-to-left', path: '/sb-admin/cards.html?dir=rtl' },
  { name: 'operations', path: '/production/index.html' },
  { name: 'form', path: '/production/form.html' },
  { name: 'table-from-script', path: '/production/tables_dynamic.html' },
  { name: 'landing', path: '/production/landing.html' },
  { name: 'widgets-dark', path: '/production/widgets.html', more: { colorScheme: 'dark' } },
  { name: 'widgets-scrolled', path: '/jquery-ui/index.html', scroll: 900 },
];
/** The pair for the README. */
const SHOWN = 'widgets-dark';
/** Visits at a time. */
const AT_ONCE = 4;

/** Of the best drawing so far, less 0.02: a table that its script fills may be told late. */
const MEAN_MIN = 0.905;
const WORST_MIN = 0.77;

async function look(browser: Browser, site: RealSite, { name, path, scroll, more }: Looked) {
  const page = await site.visit(browser, path, more);
  if (scroll) {
    await page.evaluate((y) => window.scrollTo(0, y), scroll);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(scroll);
  }
  const recorded = await site.recorded(page);
  const picture = await page.screenshot();
  await page.context().close();
  return { name, recorded, picture };
}

test.skipIf(!CHROMIUM)('ten real pages are known again in their replays', { timeout: 180_000 }, async () => {
  const [site, browser] = await Promise.all([startRealSite(), launchChromium()]);
  onTestFinished(async () => {
    await browser.close();
    await site.close();
  });
  const visits: { name: string; recorded: Recorded; picture: Buffer }[] = [];
  const waiting = [...PAGES];
  const visitor = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) visits.push(await look(browser, site, next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitor));

  const { page: viewer, complaints } = await openStage(browser, site, visits[0]!.recorded);
  const replays: Buffer[] = [];
  mkdirSync(PICTURES, { recursive: true });
  for (const { name, recorded, picture } of visits) {
    await showEnd(viewer, recorded);
    const replay = await pictureOf(viewer);
    replays.push(replay);
    writeFileSync(join(PICTURES, `${name}.page.png`), picture);
    writeFileSync(join(PICTURES, `${name}.replay.png`), replay);
  }
  expect(complaints).toEqual([]);

  const scale = await browser.newPage({ viewport: { width: 1280, height: 400 } });
  const pictures = visits.map(({ picture }) => picture);
  const shown = visits.findIndex(({ name }) => name === SHOWN);
  const halves = [pictures[shown]!, replays[shown]!].map(
    (picture) => `<img style="width:50%" src="data:image/png;base64,${picture.toString('base64')}">`,
  );
  await scale.setContent(`<body style="margin:0;display:flex">${halves.join('')}`);
  await scale.screenshot({ path: join(PICTURES, 'pair.png') });
  await prepareLikeness(scale);
  const { own, nearest } = await likeness(scale, pictures, replays);
  const mean = own.reduce((sum, like) => sum + like, 0) / own.length;
  const lines = visits.map(({ name }, i) => `${own[i]!.toFixed(3)} ${name}`).sort();
  writeFileSync(join(PICTURES, 'likeness.txt'), [`${mean.toFixed(3)} mean`, ...lines, ''].join('\n'));

  // However blurred: no page looks more like the replay of another one than like its own.
  expect(nearest).toEqual(visits.map((_, i) => i));
  expect(mean).toBeGreaterThan(MEAN_MIN);
  expect(Math.min(...own)).toBeGreaterThan(WORST_MIN);
});
