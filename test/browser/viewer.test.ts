// The viewer in Chromium: what a user sees, plays, seeks and finds.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { KEY } from '../fixtures/app-under-test.ts';
import { at, body, click, longVisit, move, SHOP, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, redSpot, type ViewerContext } from './viewer-harness.ts';

const CHECKOUT = `${SHOP}checkout`;

/** A visit of one minute: a click at 10 s, a scrolled click at 20 s, a second page at 30 s, nothing from 40 s to 58 s. */
const visit = body(
  [
    view(0),
    move(500, 100, 100),
    click(10_000, 450, 320),
    at(15_000, { event_type: 'scroll', scroll_percent: 50, scroll_x: 0, scroll_y: 900, document_height: 2400 }),
    click(20_000, 700, 80, { element: 'A.plan-pro' }),
    view(30_000, { event_id: 'next.0.0', page: CHECKOUT }),
    ...[0, 1, 2, 3, 4, 5, 6].map((i) =>
      move(31_000 + i * 1500, 200 + i * 20, 200, { event_id: `next.0.${i + 1}`, page: CHECKOUT }),
    ),
    move(58_000, 900, 500, { event_id: 'next.0.9', page: CHECKOUT }),
    move(60_000, 100, 100, { event_id: 'next.0.10', page: CHECKOUT }),
  ],
  { session_id: 'visit', visitor_id: 'vera', country: 'IN' },
);
const others = [1, 2, 3].map((i) =>
  body(longVisit(300, 300_000), {
    session_id: `other-${i}`,
    visitor_id: `olaf-${i}`,
    started_at: visit.session.started_at,
  }),
);

const used = useViewer(visit, ...others);

const open = (options?: ViewerContext): Promise<Page> => used.open(options);

const openVisit = async (t = 0) => {
  const page = await open({ place: `#session=visit&t=${t}` });
  await page.getByRole('button', { name: 'Play' }).isEnabled();
  await expect.poll(() => positionOf(page)).toBe(t * 1000);
  return page;
};

test.skipIf(!CHROMIUM)('a stranger enters the key, sees the list and opens a session', async () => {
  const page = await open({ key: null });
  await page.getByLabel('API key').fill(` ${KEY}\n`);
  await page.getByRole('button', { name: 'Open' }).click();
  const option = page.getByRole('listbox', { name: 'Sessions' }).getByRole('option').filter({ hasText: '/checkout' });
  await option.waitFor();
  expect(await page.getByRole('option').count()).toBe(4);
  const text = await option.innerText();
  for (const part of ['IN', '15 events', '1:00', String(await scoreOf('visit'))]) expect(text).toContain(part);
  await option.click();
  await page.getByRole('img', { name: 'Replay' }).waitFor();
  await expect.poll(() => page.getByLabel('Current page').innerText()).toBe(SHOP);
  const slider = page.getByRole('slider', { name: 'Timeline' });
  expect(await slider.getAttribute('aria-valuemin')).toBe('0');
  expect(await slider.getAttribute('aria-valuemax')).toBe('60000');
  expect(await slider.getAttribute('aria-valuetext')).toBe('0:00 of 1:00');
  expect(await option.getAttribute('aria-selected')).toBe('true');
  await expect.poll(() => page.url()).toContain('#session=visit&t=0');
});

test.skipIf(!CHROMIUM)('a wrong key is refused in a sentence, and the field keeps the focus', async () => {
  const page = await open({ key: null });
  const field = page.getByLabel('API key');
  for (const wrong of ['not-the-key-0123456', 'nöt a key at all']) {
    await field.fill(wrong);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('alert').filter({ hasText: 'key' }).waitFor();
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByRole('alert').innerText()).not.toContain(wrong);
  }
});

test.skipIf(!CHROMIUM)('the key stays in the tab’s own storage and never in an address', async () => {
  const page = await openVisit(10);
  expect(
    await page.evaluate(() => [JSON.stringify(localStorage), document.cookie, location.href].join()),
  ).not.toContain(KEY);
  await page.reload();
  await expect.poll(() => positionOf(page)).toBe(10_000);
  const stranger = await (await used.browser.newContext()).newPage();
  await stranger.goto(page.url());
  await stranger.getByLabel('API key').waitFor();
});

test.skipIf(!CHROMIUM)('a deep link opens its session at its time, and the address follows', async () => {
  const page = await openVisit(31.5);
  expect(await page.getByLabel('Current page').innerText()).toBe(CHECKOUT);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.url()).toContain('&t=26.5');
  await page.evaluate(() => {
    location.hash = '#session=visit&t=12';
  });
  await expect.poll(() => positionOf(page)).toBe(12_000);
  await page.getByRole('option').filter({ hasText: 'olaf-2' }).click();
  await expect.poll(() => page.url()).toContain('#session=other-2&t=0');
  await page.goBack();
  await expect.poll(() => page.getByRole('slider').getAttribute('aria-valuemax')).toBe('60000');
  expect(await positionOf(page)).toBe(12_000);
});

test.skipIf(!CHROMIUM)('Space plays and stops, arrows step, digits set the speed', async () => {
  const page = await openVisit(3);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await expect.poll(() => positionOf(page)).toBeGreaterThan(3100);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play' }).waitFor();
  const stopped = await positionOf(page);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => positionOf(page)).toBe(stopped + 5000);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => positionOf(page)).toBe(Math.max(0, stopped - 5000));
  const speeds = page.getByRole('radiogroup', { name: 'Speed' });
  for (const [key, name] of [
    ['4', '8×'],
    ['3', '4×'],
    ['2', '2×'],
    ['1', '1×'],
  ] as const) {
    await page.keyboard.press(key);
    expect(await speeds.getByRole('radio', { name }).isChecked()).toBe(true);
  }
});

test.skipIf(!CHROMIUM)('keys are inert while typing, and where the focused control uses them itself', async () => {
  const page = await openVisit(20);
  await page.getByRole('searchbox', { name: 'Search sessions' }).focus();
  await page.keyboard.type('1 2');
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('textbox', { name: 'Visitor ID' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('3');
  expect(await positionOf(page)).toBe(20_000);
  expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(1);
  expect(await page.getByRole('radio', { name: '1×' }).isChecked()).toBe(true);

  await page.getByRole('radio', { name: '1×' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('radio', { name: '2×' }).isChecked()).toBe(true);
  expect(await positionOf(page)).toBe(20_000);
  const trail = page.getByRole('button', { name: 'Trail' });
  await trail.focus();
  await page.keyboard.press('Space');
  expect(await trail.getAttribute('aria-pressed')).toBe('false');
  expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(1);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => positionOf(page)).toBe(25_000);
});

test.skipIf(!CHROMIUM)('playing at 8× covers eight times the ground', async () => {
  const page = await openVisit(0);
  // Its clock stands still unless it is moved.
  await page.clock.install();
  await page.reload();
  await expect.poll(() => page.getByRole('slider').getAttribute('aria-valuemax')).toBe('60000');
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByRole('radio', { name: '8×' }).check();
  await page.getByRole('button', { name: 'Play' }).click();
  await page.clock.runFor(100);
  const from = await positionOf(page);
  await page.clock.runFor(1600);
  // Give or take a frame.
  expect(Math.abs(((await positionOf(page)) - from) / 1600 - 8)).toBeLessThan(0.2);
});

test.skipIf(!CHROMIUM)(
  'a pointer drags the playhead, the keyboard moves it, and neither leaves the recording',
  async () => {
    const page = await openVisit(0);
    const slider = page.getByRole('slider', { name: 'Timeline' });
    const box = (await slider.boundingBox())!;
    const to = (share: number) => page.mouse.move(box.x + 1 + (box.width - 2) * share, box.y + box.height / 2);
    await to(0.25);
    await page.mouse.down();
    expect(await positionOf(page)).toBeCloseTo(15_000, -3);
    await to(0.5);
    expect(await page.getByText('0:30 /checkout').count()).toBe(1);
    await to(0.75);
    await page.mouse.move(box.x + box.width + 300, box.y - 200);
    expect(await positionOf(page)).toBe(60_000);
    await page.mouse.up();
    await page.mouse.move(box.x, box.y + 10);
    expect(await positionOf(page)).toBe(60_000);
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await positionOf(page)).toBe(0);
    await page.keyboard.press('PageUp');
    expect(await positionOf(page)).toBe(30_000);
    await page.keyboard.press('ArrowRight');
    expect(await positionOf(page)).toBe(35_000);
    await page.keyboard.press('End');
    expect(await positionOf(page)).toBe(60_000);
    await page.getByRole('button', { name: 'Watch again' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect(await positionOf(page)).toBeLessThan(30_000);
  },
);

test.skipIf(!CHROMIUM)(
  'a click is a red pulse at its point, at its time, at any size and pixel ratio, scrolled or not',
  async () => {
    for (const [width, height, ratio] of [
      [1280, 800, 1],
      [390, 844, 3],
      [1920, 1080, 1.5],
    ] as const) {
      const page = await open({ place: '#session=visit&t=9.9', viewport: { width, height }, deviceScaleFactor: ratio });
      await expect.poll(() => positionOf(page)).toBe(9900);
      expect(await redSpot(page)).toBeNull();
      for (const [t, x, y] of [
        [10.1, 450, 320],
        [20.1, 700, 80],
      ] as const) {
        await page.evaluate((seconds) => {
          location.hash = `#session=visit&t=${seconds}`;
        }, t);
        await expect.poll(() => positionOf(page)).toBe(t * 1000);
        const missed = async () => {
          const canvas = (await page.getByRole('img', { name: 'Replay' }).boundingBox())!;
          const scale = Math.min(canvas.width / 1000, canvas.height / 600);
          const spot = await redSpot(page);
          const expected = [
            (canvas.width - 1000 * scale) / 2 + x * scale,
            (canvas.height - 600 * scale) / 2 + y * scale,
          ];
          return spot && Math.max(Math.abs(spot.x - expected[0]!), Math.abs(spot.y - expected[1]!));
        };
        // The cursor's arrow covers a part of the dot, so its middle lies a little to the upper left.
        await expect.poll(missed).toSatisfy((px: number | null) => px !== null && px < 4);
      }
      await page.close();
    }
  },
);

test.skipIf(!CHROMIUM)('idle time is told, and skipped where that is wanted', async () => {
  const page = await openVisit(45);
  await page.getByText('No activity for another 0:13').waitFor();
  await page.getByRole('button', { name: 'Skip', exact: true }).click();
  await expect.poll(() => positionOf(page)).toBe(57_000);
  await page.getByRole('button', { name: 'Skip idle' }).click();
  await page.reload();
  expect(await page.getByRole('button', { name: 'Skip idle' }).getAttribute('aria-pressed')).toBe('true');
  await page.evaluate(() => {
    location.hash = '#session=visit&t=41';
  });
  await expect.poll(() => positionOf(page)).toBe(41_000);
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByText('Skipped 0:15 without activity').waitFor();
  expect(await positionOf(page)).toBeGreaterThanOrEqual(57_000);
});

test.skipIf(!CHROMIUM)(
  'the list is searched, filtered by visitor, walked and opened with the keyboard alone',
  async () => {
    const page = await open();
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('checkout');
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('textbox', { name: 'Visitor ID' }).fill('olaf-3');
    await expect.poll(() => page.getByRole('option').allInnerTexts()).toEqual([expect.stringContaining('olaf-3')]);
    await page.getByRole('textbox', { name: 'Visitor ID' }).fill('');
    await expect.poll(() => page.getByRole('option').count()).toBe(4);
    await page.getByRole('listbox', { name: 'Sessions' }).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('#session=');
    await page.getByRole('button', { name: 'Show only this visitor' }).click();
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
  },
);

async function scoreOf(id: string): Promise<number> {
  const response = await fetch(`${used.site.origin}/replay/sessions/${id}`, { headers: { 'X-API-Key': KEY } });
  return ((await response.json()) as { session: { engagement_score: number } }).session.engagement_score;
}
