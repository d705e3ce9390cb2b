// The panel beside the stage in Chromium: events, transcript and what is known, in step with playback, by mouse, key and screen reader.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { at, body, click, longVisit, move, SHOP, START, view } from '../fixtures/recordings.ts';
import { violations } from './axe.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, type ViewerContext } from './viewer-harness.ts';

const CHECKOUT = { event_id: 'next.0.0', page: `${SHOP}checkout` };
const pay = (ms: number) => click(ms, 450, 310, { effect_ms: null });

const visit = body(
  [
    view(0),
    move(500, 100, 100),
    at(9000, { event_type: 'scroll', scroll_percent: 50, scroll_y: 900, document_height: 2400 }),
    click(20_000, 700, 80, { element: 'A.plan-pro', effect_ms: 120 }),
    view(20_200, CHECKOUT),
    ...[30_000, 30_300, 30_600, 30_900].map((ms) => ({ ...pay(ms), page: CHECKOUT.page, event_id: `next.0.${ms}` })),
    at(40_000, { event_type: 'error', name: 'TypeError', ...CHECKOUT, event_id: 'next.0.2' }),
    move(60_000, 900, 500, { ...CHECKOUT, event_id: 'next.0.3' }),
  ],
  {
    session_id: 'visit',
    visitor_id: 'vera',
    country: 'IN',
    context: { referrer: 'https://google.com/', language: 'en', timezone: 'Asia/Kolkata' },
  },
  [{ from: START + 45_000, to: START + 57_000, reason: 'lost' }],
);

const used = useViewer(visit, body(longVisit(9000, 3_600_000), { session_id: 'long', visitor_id: 'olaf' }));

async function open(t: number, options: ViewerContext = {}, session = 'visit'): Promise<Page> {
  const page = await used.open({
    place: `#session=${session}&t=${t}`,
    viewport: { width: 1600, height: 900 },
    ...options,
  });
  await expect.poll(() => positionOf(page)).toBe(t * 1000);
  return page;
}

const panel = (page: Page) => page.getByRole('complementary', { name: 'What happened' });
const tab = (page: Page, name: string) => page.getByRole('tab', { name });
const current = (page: Page) => panel(page).locator('[aria-current="step"]');
const lines = (page: Page) => page.getByRole('list', { name: 'Transcript' }).getByRole('listitem');
const go = (page: Page, seconds: number) =>
  page.evaluate((t) => {
    location.hash = `#session=visit&t=${t}`;
  }, seconds);

test.skipIf(!CHROMIUM)('events tell what came of them, mark the one that is reached, and are jumped to', async () => {
  const page = await open(31);
  await expect.poll(() => current(page).innerText()).toMatch(/0:30\s+\u2068BUTTON#pay\u2069 × 4\s+.*nothing happened/i);
  const link = panel(page).getByRole('button', { name: /A\.plan-pro/ });
  expect(await link.innerText()).toMatch(/moved on after 0\.2 s/);
  expect(
    await panel(page)
      .getByRole('button', { name: /12 s missing/ })
      .innerText(),
  ).toContain('never arrived');
  await link.click();
  expect(await positionOf(page)).toBe(20_000);
  await expect.poll(() => current(page).innerText()).toContain('A.plan-pro');
});

test.skipIf(!CHROMIUM)('events are shown by kind, and the page they are on stays at their head', async () => {
  const page = await open(0);
  await panel(page)
    .getByRole('button', { name: /^Errors 1$/ })
    .click();
  await expect
    .poll(() => panel(page).locator('.event').allInnerTexts())
    .toEqual([expect.stringContaining('TypeError')]);
  expect(await panel(page).locator('.events-chapter').getAttribute('title')).toBe(CHECKOUT.page);
  await panel(page)
    .getByRole('button', { name: /^Pages 2$/ })
    .click();
  expect(await panel(page).locator('.event').count()).toBe(3);
});

test.skipIf(!CHROMIUM)('a list of thousands has few rows, and the arrow keys walk through it', async () => {
  const page = await open(1800, {}, 'long');
  await expect.poll(() => current(page).count()).toBe(1);
  expect(await panel(page).locator('.event').count()).toBeLessThan(60);
  expect(await panel(page).locator('.event[tabindex="0"]').count()).toBe(1);
  await panel(page).locator('.event[tabindex="0"]').focus();
  const focused = () => page.evaluate(() => Number((document.activeElement as HTMLElement).dataset.row));
  const from = await focused();
  for (let i = 1; i <= 30; i++) {
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe(from + i);
  }
  await page.keyboard.press('Home');
  await expect.poll(focused).toBe(0);
  await page.keyboard.press('Enter');
  await expect.poll(() => positionOf(page)).toBeLessThan(2000);
});

test.skipIf(!CHROMIUM)('a row that a key goes to has the focus before the next frame, however far it is', async () => {
  const page = await open(1800, {}, 'long');
  await expect.poll(() => current(page).count()).toBe(1);
  await panel(page).locator('.event[tabindex="0"]').focus();
  const focused = ['End', 'Home', 'PageDown', 'PageUp'].map((key) =>
    page.evaluate(async (pressed) => {
      const row = document.activeElement!;
      row.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true, cancelable: true }));
      await null;
      return (document.activeElement as HTMLElement).dataset.row;
    }, key),
  );
  expect(await Promise.all(focused)).toEqual([
    expect.stringMatching(/^\d{3,}$/),
    '0',
    expect.stringMatching(/^\d+$/),
    '0',
  ]);
});

test.skipIf(!CHROMIUM)(
  'a list that is entered in the frame in which it would follow stays with the focus',
  async () => {
    const page = await open(0, {}, 'long');
    await expect.poll(() => current(page).count()).toBe(1);
    await page.evaluate(() => {
      const row = document.querySelector<HTMLElement>('.events-list [data-row="0"]')!;
      const real = window.requestAnimationFrame;
      window.requestAnimationFrame = (callback) => {
        // Of all that waits for a frame, what scrolls the list.
        if (String(callback).includes('scrollTop')) real(() => row.focus({ preventScroll: true }));
        return real(callback);
      };
      location.hash = '#session=long&t=3000';
    });
    await expect.poll(() => positionOf(page)).toBe(3_000_000);
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.row);
    await expect.poll(focused).toBe('0');
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    expect(await focused()).toBe('0');
  },
);

test.skipIf(!CHROMIUM)(
  'the transcript is a list in step with playback, and each line is a way to its moment',
  async () => {
    const page = await open(0);
    await tab(page, 'Transcript').click();
    await expect
      .poll(() => lines(page).allInnerTexts())
      .toEqual([
        expect.stringMatching(/^0:00\s+arrived on \/ from google\.com, window 1000 × 600$/),
        expect.stringMatching(/^0:00\s+scrolled to 50 % in 20 s/),
        expect.stringMatching(/^0:20\s+clicked link A\.plan-pro$/),
        expect.stringMatching(/^0:20\s+went to \/checkout$/),
        expect.stringMatching(/^0:20\s+moved about for 10 s/),
        expect.stringMatching(/^0:30\s+rage click: 4 clicks in 0.9 s on BUTTON#pay, nothing happened$/),
        expect.stringMatching(/^0:30\s+stayed for 10 s/),
        expect.stringMatching(/^0:40\s+TypeError on the page$/),
        expect.stringMatching(/^0:40\s+stayed for 5 s/),
        expect.stringMatching(/^0:45\s+12 s of events are missing: they never arrived$/),
        expect.stringMatching(/^0:57\s+moved about for 3 s/),
        expect.stringMatching(/^1:00\s+the session ends on \/checkout$/),
      ]);
    expect(await lines(page).getByText('/checkout').first().getAttribute('title')).toBe(CHECKOUT.page);
    await go(page, 41);
    await expect.poll(() => current(page).innerText()).toMatch(/0:40\s+stayed/);
    await lines(page).filter({ hasText: 'went to /checkout' }).getByRole('button').click();
    await expect.poll(() => positionOf(page)).toBe(20_200);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect.poll(() => positionOf(page)).toBe(20_000);
  },
);

test.skipIf(!CHROMIUM)(
  'a long transcript scrolls along until the user scrolls it, and again when he asks',
  async () => {
    const page = await open(1800, {}, 'long');
    await tab(page, 'Transcript').click();
    const isSeen = () =>
      current(page).evaluate((line) => {
        const list = line.closest('ol')!.getBoundingClientRect();
        const { top, bottom } = line.getBoundingClientRect();
        return top >= list.top && bottom <= list.bottom;
      });
    await expect.poll(isSeen).toBe(true);
    const box = (await page.getByRole('list', { name: 'Transcript' }).boundingBox())!;
    await page.mouse.move(box.x + 50, box.y + 200);
    await page.mouse.wheel(0, -20_000);
    const follow = page.getByRole('button', { name: 'Follow playback' });
    await follow.waitFor();
    await page.evaluate(() => {
      location.hash = '#session=long&t=3000';
    });
    await expect.poll(() => current(page).textContent()).toMatch(/^(49|50):/);
    expect(await isSeen()).toBe(false);
    await follow.click();
    await expect.poll(isSeen).toBe(true);
  },
);

test.skipIf(!CHROMIUM)('the transcript is copied and saved as the text that is read', async () => {
  const page = await open(0, { permissions: ['clipboard-read', 'clipboard-write'] });
  await tab(page, 'Transcript').click();
  await lines(page).first().waitFor();
  const read = (await lines(page).allInnerTexts()).map((text) => text.replace(/\s+/, '  '));
  await panel(page).getByRole('button', { name: 'Copy' }).click();
  await panel(page).getByText('Copied').waitFor();
  expect((await page.evaluate(() => navigator.clipboard.readText())).trim().split('\n')).toEqual(read);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel(page).getByRole('button', { name: 'Save as text' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('transcript-visit.txt');
  expect(
    readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n'),
  ).toEqual(read);
});

test.skipIf(!CHROMIUM)('a screen reader is told each line while it plays, where that is wanted', async () => {
  const page = await open(0);
  await tab(page, 'Transcript').click();
  const status = panel(page)
    .getByRole('status')
    .filter({ hasText: /clicked|went|moved|stayed|read|arrived/ });
  await page.getByRole('radio', { name: '8×' }).check();
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => positionOf(page)).toBeGreaterThan(2000);
  expect(await status.count()).toBe(0);
  await panel(page).getByRole('button', { name: 'Announce' }).click();
  await expect.poll(() => status.count()).toBe(1);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => status.count()).toBe(0);
});

test.skipIf(!CHROMIUM)('all that is known stands under About', async () => {
  const page = await open(0);
  await tab(page, 'About').click();
  await panel(page).getByText('Counts: 4 or more clicks within 40 px').waitFor();
  const text = await panel(page).innerText();
  for (const known of [
    'vera',
    'India',
    'Asia/Kolkata',
    'google.com',
    '14 Nov 2023',
    'UTC',
    '1:00',
    '1, 12 s of events missing',
  ])
    expect(text).toContain(known);
  expect(text).toMatch(/Loaded\s+[\d.]+ kB, gzipped/);
  await panel(page).getByRole('button', { name: 'Show only this visitor' }).click();
  await expect.poll(() => page.getByRole('option').count()).toBe(1);
});

test.skipIf(!CHROMIUM)('what a stranger wrote is text in every tab, and a session of nothing says so', async () => {
  const script = '<img src=x onerror=__pwn()>';
  const hostile = body(
    [view(0), click(4000, 9, 9, { element: script }), at(5000, { event_type: 'error', name: script })],
    {
      session_id: 'hostile',
      visitor_id: 'visitor',
      context: { referrer: `https://e.x/${script}`, language: script, timezone: script },
    },
  );
  await used.site.add(hostile, body([], { session_id: 'nothing', visitor_id: 'nobody' }));
  const page = await open(4, {}, 'hostile');
  for (const name of ['Events', 'Transcript', 'About']) {
    await tab(page, name).click();
    await expect.poll(() => panel(page).getByRole('tabpanel').innerText()).toContain('onerror');
    expect(await panel(page).locator('img').count()).toBe(0);
  }
  await page.close();
  const empty = await open(0, {}, 'nothing');
  await panel(empty).getByText('Nothing was recorded.').waitFor();
  await tab(empty, 'Transcript').click();
  await expect.poll(() => lines(empty).allInnerTexts()).toEqual([expect.stringContaining('nothing was recorded')]);
});

test.skipIf(!CHROMIUM)('the tabs are walked with the arrow keys, and the chosen one is found again', async () => {
  const page = await open(0);
  await tab(page, 'Events').focus();
  await page.keyboard.press('ArrowLeft');
  expect(await tab(page, 'About').getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-transcript');
  expect(await positionOf(page)).toBe(0);
  await page.reload();
  await lines(page).first().waitFor();
  expect(await tab(page, 'Transcript').getAttribute('aria-selected')).toBe('true');
});

test.skipIf(!CHROMIUM)('the panel is made wider by pointer and by key, and stays as wide', async () => {
  const page = await open(0);
  const width = async () => Math.round((await panel(page).boundingBox())!.width);
  const edge = page.getByRole('separator', { name: 'Width of the panel' });
  const before = await width();
  const box = (await edge.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + 300];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 50, y, { steps: 3 });
  await page.mouse.up();
  expect(await width()).toBe(before + 50);
  await page.keyboard.press('ArrowRight');
  expect(await width()).toBe(before + 34);
  expect(await positionOf(page)).toBe(0);
  await page.reload();
  await edge.waitFor();
  expect(await width()).toBe(before + 34);
  await edge.click();
  expect(await width()).toBe(640);
  await edge.click();
  expect(await width()).toBe(before);
});

test.skipIf(!CHROMIUM)(
  'where there is no room the panel is opened by a tab, and fingers and keys reach all of it',
  async () => {
    for (const [width, height] of [
      [320, 568],
      [390, 844],
      [1024, 768],
      [1280, 800],
    ] as const) {
      const page = await open(0, { viewport: { width, height }, hasTouch: true });
      expect(await panel(page).locator('.event').count()).toBe(0);
      await tab(page, 'Transcript').tap();
      const last = lines(page).last();
      await expect
        .poll(async () => (await panel(page).getByRole('tabpanel').boundingBox())!.y)
        .toBeLessThan(height - 80);
      await last.getByRole('button').scrollIntoViewIfNeeded();
      await last.getByRole('button').tap();
      await expect.poll(() => positionOf(page)).toBe(60_000);
      expect((await page.getByRole('img', { name: 'Replay' }).boundingBox())!.height).toBeGreaterThan(80);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.getByRole('button', { name: 'Events and transcript' }).tap();
      await expect.poll(() => lines(page).count()).toBe(0);
      await page.close();
    }
  },
);

test.skipIf(!CHROMIUM)(
  'axe finds nothing in any tab, wide or narrow, light or dark',
  { timeout: 120_000 },
  async () => {
    for (const [width, colorScheme] of [
      [390, 'light'],
      [1280, 'dark'],
      [1600, 'light'],
    ] as const) {
      const page = await open(31, { viewport: { width, height: 900 }, colorScheme });
      for (const name of ['Events', 'Transcript', 'About']) {
        await tab(page, name).click();
        for (const more of await panel(page).locator('summary').all()) await more.click();
        expect(await violations(page), `${name}, ${width} px, ${colorScheme}`).toEqual([]);
      }
      await page.close();
    }
  },
);
