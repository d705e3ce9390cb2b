// The viewer for everybody: axe on every screen, the keyboard alone, themes, less motion.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { body, longVisit } from '../fixtures/recordings.ts';
import { violations } from './axe.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, type Site, startSite } from './viewer-harness.ts';

const used = useViewer(
  ...[1, 2, 3].map((i) => body(longVisit(400, 90_000), { session_id: `visit-${i}`, country: i === 1 ? null : 'IN' })),
);
let empty: Site;
beforeAll(async () => {
  empty = await startSite();
});
afterAll(() => empty?.close());

/** Shown to one who has the key, one after the other. */
const SCREENS: [string, string, () => Site, (page: Page) => Promise<unknown>][] = [
  ['the list', '', () => used.site, (page) => page.getByRole('option').first().waitFor()],
  ['the first steps', '', () => empty, (page) => page.getByText('No sessions yet').waitFor()],
  ['a session', '#session=visit-1&t=40', () => used.site, (page) => expect.poll(() => positionOf(page)).toBe(40_000)],
  [
    'a session’s end',
    '#session=visit-2&t=999',
    () => used.site,
    (page) => page.getByText('End of the session').waitFor(),
  ],
  ['a missing session', '#session=none', () => used.site, (page) => page.getByRole('alert').waitFor()],
];

const press = (name: string, key: string) => async (page: Page) => {
  await page.keyboard.press(key);
  await page.getByRole('button', { name }).first().waitFor();
};
const choose = (name: string) => async (page: Page) => {
  await page.getByRole('tab', { name }).click();
  await page.getByRole('tabpanel', { name }).waitFor();
};
/** What can be opened and switched in a session, one after the other, and how each is left. */
const STATES: [string, (page: Page) => Promise<unknown>, string?][] = [
  ['playing', press('Pause', 'Space'), 'Space'],
  ['the help sheet', (page) => page.keyboard.press('?'), 'Escape'],
  ['the share dialog', (page) => page.keyboard.press('h'), 'Escape'],
  ['the zoom', (page) => page.locator('.bar-size').click(), 'Escape'],
  ['nearer', press('Fit', 'z'), 'x'],
  ['scrolled by the user', press('Follow again', 's'), 's'],
  ['full screen', press('Leave full screen', 'f'), 'f'],
  ['a jump', (page) => page.keyboard.press('c')],
  ['the events', choose('Events')],
  ['the transcript', choose('Transcript')],
  ['all that is known', choose('About')],
];

const LOOKS = [
  ['light', 320],
  ['dark', 390],
  ['light', 1280],
  ['dark', 1920],
] as const;

test.skipIf(!CHROMIUM).each(LOOKS)(
  'axe finds nothing on any screen: first %s, %d px wide',
  { timeout: 240_000 },
  async (colorScheme, width) => {
    const isPhone = width < 760;
    const look = { colorScheme, viewport: { width, height: 900 }, hasTouch: isPhone, isMobile: isPhone };
    const stranger = await used.open({ ...look, key: null });
    await stranger.getByLabel('API key').waitFor();
    expect(await violations(stranger), 'the key prompt').toEqual([]);
    for (const [name, place, where, ready] of SCREENS) {
      const screen = await used.open({ ...look, place }, where());
      await ready(screen);
      expect(await violations(screen), name).toEqual([]);
      await screen.context().close();
    }
    const page = await used.open({ ...look, place: '#session=visit-3&t=20' });
    await expect.poll(() => positionOf(page)).toBe(20_000);
    for (const [name, enter, leave] of STATES) {
      await enter(page);
      expect(await violations(page), name).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(width);
      if (leave) await page.keyboard.press(leave);
      // A browser closes what lies above in its own time, and keys do nothing below it.
      await expect.poll(() => page.locator('dialog[open], :popover-open').count()).toBe(0);
    }
  },
);

test.skipIf(!CHROMIUM)('the theme is the system’s until the user chooses, and his choice is kept', async () => {
  const page = await used.open({ colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(ground).not.toBe(light);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(ground).toBe(light);
  await page.getByRole('button', { name: 'Dark theme' }).click();
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await ground()).toBe(dark);
});

test.skipIf(!CHROMIUM)('every control is reached with the Tab key, and shows that it is', async () => {
  const page = await used.open({ place: '#session=visit-1&t=10' });
  await expect.poll(() => positionOf(page)).toBe(10_000);
  const reached = new Set<string>();
  for (let i = 0; i < 60; i++) {
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
    'Share',
    'Timeline',
    'Show only this visitor',
  ]) {
    expect([...reached], name).toContain(name);
  }
});

test.skipIf(!CHROMIUM)('who wants less motion gets none but the recording’s own', async () => {
  const page = await used.open({ place: '#session=visit-1', reducedMotion: 'reduce' });
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

test.skipIf(!CHROMIUM).each([320, 1280])(
  'from right to left nothing leaves the page, and time runs as before: %d px',
  async (width) => {
    const page = await used.open({
      place: '#session=visit-1&t=10',
      viewport: { width, height: 900 },
      before: () => addEventListener('DOMContentLoaded', () => document.documentElement.setAttribute('dir', 'rtl')),
    });
    await expect.poll(() => positionOf(page)).toBe(10_000);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('.player button, .player [role=slider], .player [role=tab]')]
        .filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          return width > 2 && (left < -1 || right > innerWidth + 1);
        })
        .map((element) => element.textContent),
    );
    expect(outside).toEqual([]);
    const [back, on] = await Promise.all(
      ['5 seconds back', '5 seconds on'].map((name) => page.getByRole('button', { name }).boundingBox()),
    );
    expect(back!.x).toBeLessThan(on!.x);
  },
);

test.skipIf(!CHROMIUM).each([320, 390, 1280, 1920])('nothing jumps while a session loads: %d px', async (width) => {
  const page = await used.open({
    place: '#session=visit-1&t=10',
    viewport: { width, height: 900 },
    before: () => {
      const counter = { shifted: 0 };
      Object.assign(window, { counter });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) counter.shifted += (entry as PerformanceEntry & { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
    },
  });
  await expect.poll(() => positionOf(page)).toBe(10_000);
  await page.locator('.option').first().waitFor({ state: 'attached' });
  const shifted = await page.evaluate(async () => {
    for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame);
    return (window as unknown as { counter: { shifted: number } }).counter.shifted;
  });
  // A tenth of what https://web.dev/articles/cls calls good.
  expect(shifted).toBeLessThan(0.01);
});
