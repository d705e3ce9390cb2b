import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { body, longVisit } from '../fixtures/recordings.ts';
import { CHROMIUM, launchChromium, openViewer, positionOf, type Site, startSite } from './viewer-harness.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: typeof import('axe-core') }).axe;
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
  });
}

const SCREENS: [string, string, () => Site, ((page: Page) => Promise<unknown>)?][] = [
  ['the key prompt', '', () => site],
  ['the list', '', () => site, (page) => page.getByRole('option').first().waitFor()],
  ['the first steps', '', () => empty, (page) => page.getByText('No sessions yet').waitFor()],
  ['a session', '#session=visit-1&t=40', () => site, (page) => expect.poll(() => positionOf(page)).toBe(40_000)],
  ['a session’s end', '#session=visit-2&t=999', () => site, (page) => page.getByText('End of the session').waitFor()],
  ['a missing session', '#session=none', () => site, (page) => page.getByRole('alert').waitFor()],
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1600]) {
    test.skipIf(!CHROMIUM)(`axe finds nothing on any screen, ${colorScheme}, ${width} px wide`, async () => {
      for (const [name, place, where, ready] of SCREENS) {
        const { page } = await openViewer(browser, where(), {
          place,
          colorScheme,
          viewport: { width, height: 900 },
          ...(ready ? {} : { key: null }),
        });
        await (ready?.(page) ?? page.getByLabel('API key').waitFor());
        expect(await violations(page), name).toEqual([]);
        await page.context().close();
      }
    });
  }
}

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
