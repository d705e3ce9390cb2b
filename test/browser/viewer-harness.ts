// The real app with given sessions, and its viewer opened. For the viewer's browser tests and its bench.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { builtAssets } from '../../src/node/assets.ts';
import { importSessions } from '../../src/server/import-sessions.ts';
import { KEY } from '../fixtures/app-under-test.ts';
import type { Body } from '../fixtures/recordings.ts';
import { type Meet, serveApp } from './harness.ts';

export interface Site {
  origin: string;
  /** Sessions in the form of the API's answers, imported as an export would be. */
  add(...bodies: Body[]): Promise<void>;
  /** A request with the key. */
  get(path: string): Promise<Response>;
  close(): Promise<void>;
}

/** `meet`: see `serveApp`. */
export async function startSite(meet?: Meet): Promise<Site> {
  const { app, origin, close } = await serveApp(builtAssets(true), meet);
  return {
    origin,
    get: (path) => fetch(origin + path, { headers: { 'x-api-key': KEY } }),
    async add(...bodies) {
      await importSessions(app.ports, app.writer, linesOf(bodies), (line, reason) => {
        throw new Error(`line ${line}: ${reason}`);
      });
    },
    close,
  };
}

async function* linesOf(bodies: readonly Body[]): AsyncGenerator<string> {
  for (const { session, events, gaps } of bodies) {
    yield JSON.stringify({ kind: 'session', gaps, ...session });
    for (const event of events) yield JSON.stringify(event);
  }
}

export interface Opened {
  page: Page;
  /** What the page complained of: errors, refused resources, requests to other origins. */
  complaints: string[];
}

export interface ViewerOptions {
  /** The address from the # on. */
  place?: string;
  /** Null: as a stranger. */
  key?: string | null;
  /** Runs in the page before its scripts. */
  before?: (() => void) | undefined;
}

export type ViewerContext = BrowserContextOptions & ViewerOptions;

/** Opens the viewer in a context of its own. */
export async function openViewer(
  browser: Browser,
  site: Pick<Site, 'origin'>,
  { place = '', key = KEY, before, ...context }: ViewerContext = {},
): Promise<Opened> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context })).newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A refused request is logged by the browser itself, while the viewer tells the user; reading pixels is what tests do.
    const expected = /^Failed to load resource|^Canvas2D: Multiple readback/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !expected) complaints.push(message.text());
  });
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^data:/.test(request.url()) && !request.url().startsWith(site.origin))
      complaints.push(`asked ${request.url()}`);
  });
  if (key !== null) {
    // An empty page has no storage.
    await page.addInitScript((value) => location.host && sessionStorage.setItem('silhouette.key', value), key);
  }
  if (before) await page.addInitScript(before);
  await page.goto(`${site.origin}/replay${place}`);
  return { page, complaints };
}

/** ms where the playhead is. */
export async function positionOf(page: Page): Promise<number> {
  return Number(await page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuenow'));
}

/** Where the pulse of a click lies: the middle of all pixels in its red, in CSS px of the canvas; null where there are none. */
export function redSpot(page: Page): Promise<{ x: number; y: number; pixels: number } | null> {
  return page.getByRole('img', { name: 'Replay' }).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data, width } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let [x, y, pixels] = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) {
      const near = Math.abs(data[i]! - 239) + Math.abs(data[i + 1]! - 68) + Math.abs(data[i + 2]! - 68);
      if (near > 12) continue;
      x += (i / 4) % width;
      y += Math.floor(i / 4 / width);
      pixels++;
    }
    const ratio = canvas.width / canvas.clientWidth;
    return pixels === 0 ? null : { x: x / pixels / ratio, y: y / pixels / ratio, pixels };
  });
}

/** Counts scripts that call `__pwn` in the pages to come as `counter.pwned`; takes the viewer's policy off where it is not wanted. */
export async function watchScripts(page: Page, policy: boolean): Promise<void> {
  await page.addInitScript(() => {
    const counter = { pwned: 0 };
    Object.assign(window, { counter, __pwn: () => counter.pwned++ });
  });
  if (!policy) {
    await page.route('**/replay*', async (route) => {
      const response = await route.fetch();
      const { 'content-security-policy': _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
  }
}
