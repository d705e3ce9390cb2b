// The viewer for everybody: axe on every screen, the keyboard alone, themes, less motion.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { body, longVisit } from '../fixtures/recordings.ts';
import { violations } from './axe.ts';
import { CHROMIUM, launchChromium } from './harness.ts';
import { openViewer, positionOf, type Site, startSite } from './viewer-harness.ts';

let browser: Browser;
let site: Site;
let empty: Site;
beforeAll(async () => {
  [browser, site, empty] = await Promise.all([launchChromium(), startSite(), startSite()]);
  await site.add(
    ...[1, 2, 3].map((i) => body(longVisit(400, 90_000), { session_id: `visit-${i}`, country: i === 1 ? null : 'IN' })),
  );
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([site?.close(), empty?.close()]);
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** Shown to one who has the key, one after the other. */
const SCREENS: [string, string, () => Site, (page: Page) => Promise<unknown>][] = [
  ['the list', '', () => site, (page) => page.getByRole('option').first().waitFor()],
  ['the first steps', '', () => empty, (page) => page.getByText('No sessions yet').waitFor()],
  ['a session', '#session=visit-1&t=40', () => site, (page) => expect.poll(() => positionOf(page)).toBe(40_000)],
  ['a session’s end', '#session=visit-2&t=999', () => site, (page) => page.getByText('End of the session').waitFor()],
  ['a missing session', '#session=none', () => site, (page) => page.getByRole('alert').waitFor()],
];

/** What lies where does not depend on the colours, so that two of the four need only their contrast looked at. */
const LOOKS = [
  ['light', 390, 'all'],
  ['dark', 1600, 'all'],
  ['dark', 390, 'contrast'],
  ['light', 1600, 'contrast'],
] as const;

test.skipIf(!CHROMIUM).each(LOOKS)(
  'axe finds nothing on any screen: %s, %d px wide, rules: %s',
  { timeout: 180_000 },
  async (colorScheme, width, rules) => {
    const look = { colorScheme, viewport: { width, height: 900 } };
    const stranger = await openViewer(browser, site, { ...look, key: null });
    await stranger.page.getByLabel('API key').waitFor();
    expect(await violations(stranger.page, rules), 'the key prompt').toEqual([]);
    const { page } = await openViewer(browser, site, look);
    for (const [name, place, where, ready] of SCREENS) {
      // So that nothing of the screen before is taken for this one.
      await page.goto('about:blank');
      await page.goto(`${where().origin}/replay${place}`);
      await ready(page);
      expect(await violations(page, rules), name).toEqual([]);
    }
  },
);

test.skipIf(!CHROMIUM)('the theme is the system’s until the user chooses, and his choice is kept', async () => {
  const { page } = await openViewer(browser, site, { colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await ground()).not.toBe(light);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('button', { name: 'Dark theme' }).click();
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await ground()).toBe(dark);
});

test.skipIf(!CHROMIUM)('every control is reached with the Tab key, and shows that it is', async () => {
  const { page } = await openViewer(browser, site, { place: '#session=visit-1&t=10' });
  await expect.poll(() => positionOf(page)).toBe(10_000);
  const reached = new Set<string>();
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const styled = element.matches('input[type=radio]') ? (element.nextElementSibling ?? element) : element;
      const name =
        element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.innerText ?? element.innerText;
      return { isPage: element === document.body, name: name.trim(), outline: getComputedStyle(styled).outlineStyle };
    });
    if (focused.isPage || focused.name === '') continue;
    expect(focused.outline, focused.name).toBe('solid');
    reached.add(focused.name);
  }
  for (const name of [
    'Search sessions',
    'Visitor ID',
    'Sessions',
    'Play',
    '1×',
    'Skip idle',
    'Trail',
    'Copy link',
    'Timeline',
    'Show only this visitor',
  ]) {
    expect([...reached], name).toContain(name);
  }
});

test.skipIf(!CHROMIUM)('who wants less motion gets none but the recording’s own', async () => {
  const { page } = await openViewer(browser, site, { place: '#session=visit-1', reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Play' }).waitFor();
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return (
          animationName !== 'none' || transitionDuration.split(', ').some((duration) => Number.parseFloat(duration) > 0)
        );
      }).length,
  );
  expect(moving).toBe(0);
});
