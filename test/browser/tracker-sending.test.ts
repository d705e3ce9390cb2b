// What was captured arrives: over closing tabs, servers that are away, and answers of every kind.
import type { Page } from 'playwright-core';
import { test as base, describe, expect } from 'vitest';
import { CHROMIUM } from './harness.ts';
import { type Arrival, type Site, startSite, TAG } from './tracker-harness.ts';
import { useSite } from './use-site.ts';

const used = useSite();
/** Each has a server of its own, which may refuse and hold back, so that they wait side by side. */
const it = base.extend<{ site: Site }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it what a fixture needs
  site: async ({}, use) => {
    const site = await startSite();
    await use(site);
    await site.close();
  },
});

const flush = (page: Page) => page.evaluate(() => window.silhouette!.sessionId());
const arrivalsOf = (site: Site, url: string): Arrival[] =>
  site.arrivals.filter(({ batch }) => batch.events[0]!.page === url);
const untilArrivals = (site: Site, url: string, count: number) =>
  site.until(`${count} batches of ${url}`, () => {
    const found = arrivalsOf(site, url);
    return found.length >= count && found;
  });
/** Each page that is left tells so last. */
const untilHidden = (site: Site, url: string, count: number) =>
  site.until(`${count} ends of ${url}`, () => {
    const hidden = arrivalsOf(site, url).filter(({ batch: { events } }) => {
      const last = events.at(-1)!;
      return last.event_type === 'visibility_change' && last.state === 'hidden';
    });
    return hidden.length >= count;
  });
/** The page itself has read the answer to its first batch. */
const untilAnswered = async (site: Site, page: Page, url: string) => {
  await untilArrivals(site, url, 1);
  await flush(page);
};
const clicksAt = (site: Site, url: string) =>
  site.events().flatMap((event) => (event.event_type === 'click' && event.page === url ? [event.x] : []));

describe.skipIf(!CHROMIUM).concurrent('a batch', () => {
  it('goes once after five seconds, the first one sooner, and none goes while nothing happens', async ({ site }) => {
    const url = site.page('/calm', `<body>${TAG}`);
    const page = await used.visit('about:blank');
    // Its clock stands still unless it is moved.
    const time = Date.now();
    await page.clock.install({ time });
    await page.clock.pauseAt(time + 1000);
    await page.addInitScript(() =>
      Object.defineProperty(Event.prototype, 'timeStamp', { get: () => performance.now() }),
    );
    await page.goto(url);
    await page.clock.runFor(1000);
    await untilArrivals(site, url, 1);
    await page.mouse.click(10, 10);
    await page.clock.runFor(2400);
    await page.mouse.click(20, 20);
    await page.clock.runFor(2500);
    await page.mouse.click(30, 30);
    await page.clock.runFor(200);
    const [, second] = await untilArrivals(site, url, 2);
    const clicks = second!.batch.events.flatMap((event) => (event.event_type === 'click' ? [event.x] : []));
    expect(clicks).toEqual([10, 20, 30]);
    await page.clock.runFor(60_000);
    await page.close({ runBeforeUnload: true });
    await untilHidden(site, url, 1);
    expect(arrivalsOf(site, url).map(({ batch }) => batch.seq)).toEqual([0, 1, 2]);
    await page.context().close();
  });

  it('arrives with the last click when the tab is closed right after it', async ({ site }) => {
    const url = site.page('/closed', `<body>${TAG}`);
    for (let i = 1; i <= 5; i++) {
      const page = await used.visit(url);
      await page.mouse.click(100 + i, 10);
      await page.close({ runBeforeUnload: true });
      await site.until(`click ${i}`, () => clicksAt(site, url).includes(100 + i));
    }
  });

  it('arrives with the click that left the page', async ({ site }) => {
    const url = site.page(
      '/left',
      `<body style="margin:0"><a href="/elsewhere" style="display:block;height:50px">go</a>${TAG}`,
    );
    site.page('/elsewhere', '<body>elsewhere');
    for (let i = 1; i <= 5; i++) {
      const page = await used.visit(url);
      await page.mouse.click(100 + i, 10);
      await page.waitForURL('**/elsewhere');
      await site.until(`click ${i}`, () => clicksAt(site, url).includes(100 + i));
      await untilHidden(site, url, i);
      await page.context().close();
    }
  });

  it('is sent again after the pause that the server asked for, the same but for the time of sending', async ({
    site,
  }) => {
    site.refuse({ status: 503, headers: { 'retry-after': '2' } }, { status: 429, headers: { 'retry-after': '1' } });
    const url = site.page('/busy', `<body>${TAG}`);
    const page = await used.visit(url);
    const [first, second, third] = await untilArrivals(site, url, 3);
    expect([first!.status, second!.status, third!.status]).toEqual([503, 429, 202]);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(2000);
    expect(third!.at - second!.at).toBeGreaterThanOrEqual(1000);
    expect(second!.batch.sent_at - first!.batch.sent_at).toBeGreaterThanOrEqual(2000);
    const same = ({ body }: Arrival) => body.replace(/"sent_at":\d+/, '');
    expect([same(second!), same(third!)]).toEqual([same(first!), same(first!)]);
    await page.context().close();
  });

  it('that is refused for good is dropped, counted and not sent again', async ({ site }) => {
    site.refuse({ status: 400 });
    const url = site.page('/bad', `<body>${TAG}`);
    const page = await used.visit(url);
    await untilAnswered(site, page, url);
    await page.mouse.click(10, 10);
    await flush(page);
    const [first, second] = await untilArrivals(site, url, 2);
    expect(first!.batch.seq).toBe(0);
    expect(second!.batch.seq).toBe(1);
    expect(JSON.parse(second!.body)).toMatchObject({ dropped: 1 });
    await page.context().close();
  });

  it('waits for the network, and goes as soon as it is back', async ({ site }) => {
    const url = site.page('/offline', `<body>${TAG}`);
    const page = await used.visit(url);
    await untilAnswered(site, page, url);
    await page.context().setOffline(true);
    for (let i = 1; i <= 3; i++) {
      await page.mouse.click(10 * i, 10);
      expect(await flush(page)).toMatch(/^[0-9a-f]{32}$/);
    }
    expect(arrivalsOf(site, url)).toHaveLength(1);
    await page.context().setOffline(false);
    await site.until('all clicks', () => clicksAt(site, url).length === 3);
    const seqs = arrivalsOf(site, url).map(({ batch }) => batch.seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    await page.context().close();
  });

  it('waits while another is on its way', async ({ site }) => {
    const url = site.page('/slow', `<body>${TAG}`);
    const release = site.hold();
    const page = await used.visit('about:blank');
    const first = page.waitForRequest('**/collect');
    await page.goto(url);
    await first;
    for (let i = 1; i <= 3; i++) {
      await page.mouse.click(10 * i, 10);
      // Not awaited: no id comes while the answer is held back.
      await page.evaluate(() => void window.silhouette!.sessionId());
    }
    release();
    await site.until('all clicks', () => clicksAt(site, url).length === 3);
    expect(site.traffic.most).toBe(1);
    await page.context().close();
  });

  it('on its way when the page is left is not sent a second time', async ({ site }) => {
    const url = site.page('/leaving', `<body>${TAG}`);
    const release = site.hold();
    const page = await used.visit('about:blank');
    const first = page.waitForRequest('**/collect');
    await page.goto(url);
    await first;
    await page.mouse.click(10, 10);
    await page.goto('about:blank');
    release();
    await site.until('the click', () => clicksAt(site, url).length === 1);
    await untilHidden(site, url, 1);
    const seqs = arrivalsOf(site, url).map(({ batch }) => batch.seq);
    expect(seqs.sort()).toEqual(seqs.map((_, i) => i));
    await page.context().close();
  });

  it('crosses origins without a preflight and without cookies', async ({ site }) => {
    site.page('/cross', `<body><script defer src="${site.origin}/tracker.js"></script>`);
    const there = site.origin.replace('127.0.0.1', 'localhost');
    const context = await used.browser.newContext();
    await context.addCookies([{ name: 'secret', value: 'cookie', url: site.origin }]);
    const page = await context.newPage();
    site.refuse({ status: 503, headers: { 'retry-after': '1' } });
    await page.goto(`${there}/cross`);
    const [first, second] = await untilArrivals(site, `${there}/cross`, 2);
    expect(site.traffic.preflights).toBe(0);
    expect(first!.headers).not.toHaveProperty('cookie');
    expect(first!.headers['content-type']).toMatch(/^text\/plain/);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(1000);
    await context.close();
  });

  it('goes where the site says', async ({ site }) => {
    const url = site.page('/endpoint', `<body>${TAG.replace('defer', 'defer data-endpoint="/somewhere/else"')}`);
    const page = await used.visit('about:blank');
    const asked = page.waitForRequest('**/somewhere/else');
    await page.goto(url);
    expect((await asked).method()).toBe('POST');
    await page.context().close();
  });

  it('that is full goes at once, and stays within the limits', async ({ site }) => {
    const url = site.page('/flood', `<body>${TAG}`);
    const page = await used.visit(url);
    await untilArrivals(site, url, 1);
    await page.evaluate(() => {
      for (let i = 0; i < 3000; i++) window.silhouette!.track('again');
      window.silhouette!.track('é'.repeat(9000), { text: 'é'.repeat(9000) });
      for (let i = 0; i < 300; i++) window.silhouette!.track(`n${i}`, { text: '"\\\u0001'.repeat(300) });
    });
    await flush(page);
    await site.until('the last', () =>
      site.events().some((event) => event.event_type === 'custom' && event.name === 'n299'),
    );
    for (const { body, batch, status } of arrivalsOf(site, url)) {
      expect(status).toBe(202);
      expect(batch.events.length).toBeLessThanOrEqual(1000);
      expect(Buffer.byteLength(body)).toBeLessThan(48 * 1024);
    }
    await page.context().close();
  });

  it('grows while the server is away, and gives up what is oldest', async ({ site }) => {
    const url = site.page('/away', `<body>${TAG}`);
    const page = await used.visit(url);
    await untilAnswered(site, page, url);
    await page.context().setOffline(true);
    await page.evaluate(() => {
      for (let i = 0; i < 300; i++) window.silhouette!.track(`n${i}`, { text: 'x'.repeat(4000) });
    });
    // The attempt has failed.
    await flush(page);
    await page.mouse.move(500, 500);
    await page.mouse.click(600, 600);
    await page.context().setOffline(false);
    await flush(page);
    await site.until('the click', () => clicksAt(site, url).length === 1);
    const told = site.events().filter((event) => event.page === url);
    const names = told.flatMap((event) => (event.event_type === 'custom' ? [event.name] : []));
    expect(names.at(-1)).toBe('n299');
    expect(names.length).toBeGreaterThan(200);
    expect(names.length).toBeLessThan(300);
    expect(JSON.parse(arrivalsOf(site, url).at(-1)!.body).dropped).toBeGreaterThan(0);
    await page.context().close();
  });
});
