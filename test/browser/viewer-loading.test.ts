// A long session while it is being read: its first frame, a place further on, and the rest, each as it comes.
import type { Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { body, layout, longVisit, SHOP, START, shopBoxes } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf } from './viewer-harness.ts';

const HOUR = 3_600_000;

const events = longVisit(40_000, 4 * HOUR).flatMap((event, i) => {
  const more = { page: event.page, event_id: `page${i / 5000}.999.0` };
  if (i % 5000 !== 1) return [event];
  more.event_id = `page${Math.floor(i / 5000)}.999.0`;
  return [event, layout(event.timestamp - START + 1, 1, shopBoxes(), more)];
});
const used = useViewer(body(events, { session_id: 'long' }));

test.skipIf(!CHROMIUM)(
  'a link to a moment shows it before the rest has come, and one can go anywhere meanwhile',
  async () => {
    const page = await used.open();
    const held: Route[] = [];
    const asked: string[] = [];
    await page.route(/\/replay\/sessions\/long($|\?)/, (route) => {
      const { search } = new URL(route.request().url());
      asked.push(search);
      if (search === '') held.push(route);
      else return route.continue();
    });
    const shown = page.getByLabel('Current page');
    const coming = page.getByText('This moment is being loaded');

    await page.evaluate(() => {
      location.hash = '#session=long&t=7500';
    });
    await expect.poll(() => shown.innerText()).toBe(`${SHOP}part-4`);
    expect(await positionOf(page)).toBe(7_500_000);
    const slider = page.getByRole('slider', { name: 'Timeline' });
    expect(Number(await slider.getAttribute('aria-valuemax'))).toBeGreaterThan(4 * HOUR - 1000);
    await expect.poll(() => asked).toEqual(['?at=7500000', '']);
    expect(await coming.count()).toBe(0);

    // Further on: asked for by itself.
    await page.evaluate(() => {
      location.hash = '#session=long&t=13000';
    });
    await expect.poll(() => asked).toEqual(['?at=7500000', '', '?at=13000000']);
    await expect.poll(() => shown.innerText()).toBe(`${SHOP}part-7`);
    await expect.poll(() => coming.count()).toBe(0);

    // The rest: the place stays.
    await held[0]!.continue();
    await expect.poll(() => page.getByRole('button', { name: /^Next click/ }).innerText()).toMatch(/1,\d{3}/);
    expect(await positionOf(page)).toBe(13_000_000);
    expect(await shown.innerText()).toBe(`${SHOP}part-7`);
    expect(asked).toHaveLength(3);
  },
);

test.skipIf(!CHROMIUM)('playing waits where what was read ends, and goes on once there is more', async () => {
  const page = await used.open();
  const held: Route[] = [];
  let opened = false;
  await page.route(/\/replay\/sessions\/long($|\?)/, (route) => {
    if (opened) held.push(route);
    else {
      opened = true;
      return route.continue();
    }
  });
  await page.evaluate(() => {
    location.hash = '#session=long&t=0';
  });
  await expect.poll(() => held.length).toBe(1);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('slider', { name: 'Timeline' }).press('End');
  await page.getByText('This moment is being loaded').waitFor();
  const end = await positionOf(page);
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.evaluate(() => {
    location.hash = '#session=long&t=9000';
  });
  await expect.poll(() => positionOf(page)).toBeLessThan(end - HOUR);
  await page.getByText('This moment is being loaded').waitFor();
  const waiting = await positionOf(page);
  for (const route of held) await route.continue();
  await expect.poll(() => positionOf(page)).toBeGreaterThan(waiting + 500);
  expect(await page.getByText('This moment is being loaded').count()).toBe(0);
});
