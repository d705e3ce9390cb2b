// The same visit recorded by our tracker and by rrweb in one page, and both recordings made longer in the same way. Called by viewer.bench.ts.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import type { SessionEvent } from '../src/format/event.ts';
import type { SessionRecord } from '../src/format/session.ts';
import { visit, visitedPage } from './visit.ts';

export interface RrwebEvent {
  timestamp: number;
}

export interface Recorded {
  session: SessionRecord;
  events: SessionEvent[];
  rrweb: RrwebEvent[];
}

/** What records for rrweb, as a script. */
export async function rrwebRecorder(): Promise<string> {
  const contents = `import { record } from '@rrweb/record'; window.recorded = []; record({ emit: (event) => recorded.push(event) });`;
  const stdin = { contents, resolveDir: import.meta.dirname };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: 'iife', write: false });
  return outputFiles[0]!.text;
}

export const VISITED = visitedPage('<script src="/peer/record.js"></script><script defer src="/tracker.js"></script>');

/** One busy minute on a page that has both on it. */
export async function recordTwice(
  browser: Browser,
  origin: string,
  read: (id: string) => Promise<Pick<Recorded, 'session' | 'events'>>,
): Promise<Recorded> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await page.goto(`${origin}/shop`);
  await visit(await page.context().newCDPSession(page));
  const id = (await page.evaluate(() => window.silhouette?.sessionId())) as string;
  const rrweb = (await page.evaluate('recorded')) as RrwebEvent[];
  await page.close({ runBeforeUnload: true });
  const { session, events } = await read(id);
  await page.context().close();
  return { session, events, rrweb };
}

/** How often the visit is made anew, evenly over `ms`: `events` of ours come together. */
export function timesOf({ events }: Recorded, count: number, ms: number): number[] {
  const visits = Math.max(2, Math.floor(count / events.length));
  return Array.from({ length: visits }, (_, i) => Math.round((i * (ms - 60_000)) / (visits - 1)));
}

/** Each time in a page load of its own. */
export function repeatOurs({ events }: Recorded, times: readonly number[]): SessionEvent[] {
  return times.flatMap((shift, i) =>
    events.map((event) => ({
      ...event,
      event_id: event.event_id.replace('.', `-${i}.`),
      timestamp: event.timestamp + shift,
    })),
  );
}

/** As JSON, gzipped; each time with the snapshot that it began with. */
export function repeatRrweb({ rrweb }: Recorded, times: readonly number[]): { gzipped: Buffer; bytes: number } {
  const parts = times.map((shift) =>
    rrweb.map((event) => JSON.stringify({ ...event, timestamp: event.timestamp + shift })).join(),
  );
  const text = Buffer.from(`[${parts.join()}]`);
  return { gzipped: gzipSync(text), bytes: text.length };
}
