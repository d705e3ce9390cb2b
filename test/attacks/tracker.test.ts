// The tracker in Chromium on pages and in networks that mean it no good: what tests of its own do not show yet. CLOSES says how often a tab is closed.
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SentEvent } from '../../src/format/event.ts';
import { CHROMIUM } from '../browser/harness.ts';
import { OUTLINE_TAG, TAG } from '../browser/tracker-harness.ts';
import { useSite } from '../browser/use-site.ts';

const CLOSES = Number(process.env.CLOSES ?? 6);
/** Of the clicks right before a tab is closed. */
const ARRIVING = 0.99;

const used = useSite({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
const flush = (page: Page) => page.evaluate(() => window.silhouette!.sessionId());
const clicks = () => used.site.events().filter((event) => event.event_type === 'click');
const xs = () => clicks().map(({ x }) => x);
const untilEvent = (what: string, find: (event: SentEvent) => boolean): Promise<SentEvent> =>
  used.site.until(what, () => used.site.events().find(find));
/** What the page's scripts complained of; that a browser missed a picture is none of it. */
const errors = () => used.complaints.filter((text) => !/^Failed to load resource/.test(text));
const untilClick = (x: number) => used.site.until(`the click at ${x}`, () => xs().includes(x));

describe.skipIf(!CHROMIUM)('the tracker', () => {
  beforeEach(() => {
    used.site.clear();
    used.complaints.splice(0);
  });

  it.each([
    ['refuses it', 'navigator.sendBeacon = () => false'],
    ['refuses what is more than 100 bytes', 'navigator.sendBeacon = (_, body) => body.length < 100'],
  ])('keeps what a beacon does not take for the next visit, where it %s', async (_, script) => {
    const url = used.site.page('/beacon', `<script>${script}</script><body>${TAG}`);
    const page = await used.visit(url);
    await untilEvent('the view', ({ event_type }) => event_type === 'page_view');
    await page.mouse.click(11, 12);
    await page.goto(used.site.page('/untracked', '<body>'));
    expect(xs()).toEqual([]);
    await page.goto(used.site.page('/later', `<body>${TAG}`));
    await untilClick(11);
    // Whatever was on its way when the page was left may come twice, and is there once.
    const id = await flush(page);
    const { events } = await (await used.site.get(`/replay/sessions/${id}`)).json();
    const kept = (events as SentEvent[]).flatMap((event) => (event.event_type === 'click' ? [event.x] : []));
    expect(kept).toEqual([11]);
    expect(errors()).toEqual([]);
    await page.context().close();
  });

  it(`brings the last click of ${CLOSES} tabs that are closed right after it`, {
    timeout: 60_000 + CLOSES * 1000,
  }, async () => {
    const url = used.site.page('/closing', `<body>${TAG}`);
    const context = await used.browser.newContext();
    await context.newPage();
    for (let i = 1; i <= CLOSES; i++) {
      const page = await context.newPage();
      await page.goto(url);
      await page.mouse.click(i, 10);
      await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
    }
    const least = Math.ceil(CLOSES * ARRIVING);
    await used.site.until(`${least} clicks`, () => new Set(xs()).size >= least);
    expect(xs()).toHaveLength(new Set(xs()).size);
    if (CLOSES > 100) console.info(`${CLOSES} tabs were closed: ${xs().length} last clicks arrived`);
    await context.close();
  });

  it('hears nothing that would keep a page out of the back/forward cache', async () => {
    const spy = `<script>{ const heard = window.heard = [], { prototype } = EventTarget, real = prototype.addEventListener;
      prototype.addEventListener = function (type, ...more) { heard.push(type); return real.call(this, type, ...more) } }</script>`;
    const page = await used.visit(used.site.page('/heard', `${spy}<body>${OUTLINE_TAG}`));
    await untilEvent('the view', ({ event_type }) => event_type === 'page_view');
    await page.mouse.click(9, 9);
    await flush(page);
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    expect(heard).toContain('pagehide');
    expect(heard.filter((type) => /unload/.test(type))).toEqual([]);
    expect(await page.evaluate(() => [window.onunload, window.onbeforeunload])).toEqual([null, null]);
    await page.context().close();
  });

  it.each([
    [
      'of every kind throws',
      `for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
        Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } });
      Object.defineProperty(document, 'cookie', { get() { throw new DOMException('no', 'SecurityError') } })`,
    ],
    ['is null', `Object.defineProperty(window, 'localStorage', { value: null })`],
    ['throws when it is read', `Storage.prototype.getItem = Storage.prototype.key = () => { throw new Error('no') }`],
    ['holds what no tracker put there', `localStorage['_silhouette-x'] = 'no batch\\n{}\\n"\\0'`],
  ])('records where storage %s', async (_, script) => {
    const page = await used.visit('about:blank');
    // What is no batch the server refuses for good, as it does everybody's.
    await page.route('**/collect', (route) =>
      route.request().postData()?.includes('session_key') ? route.continue() : route.fulfill({ status: 400, json: {} }),
    );
    await page.goto(used.site.page('/unstored', `<script>${script}</script><body>${TAG}`));
    await page.mouse.click(9, 9);
    await flush(page);
    await page.mouse.click(19, 9);
    await flush(page);
    await untilClick(19);
    expect(xs()).toEqual([9, 19]);
    expect(errors()).toEqual([]);
    await page.context().close();
  });

  it('tries ever more rarely where the page forbids it to send, and harms nothing', async () => {
    const url = used.site.page('/forbidden', `<body><button onclick="window.works = true">press</button>${TAG}`, {
      'content-security-policy': "default-src 'self' 'unsafe-inline'; connect-src https://elsewhere.example",
    });
    const page = await used.visit('about:blank');
    await page.clock.install();
    let tried = 0;
    page.on('console', (message) => void (/connect-src/.test(message.text()) && tried++));
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(url);
    for (let minute = 0; minute < 60; minute += 3) {
      await page.click('button');
      await page.clock.runFor(3 * 60_000);
    }
    expect(tried).toBeGreaterThan(5);
    expect(tried).toBeLessThan(40);
    expect([await page.evaluate('window.works'), errors, used.site.arrivals]).toEqual([true, [], []]);
    await page.context().close();
  });

  it.each([
    ['a then on every object', 'Object.prototype.then = () => { throw new Error("broken") }'],
    ['a split that throws', 'String.prototype.split = () => { throw new Error("broken") }'],
    ['no performance', 'Object.defineProperty(window, "performance", { value: undefined })'],
    ['styles that throw', 'window.getComputedStyle = () => { throw new Error("broken") }'],
    ['a Date of null', 'window.Date = null'],
    ['a document that is emptied', 'addEventListener("load", () => document.documentElement.replaceChildren())'],
  ])('harms no page with %s', async (_, breakage) => {
    const html = `<script>${breakage}</script><body><button onclick="window.works = true">press</button>${OUTLINE_TAG}`;
    const page = await used.visit(used.site.page('/broken', html));
    await page.evaluate(() => document.querySelector('button')?.click());
    await page.mouse.click(300, 300);
    await page.evaluate(() => {
      window.silhouette?.track('thing', { a: 1 });
      history.pushState(null, '', '/broken/2');
    });
    expect(await page.evaluate(() => 'works' in window || document.body === null)).toBe(true);
    await page.goto('about:blank');
    expect(errors()).toEqual([]);
    for (const { status } of used.site.arrivals) expect(status).toBe(202);
    await page.context().close();
  });

  it('names what was clicked though it is gone by then, and takes nothing from the document itself', async () => {
    const page = await used.visit(
      used.site.page(
        '/gone',
        `<body style="margin:0"><script>
        addEventListener('click', (event) => { const [target] = event.composedPath(); if (target.id !== 'stays') target.remove?.(); }, true);
        </script><button id="goes" style="position:absolute;left:0;top:0;width:90px;height:90px">goes</button>
        <my-closed style="position:absolute;left:0;top:100px;width:90px;height:90px"></my-closed>
        <script>document.querySelector('my-closed').attachShadow({ mode: 'closed' }).innerHTML = '<p style="margin:0;height:90px">in'</script>
        <button id="stays" style="position:absolute;left:0;top:200px;width:90px;height:90px">stays</button>${TAG}`,
      ),
    );
    await page.mouse.click(45, 45);
    await page.mouse.click(45, 145);
    await page.evaluate(() => {
      for (const target of [document, window, document.createElement('i'), document.createTextNode('x')])
        target.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    });
    await page.mouse.click(45, 245);
    await flush(page);
    // What a page of the test before sent as it was left may arrive as late as this.
    const here = () => clicks().flatMap((click) => (click.page.endsWith('/gone') ? [click.element] : []));
    await used.site.until('the last click', () => here().includes('BUTTON#stays'));
    expect(here()).toEqual(['BUTTON#goes', 'MY-CLOSED', 'BUTTON#stays']);
    await page.evaluate(() => document.documentElement.remove());
    await page.mouse.click(45, 245);
    expect(errors()).toEqual([]);
    for (const { status } of used.site.arrivals) expect(status).toBe(202);
    await page.context().close();
  });

  it('takes at most ten moves and four scrolls of any second, for less than twice what the events cost without it', async () => {
    // A clock of the page's own, so that a minute of a very fast mouse goes by at once.
    const clock = `<script>
      let now = performance.now(), timers = new Map(), last = 0;
      const { timeOrigin } = performance;
      performance.now = () => now;
      Date.now = () => Math.round(timeOrigin + now);
      window.stamped = (event) => Object.defineProperty(event, 'timeStamp', { value: now });
      setTimeout = (work, ms = 0, ...args) => (timers.set(++last, { at: now + ms, work, args }), last);
      clearTimeout = (id) => void timers.delete(id);
      function pass(ms) {
        for (const end = now + ms; now < end; ) {
          now++;
          for (const [id, { at, work, args }] of timers) if (at <= now) { timers.delete(id); work(...args); }
        }
      }</script>`;
    const body = `${clock}<body style="height:90000px">`;
    const bare = await used.visit(used.site.page('/bare', body));
    const floor = await busyWhileMoving(bare);
    await bare.context().close();
    const page = await used.visit(used.site.page('/fast', body + TAG));
    const took = await busyWhileMoving(page);

    await page.evaluate(() => (window as unknown as { pass(ms: number): void }).pass(10_000));
    await flush(page);
    await used.site.until('the end', () =>
      used.site.events().some((event) => event.event_type === 'scroll' && event.scroll_y === 59_880),
    );
    const times = (type: string) =>
      used.site.events().flatMap(({ event_type, timestamp }) => (event_type === type ? [timestamp] : []));
    for (const [type, ms, least] of [
      ['mousemove', 100, 500],
      ['scroll', 250, 200],
    ] as const) {
      const told = times(type);
      expect([type, told.length > least, told.length <= 60_000 / ms + 1]).toEqual([type, true, true]);
      for (let i = 1; i < told.length; i++) expect(told[i]! - told[i - 1]!).toBeGreaterThanOrEqual(ms - 1);
    }
    // With what the events cost; twice in all was seen.
    expect(took / floor).toBeLessThan(3);
    await page.context().close();

    async function busyWhileMoving(page: Page): Promise<number> {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
      const busy = async () => {
        const { metrics } = await devtools.send('Performance.getMetrics');
        return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
      };
      const before = await busy();
      await page.evaluate(() => {
        const { pass, stamped } = window as unknown as { pass(ms: number): void; stamped(event: Event): Event };
        const more = { isPrimary: true, pointerType: 'mouse', bubbles: true };
        for (let ms = 0; ms < 60_000; ms++) {
          document.body.dispatchEvent(
            stamped(new PointerEvent('pointermove', { ...more, clientX: ms % 1000, clientY: 5 })),
          );
          if (ms % 120 === 0) {
            scrollTo(0, ms);
            document.dispatchEvent(new Event('scroll'));
          }
          pass(1);
        }
      });
      return (await busy()) - before;
    }
  });

  it('lets a route of two million characters pass, and those that are none', async () => {
    const tryRoutes = () => {
      const attempt = (url: string) => {
        try {
          history.pushState({ length: url.length }, '', url);
          return history.state.length as number;
        } catch (error) {
          return (error as Error).name;
        }
      };
      return ['https://[', '//e.x:99999/', '\0', '?'.repeat(1000), '%'.repeat(5000)].map(attempt);
    };
    const page = await used.visit(used.site.page('/routes', `<body>${TAG}`));
    const passed = await page.evaluate(tryRoutes);
    const bare = await used.visit(used.site.page('/bare', '<body>'));
    const expected = await bare.evaluate(tryRoutes);
    expect(passed).toEqual(expected);
    expect(passed[0]).toBe('SecurityError');
    const long = await page.evaluate(() => {
      history.pushState(null, '', '/'.padEnd(2_000_000, 'x'));
      const { length } = location.pathname;
      history.replaceState(null, '', '/short');
      return length;
    });
    expect(long).toBe(2_000_000);
    await page.mouse.click(9, 9);
    await flush(page);
    await untilClick(9);
    for (const { body, status } of used.site.arrivals) {
      expect(status).toBe(202);
      expect(body.length).toBeLessThan(48 * 1024);
    }
    for (const { page } of used.site.events()) expect(page.length).toBeLessThanOrEqual(2048);
    expect(errors()).toEqual([]);
    await page.context().close();
    await bare.context().close();
  });
});
