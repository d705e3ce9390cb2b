// The viewer when there is nothing to show, or something is wrong: every state is a sentence and a way on.
import type { Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, body, click, longVisit, move, SHOP, START, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, type Site, startSite, type ViewerContext } from './viewer-harness.ts';

const gapped = body(
  [
    view(0),
    move(1000, 5, 5),
    at(20_000, { event_type: 'visibility_change', state: 'hidden' }),
    at(50_000, { event_type: 'visibility_change', state: 'visible' }),
    move(52_000, 9, 9),
    click(90_000, 9, 9),
  ],
  { session_id: 'gapped' },
  [{ from: START + 60_000, to: START + 72_000, reason: 'damaged' }],
);
const many = Array.from({ length: 260 }, (_, i) =>
  body([view(1 + i)], {
    session_id: `many-${i}`,
    visitor_id: `crowd-${String(i).padStart(3, '0')}`,
    started_at: START + 1 + i,
  }),
);

const used = useViewer(...many, gapped);
let empty: Site;
beforeAll(async () => {
  empty = await startSite();
});
afterAll(() => empty?.close());

const open = (place = '', where?: Site, options: ViewerContext = {}) => used.open({ place, ...options }, where);

const LIST = '**/replay/sessions?*';
const SESSION = '**/replay/sessions/*';
const refuse = (route: Route) => route.abort('connectionrefused');

test.skipIf(!CHROMIUM)('where nothing was recorded yet the page shows the line to paste, and copies it', async () => {
  const page = await open('', empty, { permissions: ['clipboard-read', 'clipboard-write'] });
  const snippet = `<script defer src="${empty.origin}/tracker.js"></script>`;
  await page.getByText(snippet, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(snippet);
  expect(await page.getByRole('link', { name: 'demo site' }).getAttribute('href')).toBe('/demo/');
});

test.skipIf(!CHROMIUM)('a search without a match says so and leads back to all sessions', async () => {
  const page = await open();
  await page.getByRole('searchbox').fill('no such thing');
  await page.getByText('No session matches').waitFor();
  expect(await page.getByText('No sessions yet').count()).toBe(0);
  await page.getByRole('button', { name: 'Show all sessions' }).click();
  await page.getByRole('option').first().waitFor();
});

test.skipIf(!CHROMIUM)('a session that is gone is told so, without a try that cannot help', async () => {
  const page = await open('#session=never-was');
  await page.getByRole('alert').filter({ hasText: 'erased' }).waitFor();
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  await page.getByRole('button', { name: 'All sessions' }).click();
  await page.getByText('Choose a session').waitFor();
  expect(page.url()).not.toContain('never-was');
});

test.skipIf(!CHROMIUM)('a server that does not answer is told, and Try again tries again', async () => {
  const page = await open();
  await page.route(LIST, refuse);
  await page.route(SESSION, refuse);
  await page.getByRole('option').first().click();
  await page.getByRole('main').getByText('The server does not answer').waitFor();
  await page.getByRole('searchbox').fill('shop');
  await page.getByRole('complementary').getByText('The server does not answer').waitFor();
  await page.unroute(LIST);
  await page.unroute(SESSION);
  await page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await page.getByRole('complementary').getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('option').first().waitFor();
});

test.skipIf(!CHROMIUM)('an answer that breaks off, or is something else, is a sentence too', async () => {
  const page = await open();
  const answers = [
    '{"session":{"session_id":"x","started_at":1},"events":[{"event_ty',
    '<!doctype html><b>proxy</b>',
    'null',
    '{}',
  ];
  for (const [i, answer] of answers.entries()) {
    await page.route(SESSION, (route) => route.fulfill({ contentType: 'application/json', body: answer }));
    await page.getByRole('option').nth(i).click();
    await page.getByRole('alert').filter({ hasText: 'broke off or is not what a Silhouette server sends' }).waitFor();
    await page.unroute(SESSION);
  }
});

test.skipIf(!CHROMIUM)('what the server says of its trouble is shown as text', async () => {
  const page = await open();
  const detail = 'The disk is full.<img src=x onerror="document.title=1">';
  await page.route(SESSION, (route) => route.fulfill({ status: 503, json: { title: 'x', status: 503, detail } }));
  await page.getByRole('option').first().click();
  await page.getByText(detail).waitFor();
  expect(await page.title()).toBe('Silhouette');
});

test.skipIf(!CHROMIUM)('a key that is withdrawn leads back to the prompt, with the reason', async () => {
  const page = await open();
  await page.getByRole('option').first().waitFor();
  await page.route(SESSION, (route) => route.fulfill({ status: 401, json: { status: 401 } }));
  await page.getByRole('option').first().click();
  await page.getByRole('alert').filter({ hasText: 'not accepted' }).waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(await page.getByLabel('API key').evaluate((field) => field === document.activeElement)).toBe(true);
});

test.skipIf(!CHROMIUM)('a hidden tab and missing events are told on the stage', async () => {
  const page = await open('#session=gapped&t=30');
  await page.getByText('The visitor is in another tab').waitFor();
  await page.evaluate(() => {
    location.hash = '#session=gapped&t=65';
  });
  await page.getByText('12 s of events are missing: what was stored of them cannot be read').waitFor();
});

test.skipIf(!CHROMIUM)('a list that is behind says so above itself, until it is not', async () => {
  const page = await open();
  await page.getByRole('option').first().waitFor();
  const told = page.getByText('sessions may be missing or older than they are');
  expect(await told.count()).toBe(0);
  let behind = true;
  await page.route(LIST, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), ...(behind && { behind }) } });
  });
  await page.getByRole('searchbox').fill('shop');
  await told.waitFor();
  expect(await page.getByRole('option').count()).toBeGreaterThan(0);
  // Not taken off the page: a question that is under way is answered by it.
  behind = false;
  await page.getByRole('searchbox').fill('');
  await told.waitFor({ state: 'detached' });
  await page.getByRole('option').first().waitFor();
});

test.skipIf(!CHROMIUM)('the list has no end and the page stays small', async () => {
  const page = await open();
  const list = page.getByRole('listbox', { name: 'Sessions' });
  await list.getByRole('option').first().waitFor();
  await list.focus();
  await expect
    .poll(async () => {
      await page.keyboard.press('End');
      return Number(await list.getByRole('option').last().getAttribute('aria-posinset'));
    })
    .toBe(261);
  await page.keyboard.press('End');
  await list.getByText('crowd-000').waitFor();
  expect(await list.getByRole('option').count()).toBeLessThan(50);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toContain('session=gapped&');
});

test.skipIf(!CHROMIUM)('new sessions appear above without moving what is read', async () => {
  const page = await used.open();
  await page.clock.install();
  await page.reload();
  const list = page.getByRole('listbox', { name: 'Sessions' });
  await list.getByRole('option').first().waitFor();
  await list.evaluate((element) => {
    element.scrollTop = 1500;
  });
  const seen = () =>
    list.evaluate(
      (element) =>
        document.elementFromPoint(150, element.getBoundingClientRect().top + 100)?.closest('[role=option]')
          ?.textContent,
    );
  // Rows that come into sight are drawn with the next frame.
  await expect.poll(seen).toContain('crowd-');
  const before = await seen();
  await used.site.add(body([view(0)], { session_id: `newcomer-${Date.now()}`, started_at: START + 500_000 }));
  const refreshed = page.waitForResponse(LIST);
  await page.clock.runFor(16_000);
  await refreshed;
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBeGreaterThan(1500);
  expect(await seen()).toBe(before);
});

test.skipIf(!CHROMIUM)('a running session grows while it is watched, and nothing jumps', async () => {
  const begun = Date.now() - 60_000;
  const key = `${begun.toString(36)}-${'live-session-of-a-test'}`;
  const post = async (seq: number, events: unknown[]) => {
    const batch = {
      v: 1,
      session_key: key,
      visitor_id: 'livia',
      page_id: 'page',
      seq,
      sent_at: Date.now(),
      context: {},
      events,
    };
    const headers = {
      'User-Agent': await used.browser
        .contexts()[0]!
        .pages()[0]!
        .evaluate(() => navigator.userAgent),
    };
    const response = await fetch(`${used.site.origin}/collect`, {
      method: 'POST',
      headers,
      body: JSON.stringify(batch),
    });
    expect(response.status).toBe(202);
  };
  const page = await open();
  await post(0, [
    { event_type: 'page_view', page: SHOP, timestamp: begun, viewport_width: 800, viewport_height: 600 },
    { event_type: 'mousemove', page: SHOP, x: 10, y: 10, timestamp: begun + 300 },
  ]);
  await page.getByRole('searchbox').fill('livia');
  await page.getByRole('option').filter({ hasText: 'Live' }).click();
  const slider = page.getByRole('slider', { name: 'Timeline' });
  await expect.poll(async () => Number(await slider.getAttribute('aria-valuemax'))).toBeGreaterThanOrEqual(300);
  const before = Number(await slider.getAttribute('aria-valuemax'));
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByText('Waiting for what the visitor does next').waitFor();
  expect(await positionOf(page)).toBe(before);
  const goesOn = Date.now();
  // Near enough to what was seen that the viewer need not leap to keep up, however long the machine took meanwhile.
  await post(1, [{ event_type: 'mousemove', page: SHOP, x: 700, y: 500, timestamp: begun + 10_300 }]);
  await expect.poll(async () => Number(await slider.getAttribute('aria-valuemax'))).toBeGreaterThan(before);
  const after = await positionOf(page);
  expect(after).toBeGreaterThanOrEqual(before);
  // Played, at its speed.
  expect(after - before).toBeLessThanOrEqual(Date.now() - goesOn);
});

test.skipIf(!CHROMIUM)('on a phone the list and the session take turns', async () => {
  await used.site.add(body(longVisit(200, 60_000), { session_id: 'on-a-phone', visitor_id: 'fiona' }));
  const page = await open('', used.site, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.getByRole('textbox', { name: 'Visitor ID' }).fill('fiona');
  await page.getByRole('option').filter({ hasText: 'fiona' }).tap();
  await page.getByRole('img', { name: 'Replay' }).waitFor();
  expect(await page.getByRole('listbox').isVisible()).toBe(false);
  await expect
    .poll(async () => Number(await page.getByRole('slider').getAttribute('aria-valuemax')))
    .toBeGreaterThan(0);
  await page.getByRole('slider').tap();
  await expect.poll(() => positionOf(page)).toBeGreaterThan(20_000);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.getByRole('button', { name: 'All sessions' }).tap();
  await page.getByRole('listbox').waitFor();
});
