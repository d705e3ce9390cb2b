// The real app behind a server that also has pages with the tracker on them. For the tracker's browser tests.
import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { bundleTracker } from '../../scripts/bundle-tracker.mjs';
import type { EventBatch } from '../../src/format/batch.ts';
import type { SentEvent } from '../../src/format/event.ts';
import { parseBatch } from '../../src/format/parse-batch.ts';
import type { Asset } from '../../src/server/assets.ts';
import type { AppOptions } from '../../src/server/context.ts';
import { KEY } from '../fixtures/app-under-test.ts';
import { serveApp } from './harness.ts';

declare global {
  interface Window {
    silhouette?: {
      start(): void;
      stop(): void;
      optOut(): void;
      identify(id: string): void;
      track(name: string, properties?: Record<string, unknown>): void;
      sessionId(): Promise<string | null>;
    };
  }
}

const PATIENCE_MS = 40_000;

/** The tag that a site's owner pastes, without outlines: most tests look at exact lists of events. */
export const TAG = '<script defer src="/tracker.js" data-silhouette="off"></script>';

/** The same with outlines of the page. */
export const OUTLINE_TAG = '<script defer src="/tracker.js"></script>';

/** A request to /collect, in order of arrival. */
export interface Arrival {
  batch: EventBatch;
  /** As it was sent. */
  body: string;
  /** What was answered. */
  status: number;
  /** Epoch ms. */
  at: number;
  headers: Record<string, string>;
}

export interface Site {
  origin: string;
  arrivals: Arrival[];
  /** Puts a page there and gives its address. */
  page(path: string, html: string, headers?: Record<string, string>): string;
  /** Answers the next requests to /collect like this, one each, before the app is asked again. */
  refuse(...answers: { status: number; headers?: Record<string, string> }[]): void;
  /** Holds back answers to /collect until the function that it gives is called. */
  hold(): () => void;
  /** The events of all batches the app took, each batch once, in order of time. */
  events(): SentEvent[];
  /** Waits until `find` finds something; it looks again whenever a batch was answered. */
  until<T>(what: string, find: () => T | undefined | false | null): Promise<T>;
  /** Of all requests to /collect so far: how many were under way at once at most, and how many asked for permission first. */
  traffic: { most: number; preflights: number };
  /** Forgets what arrived and whatever else comes from those pages, and refuses nothing more. */
  clear(): void;
  /** A request to the app with the key. */
  get(path: string): Promise<Response>;
  close(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const pages = new Map<string, { html: string; headers: Record<string, string> }>();
  const refusals: { status: number; headers?: Record<string, string> }[] = [];
  const arrivals: Arrival[] = [];
  let looks = new Set<() => void>();
  let held: Promise<void> | undefined;

  const forgotten = new Set<string>();
  const traffic = { most: 0, preflights: 0 };
  let underWay = 0;

  const collect = async (request: Request, ask: (request: Request) => Response | Promise<Response>) => {
    traffic.most = Math.max(traffic.most, ++underWay);
    const body = await request.clone().text();
    const refusal = refusals.shift();
    if (held) await held;
    const response = refusal
      ? new Response('{}', {
          status: refusal.status,
          headers: {
            'access-control-allow-origin': '*',
            'access-control-expose-headers': 'retry-after',
            ...refusal.headers,
          },
        })
      : await ask(request);
    const headers = Object.fromEntries(request.headers);
    const batch = parseBatch(JSON.parse(body));
    if (!forgotten.has(batch.page_id)) arrivals.push({ batch, body, status: response.status, at: Date.now(), headers });
    for (const look of looks) look();
    underWay--;
    return response;
  };
  const served = await serveApp(await assetsOfNow(), (request, ask) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/collect' && request.method === 'POST') return collect(request, ask);
    if (request.method === 'OPTIONS') traffic.preflights++;
    const page = pages.get(pathname);
    if (!page) return ask(request);
    return new Response(page.html, { headers: { 'content-type': 'text/html; charset=utf-8', ...page.headers } });
  });
  const { origin } = served;

  const site: Site = {
    origin,
    arrivals,
    page(path, html, headers = {}) {
      pages.set(path, { html: `<!doctype html><meta charset="utf-8"><title>A page</title>${html}`, headers });
      return origin + path;
    },
    refuse: (...answers) => void refusals.push(...answers),
    hold() {
      let release!: () => void;
      held = new Promise((resolve) => {
        release = () => {
          held = undefined;
          resolve();
        };
      });
      return release;
    },
    events: () =>
      [
        ...new Map(
          arrivals.map((arrival) => [`${arrival.batch.page_id}.${arrival.batch.seq}.${arrival.status}`, arrival]),
        ),
      ]
        .filter(([, { status }]) => status === 202)
        .flatMap(([, { batch }]) => batch.events)
        .sort((a, b) => a.timestamp - b.timestamp),
    until(what, find) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = find();
          if (!found) return;
          end();
          resolve(found);
        };
        const timer = setTimeout(() => {
          end();
          const seen = arrivals.map(
            ({ status, batch }) => `${status} ${batch.events.map((e) => e.event_type).join(' ')}`,
          );
          reject(new Error(`${what} did not come; what came: ${seen.join(' | ') || 'nothing'}`));
        }, PATIENCE_MS);
        const end = () => {
          clearTimeout(timer);
          looks.delete(look);
        };
        looks.add(look);
        look();
      });
    },
    traffic,
    clear() {
      for (const { batch } of arrivals.splice(0)) forgotten.add(batch.page_id);
      refusals.splice(0);
      Object.assign(traffic, { most: 0, preflights: 0 });
    },
    get: (path) => fetch(origin + path, { headers: { 'x-api-key': KEY } }),
    async close() {
      looks = new Set();
      await served.close();
    },
  };
  return site;
}

let bundled: ReturnType<typeof bundleTracker> | undefined;

/** The tracker as its sources are now, not as it was built last. */
async function assetsOfNow(): Promise<AppOptions['assets']> {
  bundled ??= bundleTracker();
  const body = await bundled;
  const tracker: Asset = {
    type: 'text/javascript; charset=utf-8',
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    body,
  };
  return { tracker, viewer: tracker, viewerPolicy: '', demo: null };
}

export function listenTo(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
}
