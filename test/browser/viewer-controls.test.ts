// The player at any width in Chromium: its controls in one row, or two or three on purpose; nothing overlaps, nothing is cut off, all of it can be hit; on a phone's side all is in sight.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { at, body, click, layout, longVisit, move, shopBoxes, view } from '../fixtures/recordings.ts';
import { violations } from './axe.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf } from './viewer-harness.ts';

const used = useViewer(
  body(longVisit(20_000, 8 * 3_600_000), { session_id: 'long' }),
  body([view(0)], { session_id: 'moment' }),
  body(
    [
      view(0),
      layout(300, 1, shopBoxes(), { document_height: 2400 }),
      ...[0, 1, 2, 3].map((i) => click(20_000 + i * 200, 880, 28, { effect_ms: null })),
      at(30_000, { event_type: 'error', name: 'TypeError' }),
      move(60_000, 500, 500),
    ],
    { session_id: 'shop' },
  ),
);

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

/** The browser has laid it out, told of it, and painted it. */
async function resize(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

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
      const page = await used.open({ ...device, place: `#session=${session}` });
      await isReady(page);
      for (const panel of ['17rem', '40vw']) {
        await page.evaluate((width) => document.documentElement.style.setProperty('--panel-width', width), panel);
        // A narrower page has the panel below.
        for (const width of WIDTHS.filter((width) => panel === '17rem' || width >= 1180)) {
          await resize(page, width);
          const { found, rows } = await faults(page, least);
          expect({ width, found }).toEqual({ width, found: [] });
          if (panel === '17rem' && width === 1440 && least === TARGET) expect(rows).toBe(1);
        }
      }
      await page.context().close();
    }
  },
);

test.skipIf(!CHROMIUM)(
  'letters that are wider and set apart, and the whole screen, are given the room they need',
  async () => {
    const page = await used.open({ place: '#session=long' });
    await isReady(page);
    // https://www.w3.org/TR/WCAG22/#text-spacing
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important }');
      document.adoptedStyleSheets = [sheet];
    });
    for (const width of [320, 600, 1280, 1440]) {
      await resize(page, width);
      expect({ width, ...(await faults(page, TARGET)) }).toMatchObject({ width, found: [] });
    }
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Leave full screen' }).waitFor();
    expect((await faults(page, TARGET)).found).toEqual([]);
  },
);

test.skipIf(!CHROMIUM).each([
  [667, 375],
  [844, 390],
  [932, 430],
])(
  'on a phone’s side stage, controls, timeline and the panel’s tabs are in sight at once: %d × %d px',
  async (width, height) => {
    const page = await used.open({
      viewport: { width, height },
      hasTouch: true,
      isMobile: true,
      reducedMotion: 'reduce',
      place: '#session=shop&t=20',
    });
    await isReady(page);
    const stage = (await page.getByRole('img', { name: 'Replay' }).boundingBox())!;
    expect(stage.width).toBeGreaterThan(width * 0.4);
    expect((await faults(page, FINGER)).found).toEqual([]);
    const out = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('main canvas, main button, main .speed, main [role=tab]')]
          .filter((element) => element.checkVisibility() && !element.closest('[popover], dialog'))
          .filter((element) => {
            const { left, right, top, bottom } = element.getBoundingClientRect();
            return left < -0.5 || top < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5;
          })
          .map((element) => element.innerText || element.className),
      );
    expect(await out()).toEqual([]);
    expect(await violations(page)).toEqual([]);
    // The events come up below the timeline; the stage stays where it is seen.
    await page.getByRole('tab', { name: 'Events' }).tap();
    await page.locator('.panel').getByText('BUTTON#pay').first().tap();
    await expect.poll(() => positionOf(page)).toBe(20_000);
    const isSeen = async () => {
      const box = (await page.getByRole('img', { name: 'Replay' }).boundingBox())!;
      return [box.y >= 0, box.y + box.height <= height];
    };
    await expect.poll(isSeen).toEqual([true, true]);
    await page.getByRole('button', { name: 'All sessions' }).tap();
    await page.getByRole('option').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  },
);
