// The real app with given sessions, on a free port, and a Chromium that opens its viewer. For the viewer's browser tests and its bench.
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { builtAssets } from '../../src/node/assets.ts';
import { SqliteDatabase } from '../../src/node/sqlite.ts';
import { createApp } from '../../src/server/app.ts';
import { importSessions } from '../../src/server/import-sessions.ts';
import { MemoryHotStore, MemoryObjectStore } from '../../src/server/memory.ts';
import { SqlCatalog } from '../../src/server/sql-catalog.ts';
import type { Body } from '../fixtures/recordings.ts';

export const KEY = 'a-key-for-tests-0123';
/** The product takes a headless browser's own name for a bot. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
/** Empty where this machine has no Chromium: tests then skip. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export interface Site {
  origin: string;
  /** Sessions in the form of the API's answers, imported as an export would be. */
  add(...bodies: Body[]): Promise<void>;
  close(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const folder = new URL('../../migrations/', import.meta.url);
  const migrations = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const database = new SqliteDatabase(':memory:');
  const catalog = new SqlCatalog(database, migrations);
  await catalog.prepare();
  const ports = {
    hot: new MemoryHotStore(),
    objects: new MemoryObjectStore(),
    catalog,
    clock: { now: () => Date.now() },
  };
  const app = createApp(ports, {
    apiKey: KEY,
    allowedOrigins: null,
    rateLimits: false,
    respectPrivacySignals: true,
    recordBots: false,
    retentionDays: 30,
    assets: builtAssets(true),
    background: (work) => void work.catch(() => undefined),
    log: () => undefined,
    stopping: () => false,
  });
  const server = createAdaptorServer({
    fetch: (request) => app.fetch(request, { address: '127.0.0.1', country: null }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async add(...bodies) {
      await importSessions(app.ports, app.writer, linesOf(bodies), (line, reason) => {
        throw new Error(`line ${line}: ${reason}`);
      });
    },
    async close() {
      await new Promise((resolve) => server.close(resolve));
      database.close();
    },
  };
}

async function* linesOf(bodies: readonly Body[]): AsyncGenerator<string> {
  for (const { session, events, gaps } of bodies) {
    yield JSON.stringify({ kind: 'session', gaps, ...session });
    for (const event of events) yield JSON.stringify(event);
  }
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--user-agent=${USER_AGENT}`,
    ],
  });
}

export interface Opened {
  page: Page;
  /** What the page complained of: errors, refused resources, requests to other origins. */
  complaints: string[];
}

/** Opens the viewer in a context of its own; `key` null: as a stranger. `place` is the address from the # on. */
export async function openViewer(
  browser: Browser,
  site: Site,
  { place = '', key = KEY, ...context }: BrowserContextOptions & { place?: string; key?: string | null } = {},
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
  if (key !== null) await page.addInitScript((value) => sessionStorage.setItem('silhouette.key', value), key);
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
