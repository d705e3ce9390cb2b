// What the server did not take is kept: for as long as it is away, over closed tabs, within bounds, and never against the visitor's will. The clock is moved, not waited for.
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../src/format/event.ts';
import type { Gap } from '../../src/format/session.ts';
import { CHROMIUM } from './harness.ts';
import { TAG } from './tracker-harness.ts';
import { useSite } from './use-site.ts';

declare global {
  interface Window {
    /** All of the page: when (epoch ms) and which batch. */
    attempts: { at: number; name: string }[];
    /** Done when no attempt is under way. */
    settled(): Promise<void>;
  }
}
declare const attempts: Window['attempts'];
declare const settled: Window['settled'];

const used = useSite();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const URL_OF = '/kept';

/** ms by which the clock is moved at once, less than an attempt may take. */
const STEP = 20_000;
/** Server and pages have one clock; ms by which it is ahead of this machine's. */
let ahead = 0;
const { now } = Date;
async function moveClock(ms: number, ...pages: Page[]): Promise<void> {
  for (let left = ms; left > 0; left -= STEP) {
    const step = Math.min(STEP, left);
    ahead += step;
    for (const page of pages) await page.clock.runFor(step);
    for (const page of pages) await page.evaluate(() => settled());
  }
}

const cutOff = (context: BrowserContext) => context.route('**/collect', (route) => route.abort('connectionrefused'));
const reconnect = (context: BrowserContext) => context.unroute('**/collect');

const flush = (page: Page) => page.evaluate(() => window.silhouette!.sessionId());
const kept = (page: Page) =>
  page.evaluate(() => Object.entries({ ...localStorage }).filter(([name]) => /^_silhouette./.test(name)));
const sizeOf = (entries: [string, string][]) => entries.reduce((sum, [, text]) => sum + text.length, 0);

/** A tab whose clock is the server's, and whose events' own clock as well. */
async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.clock.install({ time: Date.now() });
  await page.addInitScript(() => {
    Object.defineProperty(Event.prototype, 'timeStamp', { get: () => performance.now() });
    const { fetch } = window;
    const underWay = new Set<Promise<unknown>>();
    window.attempts = [];
    window.fetch = (url, options) => {
      const { sent_at: at, page_id, seq } = JSON.parse(options!.body as string);
      attempts.push({ at, name: `${page_id}.${seq}` });
      const answer = fetch(url, options);
      const read = answer.then((response) => response.clone().text());
      underWay.add(read);
      read.catch(() => {}).then(() => underWay.delete(read));
      return answer;
    };
    const { port1, port2 } = new MessageChannel();
    window.settled = async () => {
      do {
        await Promise.allSettled(underWay);
        // What the page does then, another attempt perhaps.
        for (let turn = 0; turn < 5; turn++)
          await new Promise((resolve) => {
            port1.onmessage = resolve;
            port2.postMessage(0);
          });
      } while (underWay.size > 0);
    };
  });
  await page.goto(url);
  return page;
}
/** A browser profile that stays when its tabs are closed. */
async function newContext(): Promise<BrowserContext> {
  const context = await used.browser.newContext({ viewport: { width: 1280, height: 720 } });
  await context.newPage();
  return context;
}
const closeTab = (page: Page) => Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
const stored = () => used.site.arrivals.filter(({ status }) => status === 202);
const clicks = () => used.site.events().flatMap((event) => (event.event_type === 'click' ? [event.x] : []));
const untilClicks = (count: number) => used.site.until(`${count} clicks`, () => clicks().length >= count);
async function read(page: Page): Promise<{ events: SessionEvent[]; gaps: Gap[] }> {
  return (await (await used.site.get(`/replay/sessions/${await flush(page)}`)).json()) as never;
}

describe.skipIf(!CHROMIUM)('what the server did not take', () => {
  beforeEach(() => {
    used.site.clear();
    ahead = 0;
    Date.now = () => now() + ahead;
  });
  afterEach(() => {
    Date.now = now;
  });

  it('waits for seventy minutes in an open tab, tried ever more rarely, and arrives whole, once and in order', async () => {
    const context = await newContext();
    const page = await openTab(context, used.site.page(URL_OF, `<body>${TAG}`));
    await moveClock(MINUTE, page);
    await used.site.until('the page view', () => stored()[0]);
    await cutOff(context);
    const cutOffAt = Date.now();
    for (let i = 1; i <= 70; i++) {
      await page.mouse.click(i, 10);
      await moveClock(MINUTE, page);
    }
    expect(clicks()).toEqual([]);
    const failed = (await page.evaluate(() => attempts)).flatMap(({ at }) => (at > cutOffAt ? [at] : []));
    const pauses = failed.slice(1).map((at, i) => at - failed[i]!);
    expect(failed.length).toBeGreaterThan(15);
    expect(failed.length).toBeLessThan(40);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(300_000 + STEP);
    expect(pauses.slice(-5).every((pause) => pause >= 200_000)).toBe(true);
    expect(new Set(pauses.slice(-5)).size).toBeGreaterThan(1);
    await reconnect(context);
    await moveClock(6 * MINUTE, page);
    await untilClicks(70);
    const { events, gaps } = await read(page);
    const xs = events.flatMap((event) => (event.event_type === 'click' ? [event.x] : []));
    expect(xs).toEqual(Array.from({ length: 70 }, (_, i) => i + 1));
    expect(gaps).toEqual([]);
    const names = stored().map(({ batch }) => `${batch.page_id}.${batch.seq}`);
    expect(names).toEqual([...new Set(names)]);
    expect(used.site.traffic.most).toBe(1);
    expect(await kept(page)).toEqual([]);
    await context.close();
  });

  it('is sent by the next visit, nearly a day later', async () => {
    const context = await newContext();
    const url = used.site.page(URL_OF, `<body>${TAG}`);
    const page = await openTab(context, url);
    await moveClock(MINUTE, page);
    await used.site.until('the page view', () => stored()[0]);
    const id = await flush(page);
    await cutOff(context);
    await page.mouse.click(1, 10);
    await moveClock(10_000, page);
    await page.mouse.click(2, 10);
    await closeTab(page);
    await reconnect(context);
    ahead += 23.5 * HOUR;
    used.site.page('/later', `<body>${TAG}`);
    const later = await openTab(context, `${used.site.origin}/later`);
    await moveClock(10_000, later);
    await untilClicks(2);
    const { events } = (await (await used.site.get(`/replay/sessions/${id}`)).json()) as { events: SessionEvent[] };
    expect(events.flatMap((event) => (event.event_type === 'click' ? [event.x] : [])).sort()).toEqual([1, 2]);
    expect(await kept(later)).toEqual([]);
    await context.close();
  });

  it('is sent by another tab of the site, once', async () => {
    const context = await newContext();
    const url = used.site.page(URL_OF, `<body>${TAG}`);
    const tabs = [await openTab(context, url), await openTab(context, url), await openTab(context, url)];
    const [first, ...others] = tabs as [Page, Page, Page];
    await moveClock(MINUTE, ...tabs);
    await used.site.until('all page views', () => stored().length >= 3);
    await cutOff(context);
    await first.mouse.click(7, 10);
    await moveClock(10_000, first);
    await expect.poll(async () => (await kept(first)).length).toBe(1);
    const [id] = await first.evaluate(() => attempts[0]!.name.split('.'));
    await closeTab(first);
    await reconnect(context);
    await others[0]!.mouse.click(8, 10);
    await moveClock(10_000, ...others);
    await untilClicks(2);
    // Its last words may have arrived by themselves, too; of the open tabs only one sends what it left.
    const sent = (await Promise.all(others.map((page) => page.evaluate(() => attempts))))
      .flat()
      .map(({ name }) => name);
    const left = sent.filter((name) => name.startsWith(id!));
    expect(left.length).toBeGreaterThan(0);
    expect(left).toEqual([...new Set(left)]);
    const { events } = await read(others[0]!);
    expect(events.flatMap((event) => (event.event_type === 'click' ? [event.x] : [])).sort()).toEqual([7, 8]);
    expect(await kept(others[0]!)).toEqual([]);
    await context.close();
  });

  it('takes no more than a megabyte, gives up mouse samples before all else, and is told as a gap', async () => {
    const context = await newContext();
    const page = await openTab(context, used.site.page(URL_OF, `<body>${TAG}`));
    await moveClock(MINUTE, page);
    await used.site.until('the page view', () => stored()[0]);
    await cutOff(context);
    const from = Date.now();
    await page.evaluate(() => {
      for (let i = 0; i < 300; i++) window.silhouette!.track(`n${i}`, { text: 'x'.repeat(4000) });
    });
    await moveClock(STEP, page);
    await expect.poll(async () => sizeOf(await kept(page))).toBeGreaterThan(800_000);
    expect(sizeOf(await kept(page))).toBeLessThan(1 << 20);
    for (let i = 0; i < 20; i++) {
      await page.mouse.move(500 + i, 500);
      await moveClock(500, page);
    }
    await page.mouse.click(600, 600);
    await moveClock(5 * MINUTE, page);
    const to = Date.now();
    expect(sizeOf(await kept(page))).toBeLessThan(1 << 20);
    await reconnect(context);
    await moveClock(6 * MINUTE, page);
    await untilClicks(1);
    await page.mouse.click(700, 600);
    await moveClock(10_000, page);
    await untilClicks(2);
    const { events, gaps } = await read(page);
    expect(
      events.filter(({ event_type }) => event_type === 'mousemove').map((event) => (event as { x: number }).x),
    ).toEqual([700]);
    const names = events.flatMap((event) => (event.event_type === 'custom' ? [event.name] : []));
    expect(names).toContain('n299');
    expect(names.length).toBeGreaterThan(190);
    expect(names.length).toBeLessThan(300);
    expect(gaps.length).toBeGreaterThan(0);
    for (const gap of gaps) {
      expect(gap.reason).toBe('dropped');
      expect(gap.from).toBeGreaterThan(from - 2 * MINUTE);
      expect(gap.to).toBeLessThan(to + MINUTE);
    }
    await context.close();
  });

  it('is removed when the visitor opts out, in every tab, and nothing is put there any more', async () => {
    const context = await newContext();
    const url = used.site.page(URL_OF, `<body>${TAG}`);
    const [page, other] = [await openTab(context, url), await openTab(context, url)];
    await moveClock(MINUTE, page, other);
    await used.site.until('both page views', () => stored().length >= 2);
    await cutOff(context);
    for (const tab of [page, other]) await tab.mouse.click(9, 9);
    await moveClock(STEP, page, other);
    await expect.poll(async () => (await kept(page)).length).toBeGreaterThan(0);
    await expect.poll(async () => String(await kept(page)) === String(await kept(other))).toBe(true);
    // What the other tab has not put there yet.
    await other.mouse.click(19, 19);
    await page.evaluate(() => window.silhouette!.optOut());
    await moveClock(6 * MINUTE, page, other);
    await expect.poll(() => kept(page)).toEqual([]);
    await reconnect(context);
    await moveClock(6 * MINUTE, page, other);
    await closeTab(other);
    expect(await kept(page)).toEqual([]);
    expect(clicks()).toEqual([]);
    await context.close();
  });

  it('is not sent before a visitor has consented again', async () => {
    const context = await newContext();
    const page = await openTab(context, used.site.page(URL_OF, `<body>${TAG}`));
    await moveClock(MINUTE, page);
    await used.site.until('the page view', () => stored()[0]);
    await cutOff(context);
    await page.mouse.click(9, 9);
    await moveClock(STEP, page);
    used.site.page('/asking', `<body>${TAG.replace('defer', 'defer data-consent="required"')}`);
    await page.goto(`${used.site.origin}/asking`);
    const [entry] = await kept(page);
    await reconnect(context);
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await moveClock(MINUTE, page);
    expect(await kept(page)).toEqual([entry]);
    expect(clicks()).toEqual([]);
    await page.evaluate(() => window.silhouette!.start());
    await moveClock(MINUTE, page);
    await untilClicks(1);
    await context.close();
  });

  it.each([
    [
      'throws',
      `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })`,
    ],
    ['is full', `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }`],
  ])('stays in memory where storage %s', async (_, script) => {
    const context = await newContext();
    const page = await openTab(context, used.site.page(URL_OF, `<script>${script}</script><body>${TAG}`));
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    await moveClock(MINUTE, page);
    await used.site.until('the page view', () => stored()[0]);
    await cutOff(context);
    for (let i = 1; i <= 5; i++) {
      await page.mouse.click(i, 9);
      await moveClock(2 * MINUTE, page);
    }
    await reconnect(context);
    await moveClock(6 * MINUTE, page);
    await untilClicks(5);
    expect(clicks()).toEqual([1, 2, 3, 4, 5]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is the only thing that is put into storage: nothing is, as long as all is well', async () => {
    const context = await newContext();
    const page = await openTab(context, used.site.page(URL_OF, `<body>${TAG}`));
    await moveClock(MINUTE, page);
    for (let i = 1; i <= 3; i++) {
      await page.mouse.click(i, 9);
      await moveClock(10_000, page);
      expect(await kept(page)).toEqual([]);
    }
    await page.reload();
    expect(await kept(page)).toEqual([]);
    await untilClicks(3);
    await context.close();
  });

  it('leaves nothing behind where another tab has taken it', async () => {
    const context = await newContext();
    const page = await openTab(context, used.site.page(URL_OF, `<body>${TAG}`));
    const other = await openTab(context, used.site.page('/bare', '<body>'));
    await moveClock(MINUTE, page);
    await used.site.until('the page view', () => stored()[0]);
    await cutOff(context);
    await page.mouse.click(9, 9);
    await page.evaluate(() => window.silhouette!.stop());
    await moveClock(STEP, page);
    await expect.poll(async () => (await kept(page)).length).toBe(1);
    await other.evaluate((name) => localStorage.removeItem(name), (await kept(page))[0]![0]);
    await closeTab(page);
    expect(await kept(other)).toEqual([]);
    await context.close();
  });
});
