// Sharing in Chromium: links for those without a key, a session in a link, files that play and videos, and what a stranger's link can do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { KEY } from '../fixtures/app-under-test.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { body, click, SHOP, view } from '../fixtures/recordings.ts';
import { visit } from '../fixtures/short-visit.ts';
import { violations } from './axe.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, type ViewerContext, watchScripts } from './viewer-harness.ts';

const used = useViewer(visit);

async function open(options: ViewerContext = {}): Promise<Page> {
  const page = await used.open(options);
  return page;
}

async function openDialog(t = 0, options: ViewerContext = {}): Promise<Page> {
  const page = await open({ place: `#session=visit&t=${t}`, ...options });
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('dialog', { name: 'Share this session' }).waitFor();
  return page;
}

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${used.site.origin}${path}`, { ...init, headers: { 'x-api-key': KEY } });
const makeShare = async (more = {}) =>
  (await (
    await ask('/replay/shares', { method: 'POST', body: JSON.stringify({ session_id: 'visit', ...more }) })
  ).json()) as {
    id: string;
    token: string;
    address: string;
  };
const duration = (page: Page) => page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax');

test.skipIf(!CHROMIUM)(
  'a share link is made, opens the session alone for a stranger, and ends when it is revoked',
  async () => {
    const page = await openDialog(2);
    const dialog = page.getByRole('dialog', { name: 'Share this session' });
    expect(await dialog.getByLabel('Link to this moment').inputValue()).toBe(
      `${used.site.origin}/replay#session=visit&t=2`,
    );
    await dialog.getByRole('button', { name: 'Make a share link' }).click();
    const link = await dialog.getByLabel('Share link', { exact: true }).inputValue();
    expect(link).toMatch(/\/replay#share=shr_[0-9a-f]{12}_[0-9a-f]{54}&t=2$/);
    const list = dialog.getByRole('list', { name: 'Share links of this session' });
    expect(await list.innerText()).toMatch(/Whole session until .*, made by owner/);

    const stranger = await open({ key: null, place: link.slice(link.indexOf('#')) });
    await expect.poll(() => positionOf(stranger)).toBe(2000);
    expect(await duration(stranger)).toBe('8000');
    expect(await stranger.getByText(/^A session, shared with you until /).count()).toBe(1);
    for (const name of ['Sessions', 'API key', 'Search sessions'])
      expect(await stranger.getByLabel(name).count()).toBe(0);
    expect(await stranger.getByRole('button', { name: 'Share', exact: true }).count()).toBe(0);
    await stranger.keyboard.press('?');
    const sheet = stranger.getByRole('dialog', { name: 'Keys and settings' });
    const told = await sheet.innerText();
    expect(told).toContain('Copy a link to this moment');
    expect(told).not.toMatch(/Search sessions|not watched|Share this|Play the next/);
    await stranger.keyboard.press('Escape');
    // A browser closes it in its own time, and keys do nothing below it.
    await sheet.waitFor({ state: 'hidden' });
    await stranger.keyboard.press('ArrowLeft');
    await expect.poll(() => stranger.url()).toBe(link.replace('&t=2', '&t=0'));
    expect(
      await stranger.evaluate(() => JSON.stringify([sessionStorage, localStorage, document.cookie])),
    ).not.toContain('shr_');

    await list.getByRole('button', { name: 'Revoke' }).click();
    await expect.poll(() => list.count()).toBe(0);
    expect(
      await dialog.getByRole('heading', { name: 'A share link' }).evaluate((it) => it === document.activeElement),
    ).toBe(true);
    await stranger.reload();
    await stranger.getByRole('alert').getByText('This link was taken back by whoever made it.').waitFor();
    await page.keyboard.press('Escape');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('title')))
      .toMatch(/^Share this session/);
  },
);

test.skipIf(!CHROMIUM)('who has the page open when a share link ends sees nothing more within a minute', async () => {
  await used.site.add(body([view(0), click(1000, 10, 10)], { session_id: 'erased-later' }));
  const [link, other] = [await makeShare({}), await makeShare({ session_id: 'erased-later' })];
  const before = () => {
    const real = window.setTimeout;
    // A minute is over at once.
    const soon = (work: TimerHandler, ms = 0, ...rest: unknown[]) => real(work, ms === 60_000 ? 100 : ms, ...rest);
    Object.assign(window, { setTimeout: soon });
  };
  const pages = [];
  for (const { token } of [link, other]) {
    const page = await open({ key: null, place: `#share=${token}`, before });
    await page.getByText(/shared with you until /).waitFor();
    await page.waitForResponse((answer) => answer.url().endsWith('/replay/shared') && answer.ok());
    expect(await page.getByRole('img', { name: 'Replay' }).count()).toBe(1);
    pages.push(page);
  }
  await ask(`/replay/shares/${link.id}`, { method: 'DELETE' });
  await ask('/replay/sessions/erased-later', { method: 'DELETE' });
  for (const [i, sentence] of [
    'This link was taken back by whoever made it.',
    'The session that it showed was erased.',
  ].entries()) {
    await pages[i]!.getByRole('alert').getByText(sentence).waitFor();
    expect(await pages[i]!.getByRole('img', { name: 'Replay' }).count()).toBe(0);
    expect(await pages[i]!.getByText(/shared with you/).count()).toBe(0);
  }
});

test.skipIf(!CHROMIUM)('a share link of a stretch shows the stretch, and one that opens nothing says why', async () => {
  const start = visit.session.started_at as number;
  const stretch = await makeShare({ from: start + 4000, to: start + 5500 });
  const page = await open({ key: null, place: `#share=${stretch.token}&t=1` });
  await expect.poll(() => positionOf(page)).toBe(1000);
  expect(await duration(page)).toBe('1000');
  expect(await page.getByLabel('Current page').innerText()).toBe(SHOP);
  expect(await page.getByText(/^A stretch of a session, shared with you until /).count()).toBe(1);

  const erased = body([view(0), click(1000, 10, 10)], { session_id: 'erased' });
  await used.site.add(erased);
  const gone = await makeShare({ session_id: 'erased' });
  await ask('/replay/sessions/erased', { method: 'DELETE' });
  for (const [token, sentence] of [
    [gone.token, /opens nothing: it is incomplete, or the session that it showed was erased/],
    ['nonsense', /opens nothing/],
    ['%F0%9F%98%80', /opens nothing/],
  ] as const) {
    const stranger = await open({ key: null, place: `#share=${token}` });
    await stranger.getByRole('alert').getByText(sentence).waitFor();
    await stranger.getByRole('button', { name: 'Open with a key' }).click();
    await stranger.getByLabel('API key').waitFor();
  }
});

test.skipIf(!CHROMIUM)('a session travels in a link: nobody is asked for it, and it plays as it was', async () => {
  const page = await openDialog();
  const dialog = page.getByRole('dialog', { name: 'Share this session' });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const part = dialog.getByRole('region', { name: 'The session in a link' });
  await part.getByRole('button', { name: 'Copy' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(await part.getByRole('status').first().innerText()).toBeTruthy();
  expect(await part.getByText(`${link.length.toLocaleString('en')} characters`).count()).toBe(1);

  const asked: string[] = [];
  const context = await used.browser.newContext();
  const stranger = await context.newPage();
  stranger.on('request', (request) => asked.push(request.url()));
  await stranger.goto(`${link}&t=2`);
  await expect.poll(() => positionOf(stranger)).toBe(2000);
  expect(await duration(stranger)).toBe('8000');
  expect(await stranger.getByText(/^A session in a link/).count()).toBe(1);
  expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([link.split('#')[0]]);
  const told = (it: Page) => it.getByRole('img', { name: 'Replay' }).count();
  expect(await told(stranger)).toBe(1);
});

test.skipIf(!CHROMIUM)('hostile links are a clear sentence, never a blank page, never a script', async () => {
  const deflated = async (value: unknown) =>
    Buffer.from(
      await new Response(
        new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream('deflate-raw')),
      ).arrayBuffer(),
    ).toString('base64url');
  const session = {
    session_id: '<img src=x onerror=__pwn()>',
    visitor_id: '"><script>__pwn()</script>',
    started_at: 0,
  };
  const event = {
    event_id: 'e',
    event_type: 'click',
    x: 1,
    y: 1,
    element: '<svg onload=__pwn()>',
    page: 'javascript:__pwn()',
    timestamp: 1000,
  };
  const envelope = (more: object) => deflated({ v: 1, session, gaps: [], loads: [''], parts: [[0, [event]]], ...more });
  const garbage = [
    'x',
    '%00',
    'AAAA',
    '<script>__pwn()</script>',
    'A'.repeat(1_100_000),
    await deflated(' '.repeat(30_000_000)),
  ];
  garbage.push(await envelope({ parts: [[0, Array(100_001).fill(event)]] }), await envelope({ session: 7 }));
  for (const text of garbage) {
    const page = await (await used.browser.newContext()).newPage();
    await watchScripts(page, true);
    await page.goto(`${used.site.origin}/replay#recording=${text}`);
    await page
      .getByRole('alert')
      .getByText(/^This link (is incomplete|holds more)/)
      .waitFor();
    expect(await page.evaluate(() => (window as unknown as { counter: { pwned: number } }).counter.pwned)).toBe(0);
    await page.context().close();
  }
  const page = await (await used.browser.newContext()).newPage();
  await watchScripts(page, false);
  await page.goto(`${used.site.origin}/replay#recording=${await envelope({})}`);
  await expect.poll(() => duration(page)).toBe('1000');
  expect(await page.evaluate(() => (window as unknown as { counter: { pwned: number } }).counter.pwned)).toBe(0);
});

test.skipIf(!CHROMIUM)(
  'one HTML file plays the session from the disk, with no network and no other script',
  async () => {
    const page = await openDialog();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as HTML' }).click();
    const path = join(temporaryFolder(), 'session.html');
    await (await saved).saveAs(path);
    const context = await used.browser.newContext({ offline: true });
    const file = await context.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    file.on('request', (request) => asked.push(request.url()));
    file.on('console', (message) => said.push(message.text()));
    file.on('pageerror', (error) => said.push(String(error)));
    await file.goto(`${pathToFileURL(path)}#t=2`);
    await expect.poll(() => positionOf(file)).toBe(2000);
    expect(await duration(file)).toBe('8000');
    await file.keyboard.press('Space');
    await expect.poll(() => positionOf(file)).toBeGreaterThan(2100);
    expect(await file.getByText(/^A session in a file/).count()).toBe(1);
    expect(asked.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
    expect(said).toEqual([]);
    await file
      .evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        try {
          document.body.append(script);
        } catch {}
      })
      .catch(() => undefined);
    expect(await file.evaluate(() => 'ran' in window)).toBe(false);
    expect(readFileSync(path, 'utf8')).not.toContain(KEY);
  },
);

test.skipIf(!CHROMIUM)('NDJSON is what the command line writes', async () => {
  const page = await openDialog();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as NDJSON' }).click();
  const text = readFileSync(await (await saved).path(), 'utf8');
  const answer = await ask('/replay/commands', {
    method: 'POST',
    body: JSON.stringify({ name: 'export', session_id: 'visit' }),
  });
  const lines = (await answer.text())
    .split('\n')
    .filter(Boolean)
    .map((reply) => JSON.parse(reply).line);
  expect(text).toBe(`${lines.join('\n')}\n`);
  const audit = await (await ask('/replay/commands', { method: 'POST', body: '{"name":"audit","since":0}' })).text();
  expect(audit).toContain('\\"act\\":\\"export\\",\\"session_id\\":\\"visit\\"');
});

test.skipIf(!CHROMIUM)(
  'a video is as long as what it shows, can be cancelled, and leaves the page usable',
  async () => {
    const page = await openDialog();
    const dialog = page.getByRole('dialog', { name: 'Share this session' });
    await dialog.getByRole('combobox', { name: 'Speed' }).selectOption('4');
    await dialog.getByText('An MP4 of', { exact: false }).waitFor();
    const saved = page.waitForEvent('download', { timeout: 120_000 });
    await dialog.getByRole('button', { name: 'Make a video' }).click();
    const path = await (await saved).path();
    const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(readFileSync(path)) });
    const track = (await input.getPrimaryVideoTrack())!;
    let [frames, last] = [0, -1];
    for await (const packet of new EncodedPacketSink(track).packets()) {
      expect(packet.timestamp).toBeGreaterThan(last);
      last = packet.timestamp;
      frames++;
    }
    // Eight seconds at 4× and 30 frames a second.
    expect(frames).toBe(60);
    expect(await input.computeDuration()).toBeCloseTo(2, 2);
    expect(await track.getDisplayWidth()).toBe(1280);

    let downloads = 0;
    page.on('download', () => downloads++);
    await dialog.getByRole('combobox', { name: 'Speed' }).selectOption('1');
    await dialog.getByRole('button', { name: 'Make a video' }).click();
    await dialog.getByText(/^Making the video: [1-9]/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel the video' }).click();
    await dialog.getByRole('button', { name: 'Make a video' }).waitFor();
    expect(await dialog.getByRole('alert').allInnerTexts()).toEqual(
      expect.not.arrayContaining([expect.stringContaining('video')]),
    );
    expect(downloads).toBe(0);
  },
  180_000,
);

test.skipIf(!CHROMIUM)('where the browser cannot make videos, it says so', async () => {
  const page = await openDialog(0, { before: () => Reflect.deleteProperty(window, 'VideoEncoder') });
  await page.getByRole('button', { name: 'Make a video' }).click();
  await page.getByRole('alert').getByText('This browser cannot make videos').waitFor();
});

test.skipIf(!CHROMIUM)('what a stranger sees is accessible, on a phone and a large screen', async () => {
  const { token } = await makeShare();
  for (const [width, height, colorScheme] of [
    [320, 640, 'dark'],
    [1920, 1080, 'light'],
  ] as const) {
    const page = await open({ key: null, place: `#share=${token}&t=3`, viewport: { width, height }, colorScheme });
    await expect.poll(() => positionOf(page)).toBe(3000);
    await page.getByText('shared with you until').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto('about:blank');
    await page.goto(`${used.site.origin}/replay#recording=none`);
    await page.getByRole('alert').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});

test.skipIf(!CHROMIUM)('the dialog is accessible in both themes, on a phone and a large screen', async () => {
  for (const [width, height, colorScheme] of [
    [320, 640, 'light'],
    [1920, 1080, 'dark'],
  ] as const) {
    await makeShare();
    const page = await openDialog(3, { viewport: { width, height }, colorScheme });
    await page.getByRole('list', { name: 'Share links of this session' }).waitFor();
    await page.getByRole('radio', { name: 'Only a stretch' }).check();
    await page.getByLabel('To', { exact: true }).fill('0:00');
    await page.getByRole('alert').getByText('From must be earlier than To').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.close();
  }
});
