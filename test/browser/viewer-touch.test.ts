// The viewer with a phone's screen alone: taps, drags and pinches, and nothing that is too small for a finger.
import type { CDPSession, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { at, body, click, layout, longVisit, move, shopBoxes, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf } from './viewer-harness.ts';

const shop = body(
  [
    view(0),
    layout(300, 1, shopBoxes(), { document_height: 2400 }),
    click(10_000, 450, 320),
    at(15_000, { event_type: 'scroll', scroll_percent: 50, scroll_x: 0, scroll_y: 900, document_height: 2400 }),
    ...[0, 1, 2, 3].map((i) => click(20_000 + i * 200, 880, 28, { element: 'BUTTON#pay', effect_ms: null })),
    move(60_000, 500, 500),
  ],
  { session_id: 'shop', visitor_id: 'vera' },
);

const used = useViewer(shop, body(longVisit(200, 60_000), { session_id: 'other', visitor_id: 'olaf' }));

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

type Point = [x: number, y: number];

/** Fingers go from where they begin to where they end; each has as many points as the others. All of it is sent at once, as a hand does not wait either. */
async function fingers(session: CDPSession, ...ways: Point[][]): Promise<void> {
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', step: number) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : ways.map((way, id) => ({ x: way[step]![0], y: way[step]![1], id })),
    });
  const steps = ways[0]!.slice(1).map((_, i) => i + 1);
  await Promise.all([send('touchStart', 0), ...steps.map((step) => send('touchMove', step)), send('touchEnd', 0)]);
}

const line = ([x, y]: Point, [toX, toY]: Point): Point[] =>
  Array.from({ length: 9 }, (_, i) => [x + ((toX - x) * i) / 8, y + ((toY - y) * i) / 8]);
const scaleOf = async (page: Page) => Number(/(\d+) %/.exec((await page.locator('.bar-size').innerText()) ?? '')?.[1]);

test.skipIf(!CHROMIUM)(
  'sessions are narrowed down, and one is watched, scrubbed, pinched and left, with fingers alone',
  async () => {
    const page = await used.open(PHONE);
    const session = await page.context().newCDPSession(page);
    await expect.poll(() => page.getByRole('option').count()).toBe(2);
    await page.getByRole('button', { name: 'Filter' }).tap();
    const filters = page.getByRole('dialog', { name: 'Filter sessions' });
    await filters
      .getByText(/^Rage click/)
      .first()
      .tap();
    await filters.getByRole('button', { name: 'Done' }).tap();
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
    await page.getByRole('option').filter({ hasText: 'vera' }).tap();
    const stage = page.getByRole('img', { name: 'Replay' });
    await stage.waitFor();
    await expect.poll(() => positionOf(page)).toBe(0);
    const { x, y, width, height } = (await stage.boundingBox())!;
    const [middleX, middleY] = [x + width / 2, y + height / 2];

    await page.touchscreen.tap(middleX, middleY);
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.touchscreen.tap(middleX, middleY);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();

    const timeline = (await page.getByRole('slider', { name: 'Timeline' }).boundingBox())!;
    const along = (share: number): Point => [timeline.x + timeline.width * share, timeline.y + timeline.height / 2];
    const duration = Number(await page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax'));
    await fingers(session, line(along(0.2), along(0.5)));
    await expect.poll(async () => Math.abs((await positionOf(page)) / duration - 0.5)).toBeLessThan(0.05);

    const fitting = await scaleOf(page);
    await fingers(
      session,
      line([middleX - 20, middleY], [middleX - 90, middleY]),
      line([middleX + 20, middleY], [middleX + 90, middleY]),
    );
    await expect.poll(() => scaleOf(page)).toBeGreaterThan(fitting * 3);
    // Of the page itself nothing was zoomed or scrolled.
    expect(await page.evaluate(() => [visualViewport!.scale, scrollX, scrollY])).toEqual([1, 0, 0]);
    await page.getByRole('button', { name: 'Fit', exact: true }).tap();
    await expect.poll(() => scaleOf(page)).toBe(fitting);

    // Sent at once: no answer makes two taps out of it.
    const middle: Point[] = [[middleX, middleY]];
    await Promise.all([fingers(session, middle), fingers(session, middle)]);
    await expect.poll(() => scaleOf(page)).toBeGreaterThan(fitting * 2);
    expect(await page.getByRole('button', { name: 'Play', exact: true }).count()).toBe(1);
    await page.getByRole('button', { name: 'Fit', exact: true }).tap();

    await fingers(session, line([middleX, middleY + 60], [middleX, middleY - 60]));
    await page.getByRole('button', { name: 'Follow again' }).tap();
    await page.getByRole('button', { name: 'Follow again' }).waitFor({ state: 'hidden' });

    await page.getByRole('slider', { name: 'Timeline' }).press('Home');
    await page.getByRole('button', { name: 'Next click' }).tap();
    await expect.poll(() => positionOf(page)).toBe(10_000);
    await page.getByRole('button', { name: 'Keys and settings' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).tap();
    await page.getByRole('button', { name: 'Next signal' }).tap();
    await expect.poll(() => positionOf(page)).toBe(20_000);
    await page.getByRole('button', { name: 'All sessions' }).tap();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-activedescendant')))
      .toMatch(/^option-/);
    await page.getByRole('option').first().waitFor();
  },
);

/** CSS px: what a finger hits, and what any pointer must (WCAG 2.5.8). */
const FINGER = 43.5;

test.skipIf(!CHROMIUM).each([320, 390])(
  'nothing is too small for a finger, or out of its reach: %d px',
  async (width) => {
    const page = await used.open({
      ...PHONE,
      viewport: { width, height: 740 },
      place: '#session=shop&t=10',
    });
    await expect.poll(() => positionOf(page)).toBe(10_000);
    const small = await page.evaluate((least) => {
      const found: string[] = [];
      for (const element of document.querySelectorAll<HTMLElement>('button, .speed, [role=slider]')) {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        if (right - left === 0 || element.closest('dialog:not([open]), [popover]:not(:popover-open)')) continue;
        const name = element.innerText || element.getAttribute('aria-label');
        if (bottom - top < least || right - left < least) found.push(`${name}: ${right - left} × ${bottom - top}`);
        if (left < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5) found.push(`${name} is out of reach`);
      }
      return found;
    }, FINGER);
    expect(small).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  },
);
