// Who is recorded, and who is not: sessions and visitors across tabs and time, consent, opting out, privacy signals, sampling.
import type { BrowserContext, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventBatch } from '../../src/format/batch.ts';
import { CHROMIUM } from './harness.ts';
import { TAG } from './tracker-harness.ts';
import { useSite } from './use-site.ts';

const used = useSite();

/** Asking for the id sends at once what was captured. */
const flush = (page: Page) => page.evaluate(() => window.silhouette!.sessionId());
const moveClock = (page: Page, ms: number) =>
  page.evaluate((by) => {
    const { now } = Date;
    Date.now = () => now() + by;
  }, ms);
/** The batches of pages at this path. */
const batchesOf = (path: string) =>
  used.site.arrivals.map(({ batch }) => batch).filter(({ events }) => events[0]!.page === used.site.origin + path);
const untilBatches = (path: string, count: number) =>
  used.site.until(`${count} batches of ${path}`, () => {
    const found = batchesOf(path);
    return found.length >= count && found;
  });
async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

describe.skipIf(!CHROMIUM)('a session', () => {
  beforeEach(() => {
    used.site.clear();
    used.complaints.splice(0);
  });

  it('has a key and ids as the format wants them', async () => {
    const page = await used.visit(used.site.page('/ids', `<body>${TAG}`));
    const [batch] = await untilBatches('/ids', 1);
    expect(batch!.session_key).toMatch(/^[0-9a-z]{8}-[0-9a-z]{20,26}$/);
    expect(batch!.visitor_id).toMatch(/^[0-9a-z]{20,26}$/);
    expect(batch!.page_id).toMatch(/^[0-9a-z]{8}$/);
    expect(Math.abs(batch!.key_start - Date.now())).toBeLessThan(30_000);
    await page.context().close();
  });

  it('goes on from page to page and from tab to tab, each with a page id of its own', async () => {
    const url = used.site.page('/tabs', `<body>${TAG}`);
    const first = await used.visit(url);
    await untilBatches('/tabs', 1);
    await openTab(first.context(), url);
    await untilBatches('/tabs', 2);
    await first.reload();
    const batches = await used.site.until('three pages', () => {
      const found = batchesOf('/tabs');
      return found.filter(({ seq }) => seq === 0).length === 3 && found;
    });
    expect(new Set(batches.map(({ session_key }) => session_key)).size).toBe(1);
    expect(new Set(batches.map(({ visitor_id }) => visitor_id)).size).toBe(1);
    expect(new Set(batches.filter(({ seq }) => seq === 0).map(({ page_id }) => page_id)).size).toBe(3);
    await first.context().close();
  });

  it('ends after half an hour without an act; the next one begins another, with the page and its geometry', async () => {
    const page = await used.visit(used.site.page('/idle', `<body>${TAG}`));
    const [before] = await untilBatches('/idle', 1);
    await moveClock(page, 31 * 60_000);
    await page.evaluate(() => window.silhouette!.track('nobody is there'));
    await page.mouse.click(20, 20);
    await flush(page);
    const [, after] = await untilBatches('/idle', 2);
    await used.site.until('the click', () => used.site.events().some(({ event_type }) => event_type === 'click'));
    expect(after!.session_key).not.toBe(before!.session_key);
    expect(after!.page_id).not.toBe(before!.page_id);
    expect(after!.visitor_id).toBe(before!.visitor_id);
    expect(after!.seq).toBe(0);
    expect(after!.context).toHaveProperty('language');
    const [view, ...rest] = batchesOf('/idle')
      .slice(1)
      .flatMap(({ events }) => events);
    expect(view).toMatchObject({ event_type: 'page_view', viewport_width: 1280, document_height: 720 });
    expect(rest.map(({ event_type }) => event_type)).toEqual(['mousemove', 'click']);
    await page.context().close();
  });

  it('is kept going by acts in any tab', async () => {
    const url = used.site.page('/awake', `<body>${TAG}`);
    const first = await used.visit(url);
    await untilBatches('/awake', 1);
    const second = await openTab(first.context(), url);
    await untilBatches('/awake', 2);
    await moveClock(second, 20 * 60_000);
    await second.mouse.click(20, 20);
    await flush(second);
    await moveClock(first, 40 * 60_000);
    await first.mouse.click(30, 30);
    await flush(first);
    const batches = await untilBatches('/awake', 4);
    expect(new Set(batches.map(({ session_key }) => session_key)).size).toBe(1);
    await first.context().close();
  });

  it('ends after a day, however busy', async () => {
    const page = await used.visit(used.site.page('/day', `<body>${TAG}`));
    await untilBatches('/day', 1);
    for (let i = 0; i < 50; i++) {
      await moveClock(page, 29.5 * 60_000);
      await page.mouse.click(20 + i, 20);
      await flush(page);
    }
    const batches = await used.site.until('another session', () => {
      const found = batchesOf('/day');
      return new Set(found.map(({ session_key }) => session_key)).size > 1 && found;
    });
    const [first, second] = [...new Set(batches.map(({ key_start }) => key_start))];
    expect(second! - first!).toBeGreaterThan(23.5 * 3_600_000);
    expect(second! - first!).toBeLessThan(24.6 * 3_600_000);
    await page.context().close();
  });

  it('lives in memory where storage throws', async () => {
    const page = await used.visit(
      used.site.page(
        '/unstored',
        `<script>Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })</script><body>${TAG}`,
      ),
    );
    await untilBatches('/unstored', 1);
    await page.mouse.click(9, 9);
    await flush(page);
    const [first, second] = await untilBatches('/unstored', 2);
    expect(second).toMatchObject({ session_key: first!.session_key, visitor_id: first!.visitor_id, seq: 1 });
    expect(used.complaints).toEqual([]);
    await page.context().close();
  });

  it('is another once the server has no more room for it, or has erased it', async () => {
    const page = await used.visit(used.site.page('/over', `<body>${TAG}`));
    await untilBatches('/over', 1);
    for (const status of [413, 410]) {
      used.site.refuse({ status });
      await page.mouse.click(20, 20);
      await flush(page);
      await page.mouse.click(30, 30);
      await flush(page);
    }
    const batches = await untilBatches('/over', 5);
    const sessions = new Map<string, number[]>();
    for (const { session_key, seq } of batches) sessions.set(session_key, [...(sessions.get(session_key) ?? []), seq]);
    expect(sessions.size).toBe(3);
    // How many batches each has is a matter of speed; that each counts its own from 0 is not.
    for (const seqs of sessions.values()) expect(seqs).toEqual(seqs.map((_, i) => i));
    await page.context().close();
  });

  it('is begun again by what the visitor does, however often it is refused', async () => {
    used.site.refuse(...Array(3).fill({ status: 410 }));
    const page = await used.visit(used.site.page('/refused', `<body>${TAG}`));
    for (let i = 0; i < 4; i++) {
      await page.mouse.click(20 + i, 20);
      await flush(page);
    }
    const sessions = batchesOf('/refused').map(({ session_key }) => session_key);
    expect(new Set(sessions).size).toBe(4);
    // Nothing more is sent of one that was refused.
    const refused = used.site.arrivals.filter(({ status }) => status === 410);
    expect(sessions.slice(0, 3)).toEqual(refused.map(({ batch }) => batch.session_key));
    expect(new Set(sessions.slice(3)).size).toBe(1);
    expect(await flush(page)).toMatch(/^[\da-f]{32}$/);
    await page.context().close();
  });
});

describe.skipIf(!CHROMIUM)('a visitor', () => {
  const PRIVATE = '/private';
  const stored = (page: Page) => page.evaluate(() => Object.entries({ ...localStorage }).join());

  beforeEach(() => {
    used.site.clear();
    used.complaints.splice(0);
  });

  it('who has not consented yet is not stored and not sent', async () => {
    const tag = TAG.replace('defer', 'defer data-consent="required"');
    const page = await used.visit(used.site.page(PRIVATE, `<body>${tag}`));
    await page.mouse.click(9, 9);
    expect(await flush(page)).toBeNull();
    expect(await stored(page)).toBe('');
    expect(await page.context().cookies()).toEqual([]);
    await page.evaluate(() => window.silhouette!.start());
    await page.mouse.click(19, 19);
    await flush(page);
    await used.site.until('the click', () => used.site.events().find(({ event_type }) => event_type === 'click'));
    const clicks = used.site.events().filter(({ event_type }) => event_type === 'click');
    expect(clicks).toMatchObject([{ x: 19 }]);
    await page.context().close();
  });

  it('who opts out is forgotten, in every tab and on later visits', async () => {
    const url = used.site.page(PRIVATE, `<body>${TAG}`);
    const page = await used.visit(url);
    const other = await openTab(page.context(), url);
    await used.site.until('both tabs', () => new Set(batchesOf(PRIVATE).map(({ page_id }) => page_id)).size === 2);
    const [{ visitor_id, session_key }] = batchesOf(PRIVATE) as [EventBatch];
    // In the turn of the click itself, so that no batch can have taken it along.
    await page.evaluate(() => {
      addEventListener('click', () => {
        window.silhouette!.optOut();
        document.title = String(Date.now());
      });
    });
    await page.mouse.click(9, 9);
    const optedOutAt = Number(await page.title());
    expect(await stored(page)).not.toContain(visitor_id);
    expect(await stored(page)).not.toContain(session_key);
    await other.mouse.click(9, 9);
    expect(await flush(page)).toBeNull();
    await flush(other);
    await page.reload();
    await page.mouse.click(9, 9);
    await page.evaluate(() => window.silhouette!.start());
    expect(await flush(page)).toBeNull();
    await page.goto('about:blank');
    const told = batchesOf(PRIVATE);
    expect(new Set(told.map(({ visitor_id }) => visitor_id))).toEqual(new Set([visitor_id]));
    const events = told.flatMap(({ events }) => events);
    expect(events.filter(({ event_type }) => event_type === 'click')).toEqual([]);
    expect(events.filter(({ timestamp }) => timestamp > optedOutAt)).toEqual([]);
    await page.context().close();
  });

  it('is not recorded from stop to start', async () => {
    const page = await used.visit(used.site.page(PRIVATE, `<body>${TAG}`));
    await page.mouse.click(1, 9);
    await page.evaluate(() => window.silhouette!.stop());
    await page.mouse.click(2, 9);
    await page.evaluate(() => window.silhouette!.start());
    await page.mouse.click(3, 9);
    await flush(page);
    const clicks = await used.site.until('the click', () => {
      const found = used.site.events().filter(({ event_type }) => event_type === 'click');
      return found.length > 1 && found;
    });
    expect(clicks).toMatchObject([{ x: 1 }, { x: 3 }]);
    expect(new Set(batchesOf(PRIVATE).map(({ page_id }) => page_id)).size).toBe(1);
    await page.context().close();
  });

  it.each([
    ['do not track', `Object.defineProperty(navigator, 'doNotTrack', { value: '1' })`],
    ['global privacy control', `Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })`],
  ])('who asks for it by %s is left alone, unless the site says otherwise', async (_, signal) => {
    const page = await used.visit(used.site.page(PRIVATE, `<script>${signal}</script><body>${TAG}`));
    await page.mouse.click(9, 9);
    await page.evaluate(() => window.silhouette!.start());
    expect(await flush(page)).toBeNull();
    expect(await stored(page)).toBe('');
    await page.goto('about:blank');
    expect(batchesOf(PRIVATE)).toEqual([]);
    await page.context().close();

    const tag = TAG.replace('defer', 'defer data-privacy-signals="ignore"');
    const ignored = await used.visit(used.site.page('/ignored', `<script>${signal}</script><body>${tag}`));
    await untilBatches('/ignored', 1);
    await ignored.context().close();
  });

  it('who is left out by sampling stays so for the session, in all tabs', async () => {
    const page = await used.visit(
      used.site.page(
        PRIVATE,
        `<script>Math.random = () => 0.5</script><body>${TAG.replace('defer', 'defer data-sample="0.4"')}`,
      ),
    );
    await page.mouse.click(9, 9);
    expect(await flush(page)).toBeNull();
    const other = await openTab(
      page.context(),
      used.site.page('/other', `<body>${TAG.replace('defer', 'defer data-sample="1"')}`),
    );
    await other.mouse.click(9, 9);
    expect(await flush(other)).toBeNull();
    await moveClock(other, 31 * 60_000);
    await other.mouse.click(9, 9);
    await flush(other);
    await untilBatches('/other', 1);
    expect(batchesOf(PRIVATE)).toEqual([]);
    await page.context().close();
  });
});
