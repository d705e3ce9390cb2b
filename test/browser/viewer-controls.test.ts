// The row of controls at any width in Chromium: one row, or two or three on purpose; nothing overlaps, nothing is cut off, all of it can be hit.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { body, longVisit, view } from '../fixtures/recordings.ts';
import { CHROMIUM, launchChromium } from './harness.ts';
import { openViewer, type Site, startSite } from './viewer-harness.ts';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  [browser, site] = await Promise.all([launchChromium(), startSite()]);
  await site.add(
    body(longVisit(20_000, 8 * 3_600_000), { session_id: 'long' }),
    body([view(0)], { session_id: 'moment' }),
  );
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const WIDTHS = [
  320, 344, 360, 375, 390, 412, 480, 600, 700, 761, 844, 1024, 1180, 1280, 1360, 1440, 1600, 1920, 2560, 3840,
];
/** CSS px, WCAG 2.5.8; and for a finger. */
const TARGET = 24;
const FINGER = 43.5;

/** What is wrong with the row, in words, and in how many rows it stands. */
const faults = (page: Page, least: number) =>
  page.evaluate((least) => {
    const found: string[] = [];
    const row = document.querySelector<HTMLElement>('.controls')!;
    const room = row.getBoundingClientRect();
    const targets = [...row.querySelectorAll<HTMLElement>('button, .speed, .clock')].filter(
      (element) => element.offsetWidth > 0,
    );
    const boxes = targets.map((element) => ({
      name: element.innerText.replaceAll('\n', ' ') || element.className,
      isTarget: !element.matches('.clock'),
      box: element.getBoundingClientRect(),
    }));
    for (const { name, isTarget, box } of boxes) {
      if (isTarget && (box.width < least || box.height < least)) found.push(`${name}: ${box.width} × ${box.height}`);
      if (box.left < room.left - 0.5 || box.right > room.right + 0.5) found.push(`${name} is cut off`);
    }
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1)) {
        const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (wide > 0.5 && high > 0.5) found.push(`${a.name} lies on ${b.name}`);
      }
    const middles = boxes.map(({ box }) => Math.round((box.top + box.bottom) / 2));
    const rows = middles.sort((a, b) => a - b).filter((y, i) => i === 0 || y - middles[i - 1]! > 4).length;
    const meant = /tiny/.test(row.dataset.room!) ? 3 : /narrow|rows/.test(row.dataset.room!) ? 2 : 1;
    if (rows !== meant) found.push(`${rows} rows where ${meant} were meant`);
    return { found, rows };
  }, least);

const isReady = (page: Page) =>
  expect.poll(() => page.locator('.player[aria-busy=false]').count(), { message: 'open' }).toBe(1);

test.skipIf(!CHROMIUM).each([
  ['a pointer', {}, TARGET],
  ['a finger', { hasTouch: true, isMobile: true }, FINGER],
] as const)(
  'the controls are well-ordered at twenty widths, with the list and the panel as wide as they get, for %s',
  { timeout: 120_000 },
  async (_, device, least) => {
    for (const session of ['long', 'moment']) {
      const { page, complaints } = await openViewer(browser, site, { ...device, place: `#session=${session}` });
      await isReady(page);
      for (const panel of ['17rem', '40vw']) {
        await page.evaluate((width) => document.documentElement.style.setProperty('--panel-width', width), panel);
        // A narrower page has the panel below.
        for (const width of WIDTHS.filter((width) => panel === '17rem' || width >= 1180)) {
          await page.setViewportSize({ width, height: 900 });
          // The browser has laid it out, told of it, and painted it.
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
          const { found, rows } = await faults(page, least);
          expect({ width, found }).toEqual({ width, found: [] });
          if (panel === '17rem' && width === 1440 && least === TARGET) expect(rows).toBe(1);
        }
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  },
);

test.skipIf(!CHROMIUM)(
  'letters that are wider and set apart, and the whole screen, are given the room they need',
  async () => {
    const { page } = await openViewer(browser, site, { place: '#session=long' });
    await isReady(page);
    // https://www.w3.org/TR/WCAG22/#text-spacing
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important }');
      document.adoptedStyleSheets = [sheet];
    });
    for (const width of [320, 600, 1280, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect({ width, ...(await faults(page, TARGET)) }).toMatchObject({ width, found: [] });
    }
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Leave full screen' }).waitFor();
    expect((await faults(page, TARGET)).found).toEqual([]);
  },
);
