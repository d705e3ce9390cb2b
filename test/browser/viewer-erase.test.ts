// Erasing from the viewer in Chromium: one session, all of a visitor, by keyboard, pointer and finger; who may not erase is not offered it.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeKey } from '../../src/server/keys.ts';
import { KEY } from '../fixtures/app-under-test.ts';
import { body, click, view } from '../fixtures/recordings.ts';
import { violations } from './axe.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import type { ViewerContext } from './viewer-harness.ts';

const visitOf = (visitor_id: string, session_id: string) =>
  body([view(0), click(1000, 10, 10)], { session_id, visitor_id });
const used = useViewer(
  ...Array.from({ length: 40 }, (_, i) => visitOf(`other-${i}`, `other-${i}`)),
  ...['a', 'b', 'c', 'd'].map((name) => visitOf('ann', `ann-${name}`)),
);

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

const ask = (path: string, init: RequestInit = {}, key = KEY) =>
  fetch(`${used.site.origin}${path}`, { ...init, headers: { 'x-api-key': key } });
const statusOf = async (id: string) => (await ask(`/replay/sessions/${id}`)).status;
async function shareOf(session_id: string): Promise<string> {
  const answer = await ask('/replay/shares', { method: 'POST', body: JSON.stringify({ session_id }) });
  return ((await answer.json()) as { token: string }).token;
}

async function openAbout(id: string, options: ViewerContext = {}): Promise<Page> {
  const page = await used.open({ place: `#session=${id}`, ...options });
  await page.getByRole('slider', { name: 'Timeline' }).waitFor();
  await page.getByRole('tab', { name: 'About' }).click();
  return page;
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: /^Erase / });
const eraseIn = (page: Page) => dialogOf(page).getByRole('button', { name: 'Erase', exact: true });
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

test.skipIf(!CHROMIUM)(
  'a session is erased with the keyboard alone: asked first, told after, gone from the list without a jump',
  async () => {
    const token = await shareOf('other-20');
    const page = await openAbout('other-20');
    const list = page.getByRole('listbox', { name: 'Sessions' });
    await page.getByRole('button', { name: 'Erase this session' }).focus();
    const place = () => list.evaluate((it) => [it.scrollTop, it.getAttribute('aria-activedescendant')]);
    const before = await place();
    expect(before[0]).toBeGreaterThan(0);
    const next = await list.getByRole('option', { selected: true }).evaluate((it) => {
      const below = document.getElementById(`option-${Number((it as HTMLElement).dataset.index) + 1}`);
      return below?.querySelector('.option-visitor')?.textContent;
    });

    await page.keyboard.press('Enter');
    const dialog = dialogOf(page);
    await dialog.getByText(/^The session of other-20 on .*: 0:01, 2 events\.$/).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Erase this session');
    expect(await statusOf('other-20')).toBe(200);

    await page.keyboard.press('Enter');
    await dialog.getByText('It cannot be undone.').waitFor();
    for (const name of ['Cancel', 'Erase']) {
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe(name);
    }
    await page.keyboard.press('Enter');
    await dialog
      .getByRole('status')
      .getByText(/^Erased on .*: 1 session, 2 events, 1 object, \d+ rows?\.$/)
      .waitFor();
    await expect.poll(() => focused(page)).toBe('Done');
    expect(await statusOf('other-20')).toBe(404);
    expect((await ask('/replay/shared', {}, token)).status).toBe(401);
    expect(page.url()).not.toContain('session=');

    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Sessions');
    expect(await list.getByRole('option', { name: 'other-20' }).count()).toBe(0);
    // Where it was stands what came after it.
    expect(await place()).toEqual(before);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Session of visitor ${next}`, exact: true }).waitFor();
  },
);

test.skipIf(!CHROMIUM)('everything of a visitor is erased, counted before and after', async () => {
  const page = await openAbout('ann-b');
  await page.getByRole('button', { name: 'Show only this visitor' }).first().click();
  await expect.poll(() => page.getByRole('option').count()).toBe(4);
  await page.getByRole('button', { name: 'Erase everything of this visitor' }).click();
  await dialogOf(page).getByText('All that is kept of ann: 4 sessions').waitFor();
  await eraseIn(page).click();
  await dialogOf(page)
    .getByText(/^Erased on .*: 4 sessions, 8 events, 4 objects, \d+ rows\.$/)
    .waitFor();
  await dialogOf(page).getByRole('button', { name: 'Done' }).click();
  for (const name of ['a', 'b', 'c', 'd']) expect(await statusOf(`ann-${name}`)).toBe(404);
  // A list of nobody would say nothing: it is that of everyone again.
  await expect.poll(() => page.getByLabel('Visitor ID').inputValue()).toBe('');
  await page.getByRole('option', { name: 'other-39' }).waitFor();
});

test.skipIf(!CHROMIUM)('what cannot be erased just now stays, and the dialog says why', async () => {
  const page = await openAbout('other-1');
  await page.route('**/replay/sessions/other-1', (route) =>
    route.request().method() === 'DELETE' ? route.abort() : route.continue(),
  );
  await page.getByRole('button', { name: 'Erase this session' }).click();
  await eraseIn(page).click();
  await dialogOf(page).getByRole('alert').getByText('The server does not answer.').waitFor();
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click();
  expect(await page.getByRole('slider', { name: 'Timeline' }).count()).toBe(1);
  expect(await statusOf('other-1')).toBe(200);
});

test.skipIf(!CHROMIUM)(
  'a key that is refused meanwhile leads to the prompt, and the next one is asked nothing',
  async () => {
    const page = await openAbout('other-1');
    await page.route('**/replay/visitors/other-1', (route) => route.fulfill({ status: 401 }));
    await page.getByRole('button', { name: 'Erase everything of this visitor' }).click();
    await eraseIn(page).click();
    await page.getByText('Your key is not accepted any more').waitFor();
    await page.getByLabel('API key').fill(KEY);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: 'Erase this session' }).waitFor();
    expect(await dialogOf(page).count()).toBe(0);
  },
);

test.skipIf(!CHROMIUM)('who may not erase is not offered it: a key that only reads, and a guest', async () => {
  const { key, id, digest } = await makeKey();
  const wanted = { id, name: 'reader', scopes: ['read'], digest, expires_at: null };
  await ask('/replay/commands', { method: 'POST', body: JSON.stringify({ name: 'create_key', key: wanted }) });
  const reader = await used.open({ key, place: '#session=other-3' });
  await reader.getByRole('tab', { name: 'About' }).click();
  // What the server says of the key comes with these figures.
  await reader.locator('.chip-count').filter({ hasText: /\d/ }).first().waitFor();
  const stranger = await used.open({ key: null, place: `#share=${await shareOf('other-3')}` });
  await stranger.getByRole('tab', { name: 'About' }).click();
  for (const page of [reader, stranger]) {
    await page.getByRole('heading', { name: 'Recording' }).waitFor();
    expect(await page.getByRole('button', { name: /^Erase / }).count()).toBe(0);
  }
});

test.skipIf(!CHROMIUM)('by touch on a phone, and accessible in both themes there and on a large screen', async () => {
  for (const options of [{ viewport: { width: 1920, height: 1080 } }, PHONE]) {
    const page = await openAbout('other-2', options);
    await page.getByRole('button', { name: 'Erase everything of this visitor' }).click();
    await dialogOf(page).getByText('1 session,').waitFor();
    expect(await violations(page)).toEqual([]);
  }
  const page = await openAbout('other-2', PHONE);
  await page.getByRole('button', { name: 'Erase this session' }).tap();
  await eraseIn(page).tap();
  await dialogOf(page)
    .getByText(/^Erased on /)
    .waitFor();
  expect(await violations(page)).toEqual([]);
  await dialogOf(page).getByRole('button', { name: 'Done' }).tap();
  await page.getByRole('option', { name: 'other-39' }).waitFor();
  expect(await page.getByRole('option', { name: /other-2\b/ }).count()).toBe(0);
});
