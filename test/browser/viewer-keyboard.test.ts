// The viewer with the keyboard alone: from the key prompt to the next session, without a mouse, and without ever losing the place.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { KEY } from '../fixtures/app-under-test.ts';
import { body, click, layout, longVisit, move, shopBoxes, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf } from './viewer-harness.ts';

const enraged = (id: string) =>
  body(
    [
      view(0),
      layout(300, 1, shopBoxes(), { document_height: 2400 }),
      ...[0, 1, 2, 3].map((i) => click(10_000 + i * 200, 880, 28, { element: 'BUTTON#pay', effect_ms: null })),
      move(14_000, 300, 300),
    ],
    { session_id: id, visitor_id: `visitor-${id}` },
  );

const used = useViewer(
  enraged('first'),
  enraged('second'),
  ...[1, 2, 3].map((i) => body(longVisit(200, 60_000), { session_id: `calm-${i}`, visitor_id: `calm-${i}` })),
);

/** What has the focus, by its name; empty where nothing has. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    if (element === document.body) return '';
    const label = element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.innerText;
    return (label ?? element.innerText).trim() || element.tagName;
  });
}

/** With the Tab key, as far as it takes. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const matches = (text: string) => (typeof name === 'string' ? text === name : name.test(text));
  const passed: string[] = [];
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (matches(now)) return;
    passed.push(now);
  }
  throw new Error(`${name} is not reached: ${passed.join(' | ')}`);
}

test.skipIf(!CHROMIUM)('sessions are narrowed down, watched and gone through without a mouse', async () => {
  const page = await used.open({ key: null });
  await page.getByLabel('API key').waitFor();
  await page.keyboard.type(KEY);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('option').count()).toBe(5);
  await expect.poll(() => focused(page)).toBe('Session browser');

  await page.keyboard.press('/');
  await expect.poll(() => focused(page)).toBe('Search sessions');
  await page.keyboard.type('calm-2');
  await expect.poll(() => page.getByRole('option').count()).toBe(1);
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Backspace');
  await expect.poll(() => page.getByRole('option').count()).toBe(5);

  await tabTo(page, 'Filter');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Filter sessions' }).waitFor();
  await tabTo(page, /^Rage click/);
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Filter sessions' }).waitFor({ state: 'hidden' });
  await expect.poll(() => focused(page)).toMatch(/^Filter/);
  expect(page.url()).toContain('signal=rage_click');
  await expect.poll(() => page.getByRole('option').count()).toBe(2);
  await page.getByRole('option').filter({ hasText: '4 clicks in 0.6 s' }).first().waitFor();

  await page.keyboard.press('Enter');
  await tabTo(page, /^Abandoned forms/);
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Filter sessions' }).waitFor({ state: 'hidden' });
  await tabTo(page, /^Abandoned forms/);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Abandoned forms/ }).waitFor({ state: 'hidden' });
  await expect.poll(() => focused(page)).toMatch(/^Mobile/);

  await tabTo(page, 'Sessions');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: 'Replay' }).waitFor();
  await expect.poll(() => positionOf(page)).toBe(0);
  const opened = page.url();

  await page.keyboard.press('n');
  await expect.poll(() => positionOf(page)).toBe(10_000);
  await page.keyboard.press('2');
  await page.getByRole('status').filter({ hasText: 'Speed 2×' }).waitFor();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();

  await tabTo(page, 'Skip idle');
  await page.keyboard.press('Space');
  expect(await page.getByRole('button', { name: 'Skip idle' }).getAttribute('aria-pressed')).toBe('true');
  await page.keyboard.press('z');
  await tabTo(page, 'Fit');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Fit', exact: true }).waitFor({ state: 'hidden' });
  await expect.poll(() => focused(page)).toBe('Play');
  await tabTo(page, /^Events$|^Transcript$|^About$/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tabpanel', { name: 'About' }).waitFor();

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys and settings' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keys and settings' }).waitFor({ state: 'hidden' });
  await expect.poll(() => focused(page)).toBe('About');

  // Backwards: the controls come before the panel.
  for (let i = 0; i < 60 && (await focused(page)) !== 'Play'; i++) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('End');
  await page.getByText('End of the session').waitFor();
  await page.keyboard.press('u');
  await expect.poll(() => page.url()).not.toBe(opened);
  await expect.poll(() => positionOf(page)).toBe(0);
  // The next one keeps the place in the controls.
  await expect.poll(() => focused(page)).toBe('Play');
});

test.skipIf(!CHROMIUM)('a menu begins at what is chosen, and gives the focus back to its button', async () => {
  const page = await used.open({ place: '#session=first' });
  await page.getByRole('img', { name: 'Replay' }).waitFor();
  for (const [button, dialog, begins] of [
    [/^List/, 'Saved lists', /^Worth watching/],
    [/^Order/, 'Order', /^Worth watching/],
    [/^Any time/, 'When', /^Any time/],
    [/^Zoom/, 'Zoom', ''],
  ] as const) {
    await tabTo(page, button);
    await page.keyboard.press('Enter');
    const menu = page.getByRole('dialog', { name: dialog });
    await menu.waitFor();
    if (dialog === 'Saved lists') await menu.getByRole('button', { name: 'Worth watching' }).press('Enter');
    else await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    await expect.poll(() => focused(page)).toMatch(button);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toMatch(begins);
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toMatch(button);
  }
});
