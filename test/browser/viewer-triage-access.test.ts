// Triage for everybody: axe with every menu and panel open and closed, at the narrowest and at a usual width, light and dark.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { body, longVisit } from '../fixtures/recordings.ts';
import { violations } from './axe.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';

const used = useViewer(
  ...['IN', 'DE', null].map((country, i) =>
    body(longVisit(200, 60_000), { session_id: `visit-${i}`, country, device: 'mobile' }),
  ),
);

const press = (name: string) => (page: Page) => page.getByRole('button', { name }).click();
/** One after the other, each closed again with Escape. */
const OPENED: [string, (page: Page) => Promise<unknown>][] = [
  ['nothing', async () => undefined],
  ['the filters', (page) => page.getByRole('button', { name: /^Filter \d$/ }).click()],
  ['the saved lists', press('List:')],
  ['the orders', press('Order:')],
  ['the times', press('Any time')],
  [
    'the reasons',
    async (page) => {
      await page.getByRole('listbox').focus();
      await page.keyboard.press('y');
      await page.getByRole('dialog', { name: 'Why it is worth watching' }).waitFor();
    },
  ],
];

test.skipIf(!CHROMIUM).each([
  [320, 'light'],
  [1280, 'dark'],
] as const)(
  'axe finds nothing with any menu open, and nothing is wider than the page: %d px, first %s',
  { timeout: 120_000 },
  async (width, colorScheme) => {
    const place = '#country=IN&country=DE&min_duration=1000&sort=worth';
    const page = await used.open({ colorScheme, viewport: { width, height: 800 }, place });
    await page.getByRole('option').first().waitFor();
    for (const [name, open] of OPENED) {
      await open(page);
      expect(await violations(page), name).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(width);
      await page.keyboard.press('Escape');
      // A browser closes it in its own time.
      await expect.poll(() => page.locator('dialog[open], :popover-open').count()).toBe(0);
    }
    await page.close();
  },
);
