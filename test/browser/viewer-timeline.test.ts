// The viewer's timeline in Chromium: zoom, clusters, preview, chapters, fingers, tabs.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../../src/format/event.ts';
import { at, body, click, layout, longVisit, move, SHOP, shopBoxes, view } from '../fixtures/recordings.ts';
import { violations } from './axe.ts';
import { CHROMIUM } from './harness.ts';
import { traceTasks } from './trace-tasks.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, type ViewerContext } from './viewer-harness.ts';

const on = (load: string, page: string) => ({ event_id: `${load}.0.0`, page: SHOP + page });
/** A body in which every event has an id of its own, within its page load. */
const session = (id: string, events: readonly SessionEvent[]) =>
  body(
    events.map((event, i) => ({ ...event, event_id: `${event.event_id.split('.')[0]}.0.${i}` })),
    { session_id: id },
  );
const moves = (from: number, to: number, more: Record<string, unknown>) =>
  Array.from({ length: Math.floor((to - from) / 2000) }, (_, i) => move(from + i * 2000, 100 + i * 5, 100, more));

/** A minute: five clicks within 0.4 s at 15 s, one at 20 s, a second page at 30 s, nothing from 37 s to 58 s. */
const visit = session('visit', [
  view(0),
  layout(50, 1, shopBoxes()),
  ...moves(100, 14_000, {}),
  ...[0, 80, 160, 240, 320].map((ms) => click(15_000 + ms, 450, 320)),
  click(20_000, 700, 80, { element: 'A.plan-pro' }),
  view(30_000, on('next', 'checkout')),
  ...moves(31_000, 40_000, on('next', 'checkout')),
  move(58_000, 900, 500, on('next', 'checkout')),
  move(60_000, 100, 100, on('next', 'checkout')),
]);
/** The list in one tab; help in another from 10 s to 20 s; the list again. */
const twoTabs = session('two-tabs', [
  view(0, on('list', 'list')),
  ...moves(500, 10_000, on('list', 'list')),
  at(10_000, { event_type: 'visibility_change', state: 'hidden', ...on('list', 'list') }),
  view(10_200, on('help', 'help')),
  ...moves(10_500, 20_000, on('help', 'help')),
  at(20_000, { event_type: 'visibility_change', state: 'hidden', ...on('help', 'help') }),
  at(20_100, { event_type: 'visibility_change', state: 'visible', ...on('list', 'list') }),
  ...moves(20_500, 30_000, on('list', 'list')),
  at(31_000, { event_type: 'visibility_change', state: 'visible', ...on('help', 'help') }),
  move(32_000, 5, 5, on('help', 'help')),
]);
const manyTabs = session('many-tabs', [
  ...Array.from({ length: 500 }, (_, i) => view(i * 100, on(`t${i}`, `p${i}`))),
  ...Array.from({ length: 500 }, (_, i) => move(60_000 + i * 100, 10, 10, on(`t${i}`, `p${i}`))),
]);
const long = body(longVisit(20_000, 3_600_000), { session_id: 'long' });

const used = useViewer(visit, twoTabs, manyTabs, long);

async function open(session: string, t = 0, options: ViewerContext = {}): Promise<Page> {
  const page = await used.open({
    place: `#session=${session}&t=${t}`,
    ...options,
  });
  await expect.poll(() => positionOf(page)).toBe(t * 1000);
  await expect.poll(async () => Number(await slider(page).getAttribute('aria-valuemax'))).toBeGreaterThan(0);
  return page;
}

const slider = (page: Page) => page.getByRole('slider', { name: 'Timeline' });
/** Where a share of the width lies, and how far below the top, from the bottom if negative. */
async function placeOf(page: Page, share: number, y: number): Promise<{ x: number; y: number }> {
  const box = (await slider(page).boundingBox())!;
  return { x: box.x + 1 + (box.width - 2) * share, y: y < 0 ? box.y + box.height + y : box.y + y };
}
/** ms at the place, as a press there tells; among the activity, where nothing else is meant. */
async function timeAt(page: Page, share: number): Promise<number> {
  const { x, y } = await placeOf(page, share, -6);
  await page.mouse.click(x, y);
  return positionOf(page);
}
/** All that moves has arrived. */
const settled = async (page: Page) => {
  const ticks = () =>
    page.evaluate(async () => {
      for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
      return document.querySelector<HTMLElement>('.overview-part')!.style.cssText;
    });
  for (let before = await ticks(); ; ) {
    const now = await ticks();
    if (now === before) return;
    before = now;
  }
};
const isZoomed = (page: Page) => page.locator('.overview[data-zoomed]').count();

test.skipIf(!CHROMIUM)('the wheel zooms about the pointer, and what is under it stays there', async () => {
  const page = await open('visit');
  const before = await timeAt(page, 0.7);
  expect(before).toBeCloseTo(42_000, -3);
  for (let i = 0; i < 6; i++) {
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -30);
    await page.keyboard.up('Control');
  }
  await settled(page);
  expect(await isZoomed(page)).toBe(1);
  expect(Math.abs((await timeAt(page, 0.7)) - before)).toBeLessThan(100);
  // The window is a sixth of the session, or so: a tenth of its width is not six seconds any more.
  expect((await timeAt(page, 0.8)) - before).toBeLessThan(1500);
  expect(await slider(page).getAttribute('aria-valuemin')).toBe('0');
  expect(await slider(page).getAttribute('aria-valuemax')).toBe('60000');

  const left = await timeAt(page, 0.1);
  await page.mouse.wheel(0, -200);
  await settled(page);
  expect(await timeAt(page, 0.1)).toBeLessThan(left);
});

test.skipIf(!CHROMIUM)(
  'keys and buttons zoom, the whole is one key away, and the playhead stays in sight',
  async () => {
    const page = await open('visit', 30);
    await page.keyboard.press('+');
    await page.keyboard.press('=');
    await page.getByRole('button', { name: 'Timeline nearer' }).click();
    await settled(page);
    expect(await isZoomed(page)).toBe(1);
    expect((await timeAt(page, 0.9)) - (await timeAt(page, 0.1))).toBeLessThan(7000);
    await page.keyboard.press('End');
    await settled(page);
    expect(await timeAt(page, 0.95)).toBeGreaterThan(55_000);
    await page.keyboard.press('Home');
    await settled(page);
    expect(await timeAt(page, 0.05)).toBeLessThan(5000);
    await page.keyboard.press('-');
    await page.keyboard.press('0');
    await settled(page);
    expect(await isZoomed(page)).toBe(0);
    expect(await timeAt(page, 0.5)).toBeCloseTo(30_000, -3);
  },
);

test.skipIf(!CHROMIUM)('while it plays the window turns its pages, unless the user looks elsewhere', async () => {
  const page = await open('visit', 2);
  for (let i = 0; i < 5; i++) await page.keyboard.press('=');
  await settled(page);
  await page.getByRole('radio', { name: '8×' }).check();
  await page.getByRole('button', { name: 'Play' }).click();
  const head = () =>
    page.locator('.lanes-head').evaluate((element) => getComputedStyle(element).visibility === 'visible');
  await expect.poll(() => positionOf(page)).toBeGreaterThan(12_000);
  // So slow that what follows is done long before the end.
  await page.getByRole('radio', { name: '2×' }).check();
  await expect.poll(head).toBe(true);
  const box = (await page.locator('.overview').boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.95, box.y + 5);
  await expect.poll(head).toBe(false);
  const part = () => page.locator('.overview-part').evaluate((element) => (element as HTMLElement).style.transform);
  const looked = await part();
  const was = await positionOf(page);
  await expect.poll(() => positionOf(page)).toBeGreaterThan(was + 2000);
  expect(await part()).toBe(looked);
});

test.skipIf(!CHROMIUM)(
  'clicks close to each other are one mark with their number, and come apart when one looks nearer',
  async () => {
    const page = await open('visit');
    const card = page.locator('.peek');
    const flag = await placeOf(page, 15 / 60, 47);
    await page.mouse.move(flag.x, flag.y);
    await expect.poll(() => card.innerText()).toContain('5 clicks in 0.3 s on BUTTON#pay');
    const spot = await placeOf(page, 15.16 / 60, 64);
    await page.mouse.move(spot.x, spot.y);
    await expect.poll(() => card.innerText()).toContain('5 clicks on BUTTON#pay');
    expect(await card.innerText()).toContain('0:15 /');
    await page.mouse.click(spot.x, spot.y);
    expect(await positionOf(page)).toBe(15_000);
    for (let i = 0; i < 5; i++) await page.keyboard.press('=');
    await settled(page);
    // The window of 1.9 s: the clicks lie some 40 px from each other.
    const at15 = await page.locator('.lanes-head').evaluate((element) => element.getBoundingClientRect().left + 1);
    await page.mouse.move(at15 + 1, spot.y);
    await expect.poll(() => card.innerText()).toMatch(/Click on BUTTON#pay/);
  },
);

test.skipIf(!CHROMIUM)('pointing at the timeline shows the time, the page and a small picture of it', async () => {
  const page = await open('visit');
  const colours = () =>
    page.locator('.peek-picture').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set<number>();
      for (let i = 0; i < data.length; i += 4) seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
      return [...seen];
    });
  const early = await placeOf(page, 0.1, -6);
  await page.mouse.move(early.x, early.y);
  await page.locator('.peek').getByText('0:06 /').waitFor();
  // The header of the shop's page, in its own blue.
  await expect.poll(colours).toContain(0x3355dd);
  const late = await placeOf(page, 0.6, -6);
  await page.mouse.move(late.x, late.y);
  await page.locator('.peek').getByText('0:36 /checkout').waitFor();
  await expect.poll(colours).not.toContain(0x3355dd);
  const idle = await placeOf(page, 0.85, -6);
  await page.mouse.move(idle.x, idle.y);
  await page.locator('.peek').getByText('No activity for 21 s').waitFor();
  expect(await positionOf(page)).toBe(0);
  await page.mouse.move(idle.x, idle.y - 400);
  expect(await page.locator('.peek').count()).toBe(0);
  // Looking ahead makes no scene of the stage anew.
  expect(await page.getByLabel('Current page').innerText()).toBe(SHOP);
});

test.skipIf(!CHROMIUM)('a press on a page’s name goes to where it was opened', async () => {
  const page = await open('visit', 3);
  const name = await placeOf(page, 0.5, 28);
  await page.mouse.click(name.x + 30, name.y);
  expect(await positionOf(page)).toBe(30_000);
  await expect.poll(() => page.getByLabel('Current page').innerText()).toBe(`${SHOP}checkout`);
});

test.skipIf(!CHROMIUM)('one finger scrubs, two zoom, and the page stays where it is', async () => {
  const page = await open('long', 0, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const touch = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints });
  const [from, to] = [await placeOf(page, 0.2, -12), await placeOf(page, 0.5, -12)];
  await send('touchStart', from);
  await send('touchMove', { x: from.x + 20, y: from.y });
  await send('touchMove', to);
  await page.locator('.peek').waitFor();
  const off = async () => Math.abs((await positionOf(page)) - 1_800_000);
  await expect.poll(off).toBeLessThan(20_000);
  await send('touchMove', { x: to.x, y: to.y - 120 });
  await send('touchEnd');
  await expect.poll(() => page.locator('.peek').count()).toBe(0);
  expect(await off()).toBeLessThan(20_000);
  expect(await page.evaluate(() => [scrollX, scrollY, visualViewport!.scale])).toEqual([0, 0, 1]);

  const [a, b] = [await placeOf(page, 0.45, -12), await placeOf(page, 0.55, -12)];
  await send('touchStart', a);
  await send('touchStart', a, b);
  for (let i = 1; i <= 6; i++) await send('touchMove', { x: a.x - i * 10, y: a.y }, { x: b.x + i * 10, y: b.y });
  await send('touchEnd');
  await expect.poll(() => isZoomed(page)).toBe(1);
  await settled(page);
  expect(await off()).toBeLessThan(20_000);
  const box = (await slider(page).boundingBox())!;
  expect(box.height).toBeGreaterThanOrEqual(44);
});

test.skipIf(!CHROMIUM)('each tab has its lane, the one in use is followed, and one can stay on a tab', async () => {
  const page = await open('two-tabs', 5);
  const tabs = page.getByRole('radiogroup', { name: 'Tab to watch' });
  const shownPage = () => page.getByLabel('Current page').innerText();
  expect(await tabs.getByRole('radio').count()).toBe(3);
  expect(await tabs.getByRole('radio', { name: 'Follow' }).isChecked()).toBe(true);
  expect(await shownPage()).toBe(`${SHOP}list`);
  const help = await placeOf(page, 10_200 / 32_000, 24 + 24 + 12);
  await page.mouse.click(help.x + 25, help.y);
  expect(await positionOf(page)).toBe(10_200);
  await expect.poll(shownPage).toBe(`${SHOP}help`);

  await tabs.getByRole('radio', { name: 'Tab 1' }).check();
  await expect.poll(shownPage).toBe(`${SHOP}list`);
  await page.getByText('another tab').first().waitFor();
  await tabs.getByRole('radio', { name: 'Tab 2' }).check();
  await expect.poll(shownPage).toBe(`${SHOP}help`);
  await page.keyboard.press('ArrowUp');
  expect(await tabs.getByRole('radio', { name: 'Tab 1' }).isChecked()).toBe(true);
  // Staying on the first tab, one goes to a page of the second.
  await page.mouse.click(help.x + 25, help.y);
  expect(await tabs.getByRole('radio', { name: 'Tab 2' }).isChecked()).toBe(true);
  await expect.poll(shownPage).toBe(`${SHOP}help`);
  await tabs.getByRole('radio', { name: 'Follow' }).check();
  await expect.poll(shownPage).toBe(`${SHOP}help`);
  await page.evaluate(() => {
    location.hash = '#session=visit&t=3';
  });
  await expect.poll(shownPage).toBe(SHOP);
  expect(await tabs.count()).toBe(0);
});

test.skipIf(!CHROMIUM)(
  '500 tabs get a few lanes, and an hour with 20,000 events is drawn and zoomed within a frame or two',
  async () => {
    const page = await open('many-tabs', 2, { viewport: { width: 1280, height: 1100 } });
    expect(await page.getByRole('radiogroup', { name: 'Tab to watch' }).getByRole('radio').count()).toBe(6);
    await page.getByText('+495').waitFor();
    // A lane has the number of its tab, not its own.
    await page.getByRole('radio', { name: 'Tab 500' }).check();
    await expect.poll(() => page.getByLabel('Current page').innerText()).toBe(`${SHOP}p499`);
    await page.evaluate(() => {
      location.hash = '#session=long&t=3';
    });
    await expect.poll(() => positionOf(page)).toBe(3000);
    const endZooming = await traceTasks(used.browser, page);
    const spot = await placeOf(page, 0.4, -6);
    await page.mouse.move(spot.x, spot.y);
    await page.keyboard.down('Control');
    for (let i = 0; i < 10; i++) await page.mouse.wheel(0, -30);
    await page.keyboard.up('Control');
    for (let i = 0; i < 10; i++) await page.mouse.wheel(60, 0);
    await settled(page);
    expect(Math.max(...(await endZooming()))).toBeLessThan(200);
  },
);

test.skipIf(!CHROMIUM)(
  'axe finds nothing on a timeline with tabs, zoomed, with its preview; a language from right to left turns no time around',
  { timeout: 120_000 },
  async () => {
    for (const [width, colorScheme] of [
      [320, 'dark'],
      [1280, 'light'],
    ] as const) {
      const page = await open('two-tabs', 5, {
        viewport: { width, height: 800 },
        colorScheme,
        reducedMotion: 'reduce',
      });
      await page.evaluate(() => {
        document.documentElement.dir = 'rtl';
      });
      await page.keyboard.press('=');
      // Nothing moves on its way where less motion is wanted.
      expect(await isZoomed(page)).toBe(1);
      const early = await timeAt(page, 0.2);
      expect(await timeAt(page, 0.8)).toBeGreaterThan(early);
      await page.locator('.peek').waitFor();
      expect(await violations(page)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
    }
  },
);
