// The timeline's marks by key, its preview sent away or reached with the mouse, what is not loaded yet, pinches in Safari, and a near camera that goes along with the cursor.
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { body, click, layout, longVisit, move, SHOP, shopBoxes, view } from '../fixtures/recordings.ts';
import { violations } from './axe.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, type ViewerContext } from './viewer-harness.ts';

const HOUR = 3_600_000;

/** A minute: four clicks at 10 s after which nothing happened, one at 20 s, a second page at 30 s; the cursor goes from corner to corner from 40 s on. */
const visit = body(
  [
    view(0),
    layout(50, 1, shopBoxes(), { document_height: 2400 }),
    ...[0, 1, 2, 3].map((i) => click(10_000 + i * 200, 880, 28, { effect_ms: null })),
    click(20_000, 700, 80, { element: 'A.plan-pro', effect_ms: 100 }),
    view(30_000, { page: `${SHOP}checkout`, event_id: 'tab.1.0' }),
    ...Array.from({ length: 60 }, (_, i) =>
      move(40_000 + i * 200, 20 + i * 16, 20 + i * 9.4, { page: `${SHOP}checkout`, event_id: `tab.2.${i}` }),
    ),
    move(60_000, 980, 580, { page: `${SHOP}checkout`, event_id: 'tab.3.0' }),
  ],
  { session_id: 'visit' },
);

const used = useViewer(visit, body(longVisit(40_000, 4 * HOUR), { session_id: 'long' }));

async function open(t: number, options: ViewerContext = {}): Promise<Page> {
  const page = await used.open({ place: `#session=visit&t=${t}`, ...options });
  await expect.poll(() => positionOf(page)).toBe(t * 1000);
  await page.locator('.player[aria-busy=false]').waitFor();
  return page;
}

const slider = (page: Page) => page.getByRole('slider', { name: 'Timeline' });
const card = (page: Page) => page.locator('.peek');
const middleOf = async (page: Page, selector: string) => {
  const box = (await page.locator(selector).boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};
const scaleOf = async (page: Page) => Number(/(\d+) %/.exec(await page.locator('.bar-size').innerText())?.[1]);

test.skipIf(!CHROMIUM)('a key goes from mark to mark, each with the preview that the mouse would get', async () => {
  const page = await open(0);
  await slider(page).focus();
  await page.keyboard.press('Control+ArrowRight');
  expect(await positionOf(page)).toBe(10_000);
  await expect
    .poll(() => card(page).innerText())
    .toMatch(/0:10 \/\s+4 clicks in 0.6 s on BUTTON#pay, nothing happened/);
  await page.getByRole('status').filter({ hasText: '0:10: 4 clicks in 0.6 s on BUTTON#pay' }).waitFor();
  expect(await card(page).locator('canvas').isVisible()).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Control+ArrowRight');
  await expect.poll(() => card(page).innerText()).toContain('Click on A.plan-pro');
  await page.keyboard.press('Control+ArrowRight');
  await expect.poll(() => card(page).innerText()).toContain('0:30 /checkout');
  expect(await positionOf(page)).toBe(30_000);
  await page.keyboard.press('Control+ArrowLeft');
  expect(await positionOf(page)).toBe(20_000);

  // Other jumps that begin on the timeline show it too; Escape sends it away, and so does walking on.
  await page.keyboard.press('Shift+C');
  await expect.poll(() => card(page).innerText()).toContain('4 clicks');
  await page.keyboard.press('Escape');
  expect(await card(page).count()).toBe(0);
  await page.keyboard.press('Control+ArrowRight');
  await card(page).waitFor();
  await page.keyboard.press('Tab');
  expect(await card(page).count()).toBe(0);
  await page.keyboard.press('c');
  expect(await card(page).count()).toBe(0);
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+ArrowRight');
  await page.getByText('No mark after this').waitFor();
});

test.skipIf(!CHROMIUM)('the preview under the mouse is sent away by Escape, and can be reached', async () => {
  const page = await open(0);
  const { y } = (await slider(page).boundingBox())!;
  const { x } = await middleOf(page, '.lanes');
  await page.mouse.move(x, y + 60);
  await card(page).waitFor();
  await page.keyboard.press('f');
  await page.getByRole('button', { name: 'Leave full screen' }).waitFor();
  const spot = await middleOf(page, '.lanes');
  await page.mouse.move(spot.x, spot.y);
  await card(page).waitFor();
  await page.keyboard.press('f');
  await page.getByRole('button', { name: 'Full screen', exact: true }).waitFor();

  await page.mouse.move(x, y + 60);
  await card(page).waitFor();
  await page.keyboard.press('Escape');
  expect(await card(page).count()).toBe(0);
  await page.mouse.move(x + 1, y + 60);
  expect(await card(page).count()).toBe(0);
  await page.mouse.move(x, y + 300);
  await page.mouse.move(x, y + 60);
  await card(page).waitFor();

  // It steps aside, so that it hides no control, and stays while the mouse is on its way to it and over it.
  await page.mouse.move(x, y - 20);
  const lifted = async () => (await card(page).boundingBox())!;
  const controls = (await page.locator('.controls').boundingBox())!;
  await expect.poll(async () => (await lifted()).y + (await lifted()).height).toBeLessThanOrEqual(controls.y);
  const text = await card(page).innerText();
  await page.mouse.move(x, (await lifted()).y + 20);
  expect(await card(page).innerText()).toBe(text);
  await page.mouse.move(x, (await lifted()).y - 20);
  expect(await card(page).count()).toBe(0);
});

test.skipIf(!CHROMIUM)('what is not loaded yet is shaded, and told where one goes or points', async () => {
  const page = await used.open();
  const held: Route[] = [];
  let isHeld = false;
  await page.route(/\/replay\/sessions\/long($|\?)/, (route) => {
    if (isHeld || !route.request().url().includes('?')) held.push(route);
    else return route.continue();
  });
  await page.evaluate(() => {
    location.hash = '#session=long&t=7200';
  });
  await expect.poll(() => positionOf(page)).toBe(7_200_000);
  await expect.poll(() => held.length).toBe(1);
  isHeld = true;
  await expect
    .poll(() => slider(page).evaluate((element) => element.nextElementSibling?.textContent))
    .toMatch(/^Loaded so far: .* to .*\. The rest is being loaded\.$/);
  const before = (await slider(page).boundingBox())!;
  const shade = (share: number) =>
    page.locator('.lanes-canvas').evaluate((element, share) => {
      const canvas = element as HTMLCanvasElement;
      const [x, y] = [Math.round(canvas.width * share), Math.round(canvas.height * 0.5)];
      return canvas.getContext('2d')!.getImageData(x, y, 1, 1).data[3];
    }, share);
  expect([await shade(0.21), await shade(0.505), await shade(0.93)]).toEqual([255, 0, 255]);
  await page.mouse.move(before.x + before.width * 0.2, before.y + before.height - 5);
  await card(page).getByText('Being loaded').waitFor();
  expect(await card(page).locator('canvas').isVisible()).toBe(false);
  // As many clicks as there are, not as are loaded.
  const clicks = page.getByRole('button', { name: /^Next click/ });
  expect(await clicks.innerText()).toMatch(/1,\d{3}/);
  await page.mouse.click(before.x + before.width * 0.2, before.y + before.height - 5);
  await page.getByText('This moment is being loaded').waitFor();
  await page.keyboard.press('Shift+C');
  await page.getByText('No click before this in what is loaded so far').waitFor();
  expect(await page.getByText('Imported:').count()).toBe(0);

  for (const route of held) await route.continue();
  isHeld = false;
  await expect.poll(() => slider(page).evaluate((element) => element.nextElementSibling?.textContent)).toBe('');
  await expect.poll(() => shade(0.205)).toBe(0);
  expect(await slider(page).boundingBox()).toEqual(before);
  expect(await page.getByText('This moment is being loaded').count()).toBe(0);
});

/** As Safari tells a pinch of a trackpad. */
const pinch = (page: Page, selector: string, scales: number[]) =>
  page.locator(selector).evaluate((element, scales) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const place = { clientX: left + width / 2, clientY: top + height / 2 };
    return ['gesturestart', ...scales.map(() => 'gesturechange'), 'gestureend'].map((type, i) => {
      const event = Object.assign(new MouseEvent(type, { bubbles: true, cancelable: true, ...place }), {
        scale: scales[i - 1] ?? 1,
      });
      element.dispatchEvent(event);
      return event.defaultPrevented;
    });
  }, scales);

test.skipIf(!CHROMIUM)('a pinch that Safari tells zooms timeline and stage, and never the page', async () => {
  const page = await open(30, { reducedMotion: 'reduce' });
  expect(await pinch(page, '.lanes', [1.5, 2.5, 4])).toEqual([true, true, true, true, true]);
  const part = (await page.locator('.overview-part').boundingBox())!;
  const whole = (await page.locator('.overview').boundingBox())!;
  expect(whole.width / part.width).toBeCloseTo(4, 0);
  await pinch(page, '.lanes', [0.5, 0.1]);
  await expect.poll(() => page.locator('.overview[data-zoomed]').count()).toBe(0);

  const fitting = await scaleOf(page);
  expect(await pinch(page, '.stage-canvas', [2, 3])).toEqual([true, true, true, true]);
  expect((await scaleOf(page)) / fitting).toBeCloseTo(3, 0);
  await pinch(page, '.stage-canvas', [0.2]);
  expect(await scaleOf(page)).toBe(fitting);
});

/** Where the cursor lies on the stage, as shares of its size, found by its colour; null: it is not to be seen. */
const cursorOn = (page: Page) =>
  page.locator('.stage-canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data, width, height } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let [x, y, pixels] = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) {
      if (Math.abs(data[i]! - 22) + Math.abs(data[i + 1]! - 26) + Math.abs(data[i + 2]! - 36) > 4) continue;
      x += (i / 4) % width;
      y += Math.floor(i / 4 / width);
      pixels++;
    }
    return pixels < 20 ? null : { x: x / pixels / width, y: y / pixels / height };
  });

test.skipIf(!CHROMIUM).each(['no-preference', 'reduce'] as const)(
  'a near camera goes along with the cursor until the user scrolls by himself: %s',
  async (reducedMotion) => {
    const page = await open(40, { reducedMotion });
    await page.keyboard.press('t');
    for (let i = 0; i < 5; i++) await page.keyboard.press('z');
    await page.getByRole('button', { name: 'Fit', exact: true }).waitFor();
    await page.keyboard.press('3');
    await page.keyboard.press('Space');
    await expect.poll(() => positionOf(page)).toBeGreaterThan(46_000);
    await page.keyboard.press('Space');
    const seen = async () => {
      const at = await cursorOn(page);
      return at !== null && at.x > 0 && at.x < 1 && at.y > 0 && at.y < 1;
    };
    await expect.poll(seen).toBe(true);
    // Elsewhere in time, too.
    await page.keyboard.press('Shift+P');
    await page.keyboard.press('End');
    await expect.poll(seen).toBe(true);

    await page.keyboard.press('Home');
    for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => positionOf(page)).toBe(40_000);
    await expect.poll(seen).toBe(true);
    // Nearer by key is nearer to the cursor.
    await page.keyboard.press('x');
    for (let i = 0; i < 8; i++) await page.keyboard.press('z');
    await expect.poll(seen).toBe(true);
    const { x, y } = await middleOf(page, '.stage');
    await page.mouse.move(x, y);
    await page.mouse.wheel(-600, -600);
    await page.getByRole('button', { name: 'Follow again' }).waitFor();
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => positionOf(page)).toBe(50_000);
    expect(await seen()).toBe(false);
    await page.getByRole('button', { name: 'Follow again' }).click();
    await page.keyboard.press('ArrowRight');
    await expect.poll(seen).toBe(true);
  },
);
