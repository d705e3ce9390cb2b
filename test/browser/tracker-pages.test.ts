// Pages of every kind: routes, caches, frames, policies, and pages that break what a script relies on.
import { beforeEach, describe, expect, it } from 'vitest';
import type { SentEvent } from '../../src/format/event.ts';
import { CHROMIUM } from './harness.ts';
import { TAG } from './tracker-harness.ts';
import { useSite } from './use-site.ts';

const used = useSite({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
const untilEvent = (what: string, find: (event: SentEvent) => boolean): Promise<SentEvent> =>
  used.site.until(what, () => used.site.events().find(find));

describe.skipIf(!CHROMIUM)('the tracker', () => {
  beforeEach(() => {
    used.site.clear();
    used.complaints.splice(0);
  });

  it('follows the routes of a single-page app, and only where the address changes', async () => {
    const { site } = used;
    const page = await used.visit(site.page('/app', `<body>${TAG}`));
    const shown = await page.evaluate(() => {
      history.pushState({ a: 1 }, '', '/app/orders?token=1');
      history.pushState({ a: 2 }, '', '/app/orders?token=2');
      history.replaceState(null, '', '/app/orders/jane@example.com');
      const { state } = history;
      history.back();
      return state;
    });
    expect(shown).toBeNull();
    await site.until(
      'the way back',
      () => site.events().filter(({ event_type }) => event_type === 'navigation').length >= 3,
    );
    const routes = site.events().filter(({ event_type }) => event_type === 'navigation');
    const at = (path: string) => site.origin + path;
    expect(routes.map((event) => ('from' in event ? [event.from, event.page] : []))).toEqual([
      [at('/app'), at('/app/orders')],
      [at('/app/orders'), at('/app/orders/*')],
      [at('/app/orders/*'), at('/app/orders')],
    ]);
    expect(routes[0]).toMatchObject({ viewport_width: 1280, document_height: 720 });
    expect(site.arrivals.map(({ body }) => body).join()).not.toMatch(/token|jane/);
    await page.context().close();
  });

  it('lets the errors of history pass, and its calls too', async () => {
    const page = await used.visit(used.site.page('/history', `<body>${TAG}`));
    const caught = await page.evaluate(() => {
      try {
        history.pushState(null, '', 'https://elsewhere.example/');
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(caught).toBe('SecurityError');
    await page.evaluate(() => history.pushState(null, '', `/long/${'x'.repeat(100_000)}`));
    await page.evaluate(() => window.silhouette!.sessionId());
    const { page: long } = await untilEvent('the long route', ({ event_type }) => event_type === 'navigation');
    expect(long).toHaveLength(2048);
    await page.context().close();
  });

  it('keeps the path of a hash route, and no other fragment', async () => {
    const { site } = used;
    const page = await used.visit(`${site.page('/hash', `<body><a href="#part">part</a>${TAG}`)}#/inbox?id=1`);
    await page.click('a');
    await page.evaluate(() => {
      location.hash = '#!/sent';
    });
    await page.evaluate(() => window.silhouette!.sessionId());
    await untilEvent('the route', (event) => event.page.endsWith('#!/sent'));
    const pages = new Set(site.events().map((event) => event.page.replace(site.origin, '')));
    expect([...pages]).toEqual(['/hash#/inbox', '/hash', '/hash#!/sent']);
    await page.context().close();
  });

  it('keeps the URL parameters that the site allows, and tells the server which', async () => {
    const { site } = used;
    const url = site.page('/params', `<body><script defer src="/tracker.js" data-params="ref, utm_source"></script>`);
    const page = await used.visit(`${url}?utm_source=mail&token=1&ref=a`);
    const view = await untilEvent('the view', ({ event_type }) => event_type === 'page_view');
    expect(view.page).toBe(`${url}?utm_source=mail&ref=a`);
    await page.context().close();
  });

  it('records on when a page comes back from the back/forward cache', async () => {
    const { site } = used;
    const first = site.page('/cached', `<body>first${TAG}`);
    const second = site.page('/next', '<body>second, untracked');
    const page = await used.visit(first);
    await untilEvent('the view', ({ event_type }) => event_type === 'page_view');
    // A page that waits for an answer is not kept.
    await page.evaluate(() => window.silhouette!.sessionId());
    await page.evaluate(() => Object.assign(window, { isSame: true }));
    await page.goto(second);
    await page.goBack({ waitUntil: 'commit' });
    await page.waitForURL(first, { waitUntil: 'commit' });
    const isCached = await page.evaluate(() => 'isSame' in window);
    await page.mouse.click(70, 80);
    await page.evaluate(() => window.silhouette!.sessionId());
    await untilEvent('the click', ({ event_type }) => event_type === 'click');
    const told = site.events().map(({ event_type }) => event_type);
    expect(isCached).toBe(true);
    expect(told.filter((type) => type === 'page_view')).toHaveLength(2);
    expect(told.filter((type) => type === 'visibility_change')).toHaveLength(1);
    expect(new Set(site.arrivals.map(({ batch }) => batch.page_id)).size).toBe(1);
    await page.context().close();
  });

  it('says when the tab is hidden and shown, once each', async () => {
    const { site } = used;
    const page = await used.visit(site.page('/tab', `<body>${TAG}`));
    await untilEvent('the view', ({ event_type }) => event_type === 'page_view');
    const show = (state: string) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      }, state);
    await show('hidden');
    await untilEvent('hidden', (event) => event.event_type === 'visibility_change' && event.state === 'hidden');
    await show('visible');
    await untilEvent('visible', (event) => event.event_type === 'visibility_change' && event.state === 'visible');
    expect(site.events().filter(({ event_type }) => event_type === 'visibility_change')).toHaveLength(2);
    await page.context().close();
  });

  it('begins in a tab opened in the background once it is shown', async () => {
    const { site } = used;
    const url = site.page(
      '/background',
      `<body><script>
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })</script>${TAG}`,
    );
    const page = await used.visit(url);
    await page.evaluate(() => window.silhouette!.track('nobody saw it'));
    expect(await page.evaluate(() => window.silhouette!.sessionId())).toBeNull();
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    });
    await untilEvent('the view', ({ event_type }) => event_type === 'page_view');
    expect(site.events().map(({ event_type }) => event_type)).toEqual(['page_view']);
    await page.context().close();
  });

  it('begins on a prerendered page once it is seen', async () => {
    const { site } = used;
    site.page('/soon', `<body>soon${TAG}`);
    const url = site.page(
      '/before',
      `<body><a href="/soon">soon</a><script type="speculationrules">
      {"prerender": [{"source": "list", "urls": ["/soon"]}]}</script>`,
    );
    const page = await used.visit(url);
    const isPrerendered = await page.evaluate(() => 'prerendering' in document);
    expect(isPrerendered).toBe(true);
    await page.click('a');
    const view = await untilEvent('the view', ({ event_type }) => event_type === 'page_view');
    expect(view.page).toBe(`${site.origin}/soon`);
    await page.context().close();
  });

  it.each([
    ['async', '<script async src="/tracker.js"></script>'],
    ['as a module', '<script type="module" src="/tracker.js"></script>'],
    [
      'late',
      `<script>addEventListener('load', () => setTimeout(() => {
      document.head.append(Object.assign(document.createElement('script'), { src: '/tracker.js?v=2' }));
    }))</script>`,
    ],
    ['twice', `${TAG}${TAG}`],
    ['before the body', `<head>${TAG.replace(' defer', '')}</head>`],
    ['beside an element that has its name', `<form id="silhouette"></form>${TAG}`],
    ['in quirks mode', `<!-- -->${TAG}`],
  ])('works when it is loaded %s', async (_, tag) => {
    const page = await used.visit(used.site.page('/loaded', `${tag}<body>loaded`));
    await page.waitForFunction(() => typeof window.silhouette?.sessionId === 'function');
    await page.mouse.click(9, 9);
    await page.evaluate(() => window.silhouette!.sessionId());
    await untilEvent('the click', ({ event_type }) => event_type === 'click');
    const told = used.site.events().map(({ event_type }) => event_type);
    expect(told.filter((type) => type === 'page_view')).toHaveLength(1);
    expect(told.filter((type) => type === 'click')).toHaveLength(1);
    expect(used.complaints).toEqual([]);
    await page.context().close();
  });

  it('works under a strict policy that names its origin', async () => {
    const { site } = used;
    const url = site.page('/strict', `<body>strict${TAG}`, {
      'content-security-policy':
        "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'",
    });
    const page = await used.visit(url);
    await page.mouse.click(9, 9);
    await page.evaluate(() => window.silhouette!.sessionId());
    await untilEvent('the click', ({ event_type }) => event_type === 'click');
    expect(used.complaints).toEqual([]);
    await page.context().close();
  });

  it('is left alone by frames, and leaves them alone', async () => {
    const { site } = used;
    site.page('/inner', '<body>inner<script>parent.postMessage(1, "*")</script>');
    const page = await used.visit(
      site.page(
        '/frames',
        `<body><iframe src="/inner"></iframe><iframe sandbox="allow-scripts" srcdoc="<script src='${site.origin}/tracker.js'></script>"></iframe>
        <iframe src="data:text/html,<script src='${site.origin}/tracker.js'></script>"></iframe>${TAG}`,
      ),
    );
    await page.mouse.click(500, 500);
    await page.evaluate(() => window.silhouette!.sessionId());
    await untilEvent('the click', ({ event_type }) => event_type === 'click');
    expect(used.complaints).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['a clock that says NaN', 'Date.now = () => NaN', false],
    ['lists with toJSON', 'Array.prototype.toJSON = () => "broken"', true],
    [
      'lists and objects with more on them',
      'Array.prototype.extra = Object.prototype.x = Object.prototype.fixed = "broken"',
      true,
    ],
    ['a JSON.stringify of its own that throws', 'JSON.stringify = () => { throw new Error("broken") }', false],
    ['a fetch that throws', 'window.fetch = () => { throw new Error("broken") }', false],
    ['a fetch that never answers', 'window.fetch = () => new Promise(() => {})', false],
    ['no beacon', 'navigator.sendBeacon = undefined', true],
    ['a frozen history', 'Object.freeze(history)', true],
    ['an addEventListener that throws', 'window.addEventListener = () => { throw new Error("broken") }', false],
    ['no crypto', 'Object.defineProperty(window, "crypto", { value: undefined })', false],
    ['a random that throws', 'Math.random = () => { throw new Error("broken") }', false],
    ['a devicePixelRatio of its own', 'Object.defineProperty(window, "devicePixelRatio", { value: "none" })', true],
  ])('does no harm on a page with %s', async (_, breakage, records) => {
    const { site } = used;
    const page = await used.visit(
      site.page(
        '/broken',
        `<script>${breakage}</script><body><button onclick="window.works = true">press</button>${TAG}`,
      ),
    );
    await page.click('button');
    await page.mouse.move(300, 300);
    await page.evaluate(() => {
      window.silhouette?.track('thing', { a: 1 });
      history.pushState(null, '', '/broken/2');
    });
    expect(await page.evaluate(() => (window as never as { works: boolean }).works)).toBe(true);
    if (records) {
      await page.evaluate(() => window.silhouette!.sessionId());
      await untilEvent('the click', ({ event_type }) => event_type === 'click');
    }
    await page.goto('about:blank');
    expect(used.complaints).toEqual([]);
    for (const { status } of site.arrivals) expect(status).toBe(202);
    await page.context().close();
  });
});
