// Finding the sessions worth watching in Chromium: filters, saved lists, orders, what was watched, and why a session is worth it.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { KEY } from '../fixtures/app-under-test.ts';
import { at, body, click, move, SHOP, START, view } from '../fixtures/recordings.ts';
import { CHROMIUM, launchChromium } from './harness.ts';
import { openViewer, type Site, startSite } from './viewer-harness.ts';

let site: Site;
let browser: Browser;
const complaints: string[] = [];

const HOUR = 3_600_000;
/** Each an hour before the other, the last one the newest. */
const visit = (name: string, hour: number, ms: number, more: Record<string, unknown>, events: unknown[] = []) => {
  const start = START + hour * HOUR;
  const all = [view(0), move(500, 10, 10), ...events, move(ms, 90, 90)] as { timestamp: number }[];
  return body(
    all.map((event) => ({ ...event, timestamp: event.timestamp + hour * HOUR })),
    { session_id: name, visitor_id: name, started_at: start, ended_at: start + ms, duration: ms, ...more },
  );
};
/** On a button that does nothing. */
const rage = [10_000, 10_200, 10_400, 10_600, 10_800].map((ms, i) =>
  click(ms, 400, 300, { event_id: `rage.0.${i}`, effect_ms: null, element: 'BUTTON#pay' }),
);

const VISITS = [
  visit('anna', 0, 300_000, { country: 'IN', device: 'desktop', browser: 'Chrome' }, [
    click(3000, 400, 300, { event_id: 'odd.0.0', element: 'DIV.of-[1fr,2fr]', effect_ms: 20 }),
  ]),
  visit('bert', 1, 60_000, { country: 'DE', device: 'mobile', browser: 'Safari' }, rage),
  visit('carl', 2, 120_000, { country: 'IN', device: 'mobile', browser: 'Chrome' }),
  visit('dora', 3, 30_000, { country: 'US', device: 'desktop', browser: 'Firefox' }, [
    at(5000, { event_type: 'error', name: 'TypeError', source: `${SHOP}app.js`, line: 3 }),
  ]),
];

beforeAll(async () => {
  browser = await launchChromium();
});
beforeEach(async () => {
  site = await startSite();
  await site.add(...VISITS);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await site?.close();
  expect(complaints.splice(0)).toEqual([]);
});
afterAll(() => browser?.close());

async function open(place = '', options: Parameters<typeof openViewer>[2] = {}): Promise<Page> {
  const opened = await openViewer(browser, site, { place, ...options });
  opened.page.on('close', () => complaints.push(...opened.complaints));
  await opened.page.getByRole('option').first().waitFor();
  return opened.page;
}

/** The visitors of the list, from its top. */
const listed = (page: Page) =>
  page
    .getByRole('listbox', { name: 'Sessions' })
    .getByRole('option')
    .evaluateAll((rows) => rows.map((row) => /anna|bert|carl|dora/.exec(row.textContent)?.[0] ?? '?'));

/** As one who comes back to the bare address. */
async function begin(page: Page): Promise<void> {
  await page.evaluate(() => history.replaceState(null, '', '/replay'));
  await page.reload();
}

/** With the Tab key alone. */
async function tabTo(page: Page, name: RegExp, back = false): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    const reached = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement;
      return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '';
    });
    if (name.test(reached.trim())) return;
  }
  throw new Error(`Tab never reached ${name}`);
}

test.skipIf(!CHROMIUM)('filters are set in the panel and taken away as chips, with the keyboard alone', async () => {
  const page = await open();
  await page.keyboard.press('/');
  await tabTo(page, /^Filter$/);
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Filter sessions' });
  await tabTo(page, /^India/);
  await page.keyboard.press('Space');
  await expect.poll(() => listed(page)).toEqual(['carl', 'anna']);
  await panel.getByText('2 matches').waitFor();
  // The other countries keep their counts, to be chosen too.
  expect(await panel.getByRole('checkbox', { name: /^Germany/ }).count()).toBe(1);
  await tabTo(page, /^Duration at least/, true);
  await page.keyboard.type('2:30');
  await page.keyboard.press('Enter');
  await expect.poll(() => listed(page)).toEqual(['anna']);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Filter2');
  await tabTo(page, /Duration at least 2:30/, true);
  await page.keyboard.press('Enter');
  await expect.poll(() => listed(page)).toEqual(['carl', 'anna']);
  await page.getByRole('button', { name: 'Remove filter Country: India' }).click();
  await expect.poll(() => listed(page)).toEqual(['dora', 'carl', 'bert', 'anna']);
});

test.skipIf(!CHROMIUM)('groups of filters stay in their column while counts change', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Filter' }).click();
  const panel = page.getByRole('dialog', { name: 'Filter sessions' });
  const columns = async () => {
    const places = await panel.locator('legend').evaluateAll((all) => all.map((it) => it.getBoundingClientRect().left));
    return places.map(Math.round);
  };
  const before = await columns();
  expect(new Set(before).size).toBe(3);
  await panel.getByRole('checkbox', { name: /^Rage clicks/ }).check();
  await panel.getByText('1 match', { exact: true }).waitFor();
  expect(await columns()).toEqual(before);
});

test.skipIf(!CHROMIUM)('a chip filters by its signal and says how many sessions have it', async () => {
  const page = await open();
  const chip = page.getByRole('button', { name: 'Rage clicks 1' });
  await chip.click();
  await expect.poll(() => listed(page)).toEqual(['bert']);
  expect(await chip.getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('option').getByText('clicks in').waitFor();
  await chip.click();
  await expect.poll(() => listed(page)).toHaveLength(4);
});

test.skipIf(!CHROMIUM)(
  'a value that the panel does not offer can be typed, and one that makes no sense is told',
  async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    const field = page.getByRole('textbox', { name: 'Another value for clicked element' });
    await field.fill('BUTTON#nowhere');
    await field.press('Enter');
    await page.getByText('No session matches').waitFor();
    expect(await page.getByRole('checkbox', { name: 'BUTTON#nowhere' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await expect.poll(() => listed(page)).toHaveLength(4);
    const least = page.getByRole('textbox', { name: 'Duration at least' });
    await least.fill('long');
    await least.press('Enter');
    await expect.poll(() => least.getAttribute('aria-invalid')).toBe('true');
    expect(await listed(page)).toHaveLength(4);
  },
);

test.skipIf(!CHROMIUM)(
  'the address carries the list, beside the session, and Back leads to the one before',
  async () => {
    const page = await open('#session=anna&t=10&country=IN&country=DE&sort=duration');
    await expect.poll(() => listed(page)).toEqual(['anna', 'carl', 'bert']);
    await page.getByRole('button', { name: 'Remove filter Country: India, Germany' }).click();
    await expect.poll(() => listed(page)).toEqual(['anna', 'carl', 'bert', 'dora']);
    expect(page.url()).toContain('#session=anna&t=10&sort=duration');
    await page.goBack();
    await expect.poll(() => listed(page)).toEqual(['anna', 'carl', 'bert']);
    expect(await page.getByRole('button', { name: 'Order: Longest' }).count()).toBe(1);
    await page.getByRole('searchbox').fill('bert');
    await expect.poll(() => page.url()).toContain('q=bert');
    await expect.poll(() => listed(page)).toEqual(['bert']);
    await page.getByRole('option').click();
    await expect.poll(() => page.url()).toContain('#session=bert&t=0&q=bert&country=IN');
    await page.reload();
    await expect.poll(() => listed(page)).toEqual(['bert']);
  },
);

test.skipIf(!CHROMIUM)('a chosen order is found again by the same person, and a link says its own', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Order: Newest' }).click();
  await page.getByRole('dialog', { name: 'Order' }).getByText('Longest').click();
  await page.getByRole('dialog', { name: 'Order' }).waitFor({ state: 'hidden' });
  await expect.poll(() => listed(page)).toEqual(['anna', 'carl', 'bert', 'dora']);
  await begin(page);
  await expect.poll(() => listed(page)).toEqual(['anna', 'carl', 'bert', 'dora']);
  await page.evaluate(() => {
    location.hash = '#sort=started_at&order=asc';
  });
  await expect.poll(() => listed(page)).toEqual(['anna', 'bert', 'carl', 'dora']);
});

test.skipIf(!CHROMIUM)('a list is saved under a name, found after a reload, renamed and removed', async () => {
  const page = await open('#country=IN');
  await page.getByRole('button', { name: 'List: Filtered' }).click();
  await page.getByLabel('Save this list as').fill('Only India');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'List: Only India' }).waitFor();
  await begin(page);
  await expect.poll(() => listed(page)).toHaveLength(4);
  await page.getByRole('button', { name: 'List: Every session' }).click();
  await page.getByRole('button', { name: 'Only India', exact: true }).click();
  await expect.poll(() => listed(page)).toEqual(['carl', 'anna']);
  await page.getByRole('button', { name: 'List: Only India' }).click();
  await page.getByRole('button', { name: 'Rename Only India' }).click();
  await page.getByLabel('New name of Only India').fill('India');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'List: India' }).waitFor();
  await page.getByRole('button', { name: 'Remove India' }).click();
  await page.getByRole('button', { name: 'List: Filtered' }).waitFor();
  await page.getByRole('button', { name: 'Errors', exact: true }).click();
  await expect.poll(() => listed(page)).toEqual(['dora']);
});

test.skipIf(!CHROMIUM)('next unwatched walks the list to its end, and says when nothing is left', async () => {
  const page = await open();
  await page.clock.install();
  await page.getByText('4 sessions · 4 unwatched').waitFor();
  for (const name of ['dora', 'carl', 'bert', 'anna']) {
    await page.keyboard.press('u');
    await expect.poll(() => page.url()).toContain(`session=${name}&`);
    await page.locator('main[aria-busy=false]').waitFor();
    // So long one has to look at it.
    await page.clock.runFor(3000);
    const row = page.getByRole('option', { selected: true });
    await expect.poll(() => row.textContent(), { timeout: 8000 }).toMatch(/^Watched/);
  }
  await page.getByText('4 sessions · 0 unwatched').waitFor();
  await page.getByRole('button', { name: 'Next unwatched' }).click();
  await page.getByText('You have watched every session of this list.').waitFor();
  await page.reload();
  await page.getByText('4 sessions · 0 unwatched').waitFor();
});

test.skipIf(!CHROMIUM)('a session is marked as watched and not by hand, with key and pointer', async () => {
  const page = await open();
  const row = page.getByRole('option').filter({ hasText: 'carl' });
  const list = page.getByRole('listbox', { name: 'Sessions' });
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('m');
  await expect.poll(() => row.textContent()).toMatch(/^Watched/);
  await page.getByText('3 unwatched').waitFor();
  await page.reload();
  await expect.poll(() => row.textContent()).toMatch(/^Watched/);
  await row.locator('.option-dot').click();
  await expect.poll(() => row.textContent()).toMatch(/^Unwatched/);
  expect(page.url()).not.toContain('session=');
  await page.reload();
  await row.waitFor();
  expect(await row.textContent()).toMatch(/^Unwatched/);
});

test.skipIf(!CHROMIUM)('the score tells its reasons to a key, a pointer and a finger', async () => {
  const page = await open('', { hasTouch: true });
  await page.getByRole('listbox', { name: 'Sessions' }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('y');
  const reasons = page.getByRole('dialog', { name: 'Why it is worth watching' });
  await reasons.getByText('Engagement score').waitFor();
  await page.keyboard.press('Escape');
  await reasons.waitFor({ state: 'hidden' });
  for (const key of ['ArrowUp', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
  await expect.poll(() => page.url()).toContain('session=carl');
  await page.getByRole('option').filter({ hasText: 'bert' }).locator('.option-worth').tap();
  await reasons.getByText('Rage click').waitFor();
  expect(page.url()).toContain('session=carl');
});

test.skipIf(!CHROMIUM)('what is damaged in storage or hostile in an address is left out, or text', async () => {
  const hostile = encodeURIComponent('<img src=x onerror=document.title=1>');
  const { page, complaints: told } = await openViewer(browser, site, {
    place: `#sort=luck&min_worth=many&last=ever&entry_page=${hostile}`,
    before: () => {
      const kept = '[{"name":"<b>Mine</b>","text":"country=IN&key=secret"},{"name":5},7]';
      localStorage.setItem('silhouette.filters', kept);
      localStorage.setItem('silhouette.sort', '{');
    },
  });
  await page.getByText('No session matches').waitFor();
  await page.getByRole('button', { name: /^Remove filter Entry page: <img src=x/ }).click();
  await expect.poll(() => listed(page)).toEqual(['dora', 'carl', 'bert', 'anna']);
  await page.getByRole('button', { name: 'List:' }).click();
  await page.getByRole('button', { name: '<b>Mine</b>', exact: true }).click();
  await expect.poll(() => listed(page)).toEqual(['carl', 'anna']);
  expect(page.url()).not.toContain('secret');
  expect(await page.title()).toBe('Silhouette');
  expect(told).toEqual([]);
});

test.skipIf(!CHROMIUM)('from the search Enter and the arrow down lead to what was found', async () => {
  const page = await open();
  const list = page.getByRole('listbox', { name: 'Sessions' });
  for (const [typed, found] of [
    ['bert', ['bert']],
    ['', ['dora', 'carl', 'bert', 'anna']],
  ] as const) {
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill(typed);
    await expect.poll(() => listed(page)).toEqual(found);
    await page.keyboard.press(typed ? 'Enter' : 'ArrowDown');
    expect(await list.evaluate((element) => element === document.activeElement)).toBe(true);
  }
});

test.skipIf(!CHROMIUM)('a key that is pasted into the search stays out of the address', async () => {
  const page = await open();
  await page.getByRole('searchbox').fill(KEY);
  await page.getByText('No session matches').waitFor();
  await page.getByRole('button', { name: /^Mobile/ }).click();
  await expect.poll(() => page.url()).toContain('device=mobile');
  expect(page.url()).not.toContain(KEY);
});

test.skipIf(!CHROMIUM)('the next unwatched one is found beyond what is loaded of the list', async () => {
  const many = Array.from({ length: 130 }, (_, i) => visit(`many-${String(i).padStart(3, '0')}`, 100 + i, 1000, {}));
  await site.add(...many);
  const headers = { 'X-API-Key': KEY };
  const all = many.map(({ session }) => String(session.session_id));
  for (const id of all.filter((id) => id !== 'many-002')) {
    await fetch(`${site.origin}/replay/sessions/${id}/watched`, { method: 'PUT', headers });
  }
  const page = await open('#session=many-129&t=0');
  await page.getByText('134 sessions · 5 unwatched').waitFor();
  expect(await page.getByRole('option').count()).toBeLessThan(60);
  await page.keyboard.press('u');
  await expect.poll(() => page.url()).toContain('session=many-002&');
  await page.keyboard.press('u');
  await expect.poll(() => page.url()).toContain('session=dora&');
});

test.skipIf(!CHROMIUM)('a value with a comma is one value', async () => {
  const page = await open('#element=DIV.of-%5B1fr,2fr%5D&element=A.none');
  await expect.poll(() => listed(page)).toEqual(['anna']);
});
