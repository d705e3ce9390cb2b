// Whom the tracker records and what it says of them, in Chromium: people's names, robots, pages that nobody has seen yet or never saw.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { SentEvent } from '../../src/format/event.ts';
import { CHROMIUM } from '../browser/harness.ts';
import { OUTLINE_TAG, TAG } from '../browser/tracker-harness.ts';
import { useSite } from '../browser/use-site.ts';
import { temporaryFolder } from '../fixtures/folders.ts';

/** As it stands in the address of whoever may set a new password. */
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MTExIn0.c2lnbmF0dXJl';

const used = useSite();
const flush = (page: Page) => page.evaluate(() => window.silhouette!.sessionId());
const clicks = () => used.site.events().filter((event) => event.event_type === 'click');
const untilEvent = (what: string, find: (event: SentEvent) => boolean): Promise<SentEvent> =>
  used.site.until(what, () => used.site.events().find(find));

describe.skipIf(!CHROMIUM)('the tracker', () => {
  beforeEach(() => {
    used.site.clear();
    used.complaints.splice(0);
  });

  it('says of what was pressed no word, address or name of a person, and of an address no e-mail', async () => {
    const { site } = used;
    site.page('/u/jane@example.com/', '');
    const html = `<body style="margin:0"><style>a,b{position:absolute;left:0;width:300px;height:40px}</style>
      <a href="mailto:jane@example.com" title="Jane Doe" aria-label="Jane Doe" data-name="Jane Doe" style="top:0">John Smith</a>
      <a href="tel:+15550100" id="tel-15550100" class="call jane@example.com" style="top:50px">+1 555 0100</a>
      <b id="user-4111111111111111" class="a1b2c3d4e5f6a7b8c9d0" style="top:100px" onclick="event.preventDefault()">4111</b>${OUTLINE_TAG}`;
    const url = site.page('/u/jane@example.com/orders', html);
    const page = await used.visit(`${url}?name=Smith#Doe`);
    await page.route(/^(mailto|tel):/, (route) => route.abort());
    await page.evaluate(() => addEventListener('click', (event) => event.preventDefault()));
    for (const y of [10, 60, 110]) await page.mouse.click(10, y);
    await flush(page);
    await used.site.until('three clicks', () => clicks().length >= 3);
    expect(clicks().map(({ element }) => element)).toEqual(['A', 'A#*', 'B#user-*.*']);
    expect(new Set(site.events().map((event) => event.page))).toEqual(new Set([`${site.origin}/u/*/orders`]));
    const sent = site.arrivals.map(({ body, batch }) => body + JSON.stringify(batch)).join();
    expect(sent).not.toMatch(/jane|john|smith|doe|mailto|4111|5550100|a1b2c3/i);
    // A client that does not cut: the server does it again.
    const [first] = site.arrivals;
    const { session_key, visitor_id } = first!.batch;
    const uncut = {
      ...{ v: 1, session_key, visitor_id, page_id: 'uncut', seq: 0, sent_at: Date.now() },
      events: [
        {
          event_type: 'click',
          x: 1,
          y: 1,
          element: 'B#jane@example.com',
          page: `${url}/${TOKEN}`,
          timestamp: Date.now(),
        },
      ],
    };
    const headers = { 'user-agent': await page.evaluate(() => navigator.userAgent) };
    const init = { method: 'POST', headers, body: JSON.stringify(uncut) };
    const { session_id } = await (await fetch(`${site.origin}/collect`, init)).json();
    const { events } = await (await site.get(`/replay/sessions/${session_id}`)).json();
    const pages = new Set(events.map((event: SentEvent) => event.page.replace(site.origin, '')));
    expect(pages).toEqual(new Set(['/u/*/orders', '/u/*/orders/*']));
    expect(JSON.stringify(events)).not.toMatch(/jane|4111|eyJ/);
    await page.context().close();
  });

  it.each([
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2) Chrome/156.0.0.0',
  ])('is told that all is well in a robot, of which nothing is kept: %s', async (userAgent) => {
    const total = async () => (await (await used.site.get('/replay/sessions')).json()).total;
    const before = await total();
    const page = await used.visit(used.site.page('/robot', `<body>${TAG}`), { userAgent });
    await page.mouse.click(9, 9);
    const id = await flush(page);
    const arrival = await used.site.until('a batch', () => used.site.arrivals[0]);
    expect(arrival.status).toBe(202);
    expect((await used.site.get(`/replay/sessions/${id}`)).status).toBe(404);
    expect(await total()).toBe(before);
    await page.context().close();
  });

  it('begins a prerendered page when it is seen, and its times then', async () => {
    const { site } = used;
    site.page(
      '/soon',
      `<body>soon<script>localStorage.prerendered = document.prerendering;
      document.addEventListener('prerenderingchange', () => {
        const { activationStart } = performance.getEntriesByType('navigation')[0];
        // What the page before put there may come later than the page itself.
        const timer = setInterval(() => {
          if (!localStorage.left) return;
          clearInterval(timer);
          silhouette.track('seen', { activationStart, left: +localStorage.left });
          silhouette.sessionId();
        }, 20);
      });</script>${TAG}`,
    );
    const url = site.page(
      '/before',
      `<body><script type="speculationrules">{"prerender":[{"source":"list","urls":["/soon"]}]}</script><script>
      const timer = setInterval(() => {
        if (localStorage.prerendered !== 'true') return;
        clearInterval(timer);
        setTimeout(() => { localStorage.left = Date.now(); location.href = '/soon' }, 300);
      }, 20);</script>`,
    );
    // A browser that is remote-controlled prerenders nothing.
    const profile = temporaryFolder();
    const args = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      `--user-data-dir=${profile}`,
      url,
    ];
    const child = spawn(CHROMIUM, args, { stdio: 'ignore', detached: true });
    onTestFinished(async () => {
      process.kill(-child.pid!, 'SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    const seen = await untilEvent('that it is seen', ({ event_type }) => event_type === 'custom');
    const { activationStart, left } = (seen as { properties: Record<string, number> }).properties;
    expect(activationStart).toBeGreaterThan(300);
    const [view, ...views] = site.events().filter(({ event_type }) => event_type === 'page_view');
    expect(views).toEqual([]);
    for (const time of [view!.timestamp, site.arrivals[0]!.batch.key_start]) expect(time).toBeGreaterThanOrEqual(left!);
  });

  it('says nothing of a tab in the background that nobody ever saw, nor when it is closed', async () => {
    const hide = `<script>Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })</script>`;
    const page = await used.visit(used.site.page('/unseen', `${hide}<body>${OUTLINE_TAG}`));
    await page.evaluate(() => {
      window.silhouette!.track('nobody saw it');
      history.pushState(null, '', '/unseen/2');
      dispatchEvent(new Event('resize'));
    });
    expect(await flush(page)).toBeNull();
    await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
    const seen = await used.visit(used.site.page('/seen', `<body>${TAG}`));
    await untilEvent('the view of another', (event) => event.page.endsWith('/seen'));
    expect(used.site.events().filter(({ page }) => page.includes('/unseen'))).toEqual([]);
    await seen.context().close();
  });
});
