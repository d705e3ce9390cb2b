// The built server as a process and its viewer in Chromium, with a watch for whatever must not happen there. For browser.test.ts and browser-key.test.ts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { CHROMIUM, launchChromium } from '../browser/harness.ts';
import { type Opened, openViewer, type ViewerOptions, watchScripts } from '../browser/viewer-harness.ts';
import { KEY } from '../fixtures/app-under-test.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';

/** One server and one Chromium for all tests of a file; `prepare` fills the server. */
export function useViewer(
  prepare: (used: { server: RunningServer; dataDir: string }) => Promise<void> = async () => {},
) {
  const used = {} as { server: RunningServer; browser: Browser; dataDir: string };
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    if (!CHROMIUM) return;
    const folder = mkdtempSync(join(tmpdir(), 'silhouette-attacks-'));
    ends.push(async () => rmSync(folder, { recursive: true, force: true }));
    used.dataDir = join(folder, 'data');
    const started = startServer(used.dataDir, { API_KEY: KEY }, (end) => ends.unshift(end));
    [used.server, used.browser] = await Promise.all([started, launchChromium()]);
    await prepare(used);
  });
  afterAll(async () => {
    await used.browser?.close();
    for (const end of ends) await end();
  });
  return used;
}

/** The viewer, in which a script that ran would be counted, without its policy if so wished. */
export async function openWatched(
  { browser, server }: { browser: Browser; server: { origin: string } },
  options: ViewerOptions & { policy?: boolean; fill?: (page: Page) => Promise<void> } = {},
): Promise<Opened> {
  const { policy = true, fill, place = '', ...rest } = options;
  const opened = await openViewer(browser, server, { ...rest, viewport: { width: 1600, height: 1600 } });
  const { page } = opened;
  await watchScripts(page, policy);
  await fill?.(page);
  // Another address than before: the page is loaded anew, with what was added to it.
  await page.goto(`${server.origin}/replay${place.includes('?') ? place : `?watched${place}`}`);
  return opened;
}

/** No script ran, nothing was asked of anybody else, nothing navigated, and no markup was made of any text. */
export async function expectSafe({ page, complaints }: Opened, origin: string): Promise<void> {
  // Whatever was begun (an image that fails, a refresh after 0 s) has come to its end by the frames after an answer.
  await page.evaluate(() => fetch('/health').then(() => new Promise(requestAnimationFrame)));
  const ran = await page.evaluate(() => (window as unknown as { counter: { pwned: number } }).counter.pwned);
  expect([ran, complaints]).toEqual([0, []]);
  expect(new URL(page.url()).pathname).toBe('/replay');
  expect(page.url().startsWith(origin)).toBe(true);
  expect(page.frames()).toHaveLength(1);
  const markup = 'iframe, base, object, embed, form button[formaction], [onerror], [onload], [ontoggle], [onfocus]';
  expect(await page.locator(markup).count()).toBe(0);
  // Of all that comes from a recording nothing is a link.
  for (const link of await page.locator('a[href]').all())
    expect(await link.getAttribute('href')).toMatch(/^(\/|#|https?:)/);
}

/** Puts an object into a data directory as it lies there, line by line, whatever the lines are. */
export function plantObject(dataDir: string, session: Record<string, unknown>, events: readonly unknown[]): void {
  const { session_id, started_at } = session as { session_id: string; started_at: number };
  const day = new Date(started_at).toISOString().slice(0, 10).replaceAll('-', '/');
  const names = [{ page_id: 'p', seq: 0, accepted: events.length, rejected: 0, event_count: events.length }];
  const header = { kind: 'object', v: 1, object: 1, session, clock_offset: 0, batches: names };
  const text = [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
  const end = started_at + 600_000;
  const path = join(dataDir, `sessions/${day}/${session_id}/events/000001-${started_at}-${end}.ndjson.gz`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(text));
}
