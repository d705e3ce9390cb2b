// The tracker in other browsers: of the same visit it tells the same, and what it told arrives.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { LayoutEvent, SentEvent } from '../../src/format/event.ts';
import { type Site, startSite, TAG } from '../browser/tracker-harness.ts';
import type { Driven, Tab } from './driven.ts';
import { inEvery } from './every-browser.ts';
import { idOf, NO_ICON, TOLD, toldOf, visit } from './visit.ts';

/** Boxes of the page of the visit whose sizes it fixed, in px, and their colours where the page gave them some. */
const BOXES = [
  [100, 100, 200, 40, '#f40'],
  [100, 160, 200, 40, '#808'],
  [100, 220, 200, 40, null],
  [100, 280, 200, 40, null],
  [100, 340, 200, 40, '#4b48'],
  [100, 400, 200, 40, null],
  [100, 460, 200, 100, '#4ab'],
  [100, 580, 200, 40, '#0af'],
];

inEvery(({ launch }) => {
  let site: Site;
  let browser: Driven;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), launch()]);
    // Firefox ends the process of a site's last tab, often before the page hears that it is left (docs/browsers.md).
    await open(site.page('/kept', `${NO_ICON}<body>kept`));
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(() => {
    site.clear();
    browser.complaints.splice(0);
  });
  const open = async (url: string): Promise<Tab> => {
    const tab = await browser.open();
    await tab.goto(url);
    return tab;
  };
  /** A page of the test before may tell late that it was left. */
  const eventsOf = (path: string) => site.events().filter(({ page }) => new URL(page).pathname === path);
  const clicks = () => site.events().flatMap((event) => (event.event_type === 'click' ? [event.x] : []));
  const untilClick = (x: number) => site.until(`the click at ${x}`, () => clicks().includes(x));
  const isHidden = (event: SentEvent) => event.event_type === 'visibility_change' && event.state === 'hidden';

  it('tells the same of the same visit', async () => {
    const events = await visit(browser, site);
    expect(toldOf(events)).toEqual(TOLD);
    const outline = events.find((event): event is LayoutEvent => event.event_type === 'layout') as LayoutEvent;
    const palette = outline.palette ?? [];
    const boxes = (outline.boxes ?? []).filter(([kind]) => kind !== 1);
    for (const [x, y, width, height, colour] of BOXES) {
      const box = boxes.find((box) => box[1] === x && box[2] === y && box[3] === width && box[4] === height);
      expect(box, `a box at ${x} ${y}`).toBeDefined();
      if (colour !== null) expect(palette[(box?.[8] ?? 0) - 1]).toBe(colour);
    }
    const moves = events.filter((event) => event.event_type === 'mousemove');
    expect(moves.length).toBeGreaterThan(4);
    for (let i = 1; i < moves.length; i++)
      expect(moves[i]!.timestamp - moves[i - 1]!.timestamp).toBeGreaterThanOrEqual(99);
    expect(JSON.stringify(site.arrivals)).not.toMatch(/canary|secret/);
    expect(browser.complaints.filter((text) => !text.includes('a secret'))).toEqual([]);
  });

  it('hears a press on a label once, whatever the page does meanwhile', async () => {
    const busy = `<script>addEventListener('click', () => { for (const end = performance.now() + 30; performance.now() < end;); })</script>`;
    const html = `<body style="margin:0"><label style="display:block;height:50px"><input type="checkbox"><b>terms</b></label>${busy}${TAG}`;
    const tab = await open(site.page('/label', html));
    for (const x of [200, 30, 201, 200]) await tab.click(x, 12);
    await tab.click(12, 10);
    await tab.click(12, 10);
    await idOf(tab);
    await untilClick(12);
    expect(clicks()).toEqual([200, 30, 201, 200, 12, 12]);
    await tab.close();
  });

  it('sends the click after which the tab is closed, or the page is left', async () => {
    site.page('/elsewhere', '<body>elsewhere');
    const url = site.page(
      '/closed',
      `<body><a href="/elsewhere" style="position:absolute;left:0;top:100px;width:400px;height:50px">go</a>${TAG}`,
    );
    for (let i = 1; i <= 3; i++) {
      const tab = await open(url);
      await tab.click(100 + i, 10);
      await tab.close();
      await untilClick(100 + i);
      const other = await open(url);
      await other.click(200 + i, 120);
      await untilClick(200 + i);
      await site.until('that the page was left', () => eventsOf('/closed').filter(isHidden).length === 2 * i);
      await other.close();
    }
  });

  it('keeps what a server that is away did not take, and sends it from the next page', async () => {
    const url = site.page('/away', `<body>${TAG}`);
    const tab = await open(url);
    await site.until('the page view', () => site.events()[0]);
    site.refuse({ status: 503, headers: { 'retry-after': '60' } }, { status: 503 });
    await tab.click(77, 10);
    expect(await idOf(tab)).toMatch(/^[0-9a-f]{32}$/);
    await site.until('the refusal', () => site.arrivals.find(({ status }) => status === 503));
    await tab.close();
    const next = await open(url);
    await untilClick(77);
    expect(clicks()).toEqual([77]);
    await next.close();
  });

  it('says nothing in the console of a site with a strict policy on another origin', async () => {
    const there = site.origin.replace('127.0.0.1', 'localhost');
    const headers = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' };
    site.page('/asked', 'stay', headers);
    const leave = `(async () => {
      while ((await (await fetch('${site.origin}/asked')).text()).includes('stay')) await new Promise((resolve) => setTimeout(resolve, 100));
      location = '/left';
    })()`;
    const hash = createHash('sha256').update(leave).digest('base64');
    const policy = `default-src 'none'; script-src ${site.origin} 'sha256-${hash}'; connect-src ${site.origin}; style-src 'unsafe-inline'; img-src data:; require-trusted-types-for 'script'`;
    const scripts = `<script>${leave}</script><script defer src="${site.origin}/tracker.js"></script>`;
    site.page('/strict', `${NO_ICON}<body>strict${scripts}`, {
      'content-security-policy': policy,
    });
    site.page('/left', `${NO_ICON}<body>left`);
    const said = await browser.consoleAt(`${there}/strict`, async () => {
      await site.until('the outline', () => eventsOf('/strict').some(({ event_type }) => event_type === 'layout'));
      site.page('/asked', 'leave', headers);
      await site.until('that the page was left', () => eventsOf('/strict').some(isHidden));
    });
    expect(said).toEqual([]);
    expect(eventsOf('/strict').map(({ event_type }) => event_type)).toEqual([
      'page_view',
      'layout',
      'visibility_change',
    ]);
    expect(site.traffic.preflights).toBe(0);
  });

  it('stores and sends nothing before consent, nor after the visitor opted out', async () => {
    const url = site.page('/consent', `<body>${TAG.replace('defer', 'defer data-consent="required"')}`);
    const tab = await open(url);
    const stored = () => tab.evaluate(() => Object.keys({ ...localStorage }).filter((name) => /silhouette/.test(name)));
    await tab.evaluate(() => localStorage.clear());
    await tab.click(40, 40);
    expect(await idOf(tab)).toBeNull();
    expect(await stored()).toEqual([]);
    await tab.evaluate(() => window.silhouette!.start());
    await tab.click(50, 50);
    await idOf(tab);
    await untilClick(50);
    await tab.evaluate(() => window.silhouette!.optOut());
    await tab.evaluate(() => window.silhouette!.start());
    await tab.click(60, 60);
    await idOf(tab);
    expect(clicks()).toEqual([50]);
    await tab.evaluate(() => localStorage.clear());
    await tab.close();
  });
});
