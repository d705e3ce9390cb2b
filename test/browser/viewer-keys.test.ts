// The player's keys, its help sheet, and how the user looks at the stage: zoom, free scrolling, full screen, and the session that comes next.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { at, body, click, layout, move, SHOP, START, shopBoxes, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, redSpot, type ViewerContext } from './viewer-harness.ts';

/** Clicks at 10 s and 20 s, where nothing happened after four of the first; a second page at 30 s; a minute long. */
const shop = body(
  [
    view(0),
    layout(300, 1, shopBoxes(), { document_height: 2400 }),
    ...[0, 1, 2, 3].map((i) => click(10_000 + i * 200, 880, 28, { element: 'BUTTON#pay', effect_ms: null })),
    at(15_000, { event_type: 'scroll', scroll_percent: 50, scroll_x: 0, scroll_y: 900, document_height: 2400 }),
    click(20_000, 400, 80, { element: 'A.plan-pro', effect_ms: 100 }),
    view(30_000, { event_id: 'next.0.0', page: `${SHOP}cart` }),
    move(55_000, 5, 5, { event_id: 'next.0.1', page: `${SHOP}cart` }),
    move(60_000, 500, 500, { event_id: 'next.0.2', page: `${SHOP}cart` }),
  ],
  { session_id: 'shop' },
);
const halves = [1, 2].map((i) =>
  body([view(0), move(1000, i, i), move(29_000, 50, 50)], { session_id: `half-${i}`, started_at: START - 1000 }),
);

const used = useViewer(shop, ...halves);

async function open(place: string, options: ViewerContext = {}): Promise<Page> {
  const page = await used.open({ place, ...options });
  return page;
}

async function openShop(t: number, options: ViewerContext = {}): Promise<Page> {
  const page = await open(`#session=shop&t=${t}`, options);
  await expect.poll(() => page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax')).toBe('60000');
  await expect.poll(() => positionOf(page)).toBe(t * 1000);
  return page;
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Keys and settings' });
const scaleOf = async (page: Page) => Number(/(\d+) %/.exec((await page.locator('.bar-size').innerText()) ?? '')?.[1]);

test.skipIf(!CHROMIUM)('keys go to the next and previous event, click and page, and say where they went', async () => {
  const page = await openShop(0);
  for (const [key, expected] of [
    ['c', 10_000],
    ['c', 20_000],
    ['c', 20_000],
    ['Shift+C', 10_000],
    ['p', 30_000],
    ['Shift+P', 0],
    ['.', 10_000],
    ['.', 20_000],
    [',', 10_000],
    ['End', 60_000],
    ['Home', 0],
    ['Shift+ArrowRight', 1000],
    ['Shift+ArrowLeft', 0],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(() => positionOf(page), { message: key }).toBe(expected);
  }
  await page.keyboard.press('c');
  await page.getByText('Clicks 1–4 of 5: BUTTON#pay').waitFor();
  await page.getByRole('button', { name: 'Next click' }).click();
  await page.getByText('Click 5 of 5: A.plan-pro').waitFor();
  await page.keyboard.press('c');
  await page.getByText('No click after this').waitFor();
});

test.skipIf(!CHROMIUM)('signals are gone through like clicks, and say why they were found', async () => {
  const page = await openShop(0);
  const signals = page.getByRole('group', { name: 'Signals' });
  await expect.poll(async () => Number(/\d+/.exec(await signals.innerText())?.[0])).toBeGreaterThan(0);
  await page.keyboard.press('n');
  await page.getByText(/^Signals? 1.* of \d+: .*4 clicks in 0\.6 s on BUTTON#pay/).waitFor();
  expect(await positionOf(page)).toBe(10_000);
});

test.skipIf(!CHROMIUM)('the help sheet tells every key, closes by Escape, and gives the focus back', async () => {
  const page = await openShop(5);
  const button = page.getByRole('button', { name: 'Keys and settings' });
  await button.focus();
  await page.keyboard.press('?');
  await dialog(page).waitFor();
  for (const words of ['Start or stop', 'Click before or after', 'Full screen', 'Search sessions'])
    expect(await dialog(page).getByText(words).count(), words).toBe(1);
  // The keys do nothing below an open sheet.
  await page.keyboard.press('ArrowRight');
  expect(await positionOf(page)).toBe(5000);
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'hidden' });
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  await button.click();
  await dialog(page).waitFor();
});

test.skipIf(!CHROMIUM)(
  'who switches single keys off keeps Space and arrows, and the choice is remembered',
  async () => {
    const page = await openShop(5);
    await page.keyboard.press('?');
    await dialog(page).getByRole('checkbox', { name: 'Single-key shortcuts' }).uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    await expect.poll(() => positionOf(page)).toBe(5000);
    expect(await page.getByRole('button', { name: 'Trail' }).getAttribute('aria-keyshortcuts')).toBeNull();
    for (const key of ['c', '2', 't', '?', '/', 'f']) await page.keyboard.press(key);
    expect(await positionOf(page)).toBe(5000);
    expect(await page.getByRole('radio', { name: '1×' }).isChecked()).toBe(true);
    expect(await page.getByRole('button', { name: 'Trail' }).getAttribute('aria-pressed')).toBe('true');
    expect(await dialog(page).count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => positionOf(page)).toBe(10_000);
  },
);

test.skipIf(!CHROMIUM)(
  'the page is zoomed by key and wheel about its point, moved by drag and arrows, and fitted again',
  async () => {
    const page = await openShop(20.1);
    const fitting = await scaleOf(page);
    const pulse = async () => {
      const spot = await redSpot(page);
      const canvas = (await page.getByRole('img', { name: 'Replay' }).boundingBox())!;
      return spot && { x: canvas.x + spot.x, y: canvas.y + spot.y };
    };
    const before = (await pulse())!;
    await page.mouse.move(before.x, before.y);
    await page.keyboard.down('Control');
    for (let i = 0; i < 3; i++) await page.mouse.wheel(0, -60);
    await page.keyboard.up('Control');
    await expect.poll(() => scaleOf(page)).toBeGreaterThan(fitting * 2);
    // What lay under the mouse lies there still.
    await expect.poll(async () => Math.abs(((await pulse())?.x ?? 0) - before.x)).toBeLessThan(12);

    await page.keyboard.press('a');
    await expect.poll(() => scaleOf(page)).toBe(100);
    await page.keyboard.press('z');
    await expect.poll(() => scaleOf(page)).toBe(125);
    await page.keyboard.press('z');
    const there = (await pulse())!;
    await page.mouse.move(600, 400);
    await page.mouse.down();
    await page.mouse.move(560, 430, { steps: 4 });
    await page.mouse.up();
    const dragged = (await pulse())!;
    expect(dragged.x - there.x).toBeCloseTo(-40, -1);
    expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(1);
    await page.getByRole('region', { name: 'Page: arrow keys move it' }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => (await pulse())!.x - dragged.x).toBeCloseTo(60, -1);
    await page.getByRole('button', { name: 'Fit', exact: true }).click();
    await expect.poll(() => scaleOf(page)).toBe(fitting);
  },
);

test.skipIf(!CHROMIUM)('the wheel scrolls the page by itself, and the user follows the visitor again', async () => {
  const page = await openShop(10.1);
  await page.getByRole('img', { name: 'Replay' }).hover();
  await page.mouse.wheel(0, 300);
  const again = page.getByRole('button', { name: 'Follow again' });
  await again.waitFor();
  // The pulse is beyond the stage now.
  await expect.poll(() => redSpot(page)).toBeNull();
  await again.click();
  await expect.poll(() => redSpot(page)).not.toBeNull();
  await page.keyboard.press('s');
  await again.waitFor();
  await page.keyboard.press('s');
  await again.waitFor({ state: 'hidden' });
});

test.skipIf(!CHROMIUM)(
  'in full screen the controls go while it plays and nobody moves, and come back by a key',
  async () => {
    const page = await openShop(0, { viewport: { width: 1920, height: 1080 } });
    await page.keyboard.press('f');
    const leave = page.getByRole('button', { name: 'Leave full screen' });
    await leave.waitFor();
    expect(await page.getByRole('listbox', { name: 'Sessions' }).isVisible()).toBe(false);
    const stage = (await page.getByRole('img', { name: 'Replay' }).boundingBox())!;
    expect(Math.max(stage.width / 1920, stage.height / 1080)).toBeGreaterThan(0.9);
    await page.keyboard.press('Space');
    await leave.waitFor({ state: 'hidden' });
    await page.keyboard.press('Space');
    await leave.waitFor();
    await leave.click();
    await page.getByRole('listbox', { name: 'Sessions' }).waitFor();
  },
);

test.skipIf(!CHROMIUM)(
  'the next session begins by itself only where the user asked for it, and he can say no',
  async () => {
    const page = await open('#session=half-1&t=29.9');
    await expect.poll(() => positionOf(page)).toBe(29_900);
    await page.keyboard.press('Space');
    await page.getByText('End of the session').waitFor();
    expect(await page.getByText('The next one begins').count()).toBe(0);
    const always = page.getByRole('checkbox', { name: 'Always play the next one' });
    const isLast = (await always.count()) === 0;
    if (isLast) {
      await page.goto(`${used.site.origin}/replay#session=half-2&t=29.9`);
      await expect.poll(() => page.url()).toContain('half-2');
      await expect.poll(() => positionOf(page)).toBe(29_900);
      await page.keyboard.press('Space');
    }
    await always.check();
    await page.getByText('The next one begins').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByText('The next one begins').count()).toBe(0);
    await page.getByRole('button', { name: 'Play the next one' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    // Who goes to the end by himself is not taken on.
    await page.keyboard.press('Space');
    await page.keyboard.press('End');
    await page.getByText('End of the session').waitFor();
    expect(await page.getByText('The next one begins').count()).toBe(0);
  },
);
