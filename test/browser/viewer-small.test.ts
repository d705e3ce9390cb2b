// The viewer where there is little room: what belongs together is seen together, and nothing is cut off in the middle of a word.
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { at, body, click, layout, move, SHOP, shopBoxes, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';

const known = {
  browser: 'Chrome',
  os: 'Linux',
  device: 'desktop',
  context: { language: 'en-US', referrer: 'https://search.example/' },
};
const clicks = Array.from({ length: 30 }, (_, i) => click(1000 + i * 2000, 450, 320, { element: `BUTTON#b${i}` }));
const visit = body([view(0), layout(300, 1, shopBoxes()), ...clicks, move(62_000, 500, 500)], {
  session_id: 'visit',
  visitor_id: 'a-visitor-with-a-long-name',
  ...known,
});
const encoded = `${SHOP}%D7%A9%D7%9C%D7%95%D7%9D`;
const abroad = body([view(0, { page: encoded }), at(900, { event_type: 'custom', name: 'seen', page: encoded })], {
  session_id: 'abroad',
});

const used = useViewer(visit, abroad);

const phone = (width: number, height: number) =>
  ({ viewport: { width, height }, hasTouch: true, isMobile: true, place: '#session=visit&t=12' }) as const;

async function isWhole(page: Page, part: Locator): Promise<boolean> {
  const box = (await part.boundingBox())!;
  const { width, height } = page.viewportSize()!;
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
}

test.skipIf(!CHROMIUM).each([
  [390, 844],
  [390, 664],
  [768, 1024],
  [1024, 768],
])('on a screen of %s × %s px stage, controls and list are seen together', async (width, height) => {
  const page = await used.open(phone(width, height));
  await page.locator('main[aria-busy=false]').waitFor();
  for (const name of ['Events', 'Transcript']) {
    await page.getByRole('tab', { name }).tap();
    const reached = page.getByRole('tabpanel').locator('[aria-current="step"]');
    await expect.poll(() => isWhole(page, reached)).toBe(true);
    for (const part of [
      page.getByRole('img', { name: 'Replay' }),
      page.getByRole('button', { name: 'Play', exact: true }),
      page.getByRole('button', { name: /^Next click/ }),
      page.getByRole('slider', { name: 'Timeline' }),
      page.getByRole('button', { name: /watched/i }).last(),
    ])
      expect(await isWhole(page, part)).toBe(true);
    expect((await page.getByRole('img', { name: 'Replay' }).boundingBox())!.height).toBeGreaterThan(100);
  }
});

test.skipIf(!CHROMIUM)('at 320 px the line above the stage of a running session is one line', async () => {
  const page = await used.open(phone(320, 568));
  await page.route(/\/replay\/sessions\/visit/, async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    await route.fulfill({ response, json: { ...answer, session: { ...answer.session, status: 'live' } } });
  });
  await page.reload();
  await page.getByRole('button', { name: 'Live', exact: true }).waitFor();
  const tops = await page.locator('.details').evaluate((line) =>
    Array.from(line.children, (part) => part.getBoundingClientRect())
      .filter(({ width }) => width > 1)
      .map(({ top, bottom }) => Math.round((top + bottom) / 2)),
  );
  expect(tops.length).toBeGreaterThan(4);
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(8);
});

test.skipIf(!CHROMIUM)('a fact of the visit for which there is no room is left out, never cut off', async () => {
  const page = await used.open({ place: '#session=visit' });
  await page.locator('main[aria-busy=false]').waitFor();
  for (const width of [1280, 1200, 1110, 1000]) {
    await page.setViewportSize({ width, height: 800 });
    const cut = await page.locator('.facts').evaluate((line) => {
      const room = line.getBoundingClientRect();
      const inside = (box: DOMRect) => box.left >= room.left - 1 && box.right <= room.right + 1;
      return Array.from(line.children, (fact) => [fact.textContent, fact.getBoundingClientRect()] as const)
        .filter(([, box]) => box.top < room.bottom && !(box.top >= room.top - 1 && inside(box)))
        .map(([text]) => text);
    });
    expect(cut).toEqual([]);
  }
});

test.skipIf(!CHROMIUM)('the address is read as the visitor’s browser shows it', async () => {
  const page = await used.open({ place: '#session=abroad' });
  await expect.poll(() => page.getByLabel('Current page').innerText()).toBe(`${SHOP}שלום`);
});
