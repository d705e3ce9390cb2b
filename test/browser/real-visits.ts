// Visits to real pages with the real tracker and the real app, and their replays in the real viewer. For the tests side by side and of the golden promise.
import { type Browser, type BrowserContextOptions, errors, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { SessionEvent } from '../../src/format/event.ts';
import { builtAssets } from '../../src/node/assets.ts';
import { KEY } from '../fixtures/app-under-test.ts';
import { servePages } from '../fixtures/pages.ts';
import type { Body } from '../fixtures/recordings.ts';
import { serveApp } from './harness.ts';
import { openViewer, positionOf, type Site } from './viewer-harness.ts';

/** CSS px; at ratio 1 stage and page have one picture's size. */
export const DESKTOP = { width: 1280, height: 800 };

/** A page is at rest once nothing in it changed for this long, ms; one that never rests is taken as it is after the other. */
const REST_MS = 1700;
const RESTLESS_MS = 8000;

export type Recorded = Omit<Body, 'events'> & { events: SessionEvent[] };

export interface RealSite {
  /** Where the app is: viewer, tracker, API. */
  origin: string;
  /** A page of the packages, open in a profile of its own, with everything but this machine out of reach; `before` runs in it before its scripts. */
  visit(browser: Browser, path: string, options?: BrowserContextOptions, before?: () => void): Promise<Page>;
  /** What is recorded of it so far, the last change of a page at rest included. */
  recorded(page: Page): Promise<Recorded>;
  close(): Promise<void>;
}

export async function startRealSite(): Promise<RealSite> {
  const { origin, close } = await serveApp(builtAssets(false));
  const pages = await servePages(`<script defer src="${origin}/tracker.js"></script>`);
  const isNear = (url: URL) => [origin, pages.origin].includes(url.origin);
  return {
    origin,
    async visit(browser, path, options = {}, before = () => undefined) {
      const context = await browser.newContext({
        viewport: DESKTOP,
        reducedMotion: 'reduce',
        serviceWorkers: 'block',
        ...options,
      });
      await context.route(
        (url) => !isNear(url),
        (route) => route.abort(),
      );
      const page = await context.newPage();
      await page.addInitScript(watchChanges);
      await page.addInitScript(before);
      await page.goto(pages.origin + path);
      await rest(page);
      return page;
    },
    async recorded(page) {
      await rest(page);
      // Asking for the id sends what was told.
      const id = await page.evaluate(() => window.silhouette!.sessionId());
      let found: Recorded | null = null;
      const read = async () => {
        const answer = await fetch(`${origin}/replay/sessions/${id}`, { headers: { 'x-api-key': KEY } });
        found = answer.ok ? await answer.json() : null;
        return found?.events.some((event) => event.event_type === 'layout');
      };
      await expect.poll(read, { message: `the outline of ${page.url()}` }).toBe(true);
      return found!;
    },
    async close() {
      await pages.close();
      await close();
    },
  };
}

type Watched = typeof window & { changedAt: number };

function watchChanges(): void {
  const watched = window as Watched;
  watched.changedAt = 0;
  const all = { attributes: true, characterData: true, childList: true, subtree: true };
  new MutationObserver(() => {
    watched.changedAt = performance.now();
  }).observe(document, all);
}

async function rest(page: Page): Promise<void> {
  await page
    .waitForFunction((ms) => performance.now() - (window as Watched).changedAt > ms, REST_MS, { timeout: RESTLESS_MS })
    .catch((error: unknown) => {
      if (!(error instanceof errors.TimeoutError)) throw error;
    });
}

/** A viewer whose stage is as large as the desktop's viewport where it shows one: a frame is one to one. */
export async function openStage(browser: Browser, site: Pick<Site, 'origin'>, first: Recorded, before?: () => void) {
  const roomy = { width: DESKTOP.width + 600, height: DESKTOP.height + 500 };
  const place = `#session=${first.session.session_id}&t=0`;
  const { page, complaints } = await openViewer(browser, site, { place, viewport: roomy, before });
  const canvas = page.getByRole('img', { name: 'Replay' });
  const measure = async () => (await canvas.boundingBox())!;
  await expect.poll(async () => (await measure())?.width).toBeGreaterThan(DESKTOP.width - 300);
  const { width, height } = await measure();
  await page.setViewportSize({
    width: Math.round(roomy.width + DESKTOP.width - width),
    height: Math.round(roomy.height + DESKTOP.height - height),
  });
  return { page, complaints };
}

/** Opens the session there at its end; ready once the frame is drawn. */
export async function showEnd(viewer: Page, { session }: Recorded): Promise<void> {
  const { session_id, duration, entry_page } = session as { session_id: string; duration: number; entry_page: string };
  await viewer.evaluate(
    ([id, seconds]) => {
      location.hash = `#session=${id}&t=${seconds}`;
    },
    [session_id, duration / 1000 + 1] as const,
  );
  const path = new URL(entry_page).pathname;
  await expect.poll(() => viewer.getByLabel('Current page').textContent()).toContain(path);
  // What the page told when it was closed may have come since.
  await expect.poll(() => positionOf(viewer)).toBeGreaterThanOrEqual(duration);
  await viewer.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** The canvas as it is, without what the viewer says over it; PNG. */
export async function pictureOf(viewer: Page): Promise<Buffer> {
  const address = await viewer
    .getByRole('img', { name: 'Replay' })
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');
}
