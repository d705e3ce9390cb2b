// What a visitor does becomes the event of that kind, with the right numbers.
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SentEvent } from '../../src/format/event.ts';
import { CHROMIUM } from './harness.ts';
import { TAG } from './tracker-harness.ts';
import { useSite } from './use-site.ts';

const used = useSite();

/** Asking for the id sends at once what was captured. */
const flush = (page: Page) => page.evaluate(() => window.silhouette!.sessionId());

type OfType<T> = Extract<SentEvent, { event_type: T }>;
const ofType = <T extends SentEvent['event_type']>(type: T): OfType<T>[] =>
  used.site.events().filter((event) => event.event_type === type) as OfType<T>[];
const until = <T extends SentEvent['event_type']>(type: T, count = 1): Promise<OfType<T>[]> =>
  used.site.until(`${count} × ${type}`, () => {
    const found = ofType(type);
    return found.length >= count && found;
  });
/** The same of what falls due a moment later: asks again and again, so that no batch must be waited for. */
const untilSent = async <T extends SentEvent['event_type']>(
  page: Page,
  type: T,
  fits: (event: OfType<T>) => boolean = () => true,
): Promise<OfType<T>[]> => {
  const look = async () => {
    await flush(page);
    return ofType(type).some(fits);
  };
  await expect.poll(look, { message: type }).toBe(true);
  return ofType(type);
};

describe.skipIf(!CHROMIUM)('a visit', () => {
  beforeEach(() => {
    used.site.clear();
    used.complaints.splice(0);
  });

  it('begins with the page and its geometry, and the context once', async () => {
    const url = used.site.page('/tall', `<body style="margin:0"><div style="height:3000px">tall</div>${TAG}`);
    const page = await used.visit(`${url}?secret=1#part`, {
      deviceScaleFactor: 2,
      locale: 'de-DE',
      timezoneId: 'Europe/Berlin',
    });
    const [view] = await until('page_view');
    expect(view).toMatchObject({
      page: url,
      viewport_width: 1280,
      viewport_height: 720,
      document_width: 1280,
      document_height: 3000,
      scroll_x: 0,
      scroll_y: 0,
      device_pixel_ratio: 2,
    });
    const [first] = used.site.arrivals;
    expect(first!.batch).toMatchObject({
      seq: 0,
      context: { language: 'de-DE', timezone: 'Europe/Berlin', screen_width: 1280, screen_height: 720 },
    });
    expect(first!.body).not.toContain('secret');
    await page.mouse.click(10, 10);
    await page.context().close();
    const second = await used.site.until('a second batch', () => used.site.arrivals[1]);
    expect(second.batch).toMatchObject({ seq: 1, page_id: first!.batch.page_id, context: {} });
  });

  it('takes at most one mouse sample in 100 ms and the last of every burst', async () => {
    const page = await used.visit(used.site.page('/moves', `<body>moves${TAG}`));
    for (let i = 0; i <= 60; i++) {
      await page.mouse.move(100 + i * 5, 200 + i);
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    const moves = await untilSent(page, 'mousemove', ({ x, y }) => x === 400 && y === 260);
    expect(moves.length).toBeGreaterThan(4);
    for (let i = 1; i < moves.length; i++) {
      expect(moves[i]!.timestamp - moves[i - 1]!.timestamp).toBeGreaterThanOrEqual(99);
    }
    expect(moves.every(({ pointer }) => pointer === 'mouse')).toBe(true);
    await page.context().close();
  });

  it('counts one page view where the pointer moved before it', async () => {
    const moved = `<script>addEventListener('DOMContentLoaded', () => dispatchEvent(new PointerEvent('pointermove', { clientX: 7, clientY: 9, isPrimary: true, pointerType: 'mouse' })))</script>`;
    const page = await used.visit(used.site.page('/early', `<body>early${TAG}${moved}`));
    expect(await untilSent(page, 'mousemove')).toMatchObject([{ x: 7, y: 9 }]);
    expect(ofType('page_view')).toHaveLength(1);
    await page.context().close();
  });

  it('takes no mouse sample between stop and start', async () => {
    const page = await used.visit(used.site.page('/paused', `<body>paused${TAG}`));
    await until('page_view');
    await page.mouse.move(10, 10);
    await page.evaluate(() => window.silhouette!.stop());
    for (let x = 200; x < 230; x++) await page.mouse.move(x, 200);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
    await page.evaluate(() => window.silhouette!.start());
    await page.mouse.move(400, 400);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
    await flush(page);
    expect(ofType('mousemove')).toMatchObject([{ x: 10 }, { x: 400 }]);
    await page.context().close();
  });

  it('says which fields were gone into, by key or pointer, never what is typed, and no link or button', async () => {
    const fields =
      '<a href="#x">link</a><input id="name"><input type="checkbox" class="terms"><select id="plan"></select>';
    const html = `<body><form name="required">${fields}<textarea id="jo@e.x"></textarea><button>send</button></form>${TAG}`;
    const page = await used.visit(used.site.page('/fields', html));
    await until('page_view');
    await page.click('#name');
    await page.keyboard.type('canary');
    // On to each of them, and past the last.
    for (let i = 0; i < 5; i++) await page.keyboard.press('Tab');
    await page.focus('a');
    await page.evaluate(() => document.dispatchEvent(new Event('focusin')));
    await page.focus('#plan');
    const focused = await untilSent(page, 'focus', () => ofType('focus').length > 4);
    expect(focused.map(({ element }) => element)).toEqual([
      'INPUT#name',
      'INPUT.terms',
      'SELECT#plan',
      'TEXTAREA#*',
      'SELECT#plan',
    ]);
    expect(JSON.stringify(used.site.arrivals)).not.toContain('canary');
    expect(used.complaints).toEqual([]);
    await page.context().close();
  });

  it('says what was clicked and where on it, in page px', async () => {
    const page = await used.visit(
      used.site.page(
        '/click',
        `<body style="margin:0;height:3000px"><button id="cta" class="hero-btn  big" style="position:absolute;left:100px;top:900px;width:200px;height:50px;border:0">Buy</button>${TAG}`,
      ),
    );
    await page.evaluate(() => scrollTo(0, 600));
    await page.mouse.click(150, 310);
    await flush(page);
    const [click] = await until('click');
    expect(click).toMatchObject({
      x: 150,
      y: 310,
      element: 'BUTTON#cta.hero-btn.big',
      pointer: 'mouse',
      element_box: { x: 100, y: 900, width: 200, height: 50 },
      element_x: 0.25,
      element_y: 0.2,
      fixed: false,
    });
    await page.context().close();
  });

  it('puts a click by the keyboard into the middle of its element', async () => {
    const page = await used.visit(
      used.site.page(
        '/keyboard',
        `<body style="margin:0"><button style="position:fixed;left:100px;top:50px;width:200px;height:40px">Go</button>${TAG}`,
      ),
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await flush(page);
    const [click] = await until('click');
    expect(click).toMatchObject({ x: 200, y: 70, element: 'BUTTON', element_x: 0.5, element_y: 0.5, fixed: true });
    expect(click).not.toHaveProperty('pointer');
    await page.context().close();
  });

  it('sees through open shadow trees, and stops at closed ones', async () => {
    const page = await used.visit(
      used.site.page(
        '/shadow',
        `<body style="margin:0"><my-open></my-open><my-closed></my-closed>
        <script>for (const [mode, top] of [['open', 0], ['closed', 100]]) {
          const host = document.querySelector('my-' + mode);
          host.attachShadow({ mode }).innerHTML = '<p class="inside" style="position:absolute;margin:0;width:90px;height:90px;top:' + top + 'px">in';
        }</script>${TAG}`,
      ),
    );
    await page.mouse.click(50, 50);
    await page.mouse.click(50, 150);
    await flush(page);
    const clicks = await until('click', 2);
    expect(clicks.map(({ element }) => element)).toEqual(['P.inside', 'MY-CLOSED']);
    await page.context().close();
  });

  it('counts the press on a label once, and no press by a script', async () => {
    const page = await used.visit(
      used.site.page('/label', `<body><label id="label">Agree <input type="checkbox" id="box"></label>${TAG}`),
    );
    await page.click('#label', { position: { x: 4, y: 8 } });
    await page.evaluate(() => document.querySelector('label')!.click());
    await page.mouse.click(400, 400);
    await flush(page);
    const clicks = await until('click', 2);
    expect(clicks.map(({ element }) => element)).toEqual(['LABEL#label', 'HTML']);
    await page.context().close();
  });

  it('measures how far the page is scrolled', async () => {
    const page = await used.visit(used.site.page('/scroll', `<body style="margin:0;height:2720px">scroll${TAG}`));
    // Before that the page's first measure would have it.
    await until('page_view');
    await page.evaluate(() => scrollTo(0, 500));
    const scrolls = await untilSent(page, 'scroll', ({ scroll_y }) => scroll_y === 500);
    expect(scrolls.at(-1)).toMatchObject({
      scroll_percent: 25,
      scroll_x: 0,
      scroll_y: 500,
      document_height: 2720,
    });
    await page.evaluate(() => scrollTo(0, 1e6));
    await untilSent(page, 'scroll', ({ scroll_percent }) => scroll_percent === 100);
    await page.context().close();
  });

  it('takes at most one scroll in 250 ms and the last of every burst', async () => {
    const page = await used.visit(used.site.page('/wheel', `<body style="margin:0;height:9000px">wheel${TAG}`));
    await until('page_view');
    await page.evaluate(async () => {
      for (let y = 0; y <= 1200; y += 20) {
        scrollTo(0, y);
        await new Promise(requestAnimationFrame);
      }
    });
    const scrolls = await untilSent(page, 'scroll', ({ scroll_y }) => scroll_y === 1200);
    expect(scrolls.length).toBeGreaterThan(3);
    for (let i = 1; i < scrolls.length; i++) {
      expect(scrolls[i]!.timestamp - scrolls[i - 1]!.timestamp).toBeGreaterThanOrEqual(249);
    }
    await page.context().close();
  });

  it('leaves the scrolling of boxes within the page alone', async () => {
    const page = await used.visit(
      used.site.page(
        '/box',
        `<body><div id="box" style="height:100px;overflow:auto"><p style="height:900px">box</div>${TAG}`,
      ),
    );
    await page.evaluate(() => document.getElementById('box')!.scrollTo(0, 300));
    await page.mouse.click(300, 300);
    await flush(page);
    await until('click');
    expect(ofType('scroll')).toEqual([]);
    await page.context().close();
  });

  it('tells fingers from mice', async () => {
    const page = await used.visit(used.site.page('/touch', `<body>touch${TAG}`), { hasTouch: true, isMobile: true });
    await page.touchscreen.tap(120, 130);
    await flush(page);
    const [click] = await until('click');
    expect(click).toMatchObject({ x: 120, y: 130, pointer: 'touch' });
    await page.context().close();
  });

  it('says when the window or the page changed its size', async () => {
    const page = await used.visit(
      used.site.page('/resize', `<body style="margin:0"><div id="a" style="height:900px"></div>${TAG}`),
    );
    await until('page_view');
    await page.setViewportSize({ width: 800, height: 600 });
    // A browser may change one after the other.
    const windows = await untilSent(page, 'resize', ({ viewport_width, viewport_height }) =>
      [viewport_width, viewport_height].every((size, i) => size === [800, 600][i]),
    );
    expect(windows.at(-1)).toMatchObject({ viewport_width: 800, viewport_height: 600, document_height: 900 });
    await page.evaluate(() => {
      document.getElementById('a')!.style.height = '1700px';
    });
    await page.mouse.click(5, 5);
    const resizes = await untilSent(page, 'resize', ({ document_height }) => document_height === 1700);
    expect(resizes.at(-1)).toMatchObject({ viewport_width: 800, document_height: 1700 });
    await page.context().close();
  });

  it('names the kind and the place of an error, never its message', async () => {
    const page = await used.visit(
      used.site.page(
        '/errors',
        `<body>${TAG}<img src="/no-such-image"><script>
        addEventListener('load', () => {
          setTimeout(() => { throw new RangeError('secret of jane@example.com') }, 50);
          setTimeout(() => { class Odd extends Error { name = 'secret words here' } Promise.reject(new Odd('secret')) }, 1500);
        })</script>`,
      ),
    );
    const errors = await untilSent(page, 'error', ({ name }) => name === 'Error');
    expect(errors[0]).toMatchObject({ name: 'RangeError', source: `${used.site.origin}/errors`, line: 3 });
    expect(errors[1]).toMatchObject({ name: 'Error' });
    expect(errors).toHaveLength(2);
    expect(used.site.arrivals.map(({ body }) => body).join()).not.toContain('secret');
    await page.context().close();
  });

  it('takes what the site itself reports', async () => {
    const page = await used.visit(used.site.page('/custom', `<body>${TAG}`));
    await page.evaluate(() => {
      const { silhouette } = window;
      silhouette!.track('bought', { price: 12.5, gift: true, note: 'thé "noir"', none: null, list: [1] } as never);
      silhouette!.identify('customer 7');
      silhouette!.track('bare');
    });
    await flush(page);
    const customs = await until('custom', 3);
    expect(customs).toMatchObject([
      { name: 'bought', properties: { price: 12.5, gift: true, note: 'thé "noir"', none: null } },
      { name: 'identify', properties: { id: 'customer 7' } },
      { name: 'bare' },
    ]);
    expect(customs[0]!.properties).not.toHaveProperty('list');
    await page.context().close();
  });

  it('goes on where a site reports what cannot be told', async () => {
    const page = await used.visit(used.site.page('/untold', `<body>${TAG}`));
    await page.evaluate(() => {
      const track = window.silhouette!.track as (name: unknown, properties?: unknown) => void;
      const circle: Record<string, unknown> = { name: 'round' };
      circle.self = circle;
      const fail = () => {
        throw new Error("the page's own");
      };
      track('bigint', { amount: 1n });
      track('getter', Object.defineProperty({}, 'a', { enumerable: true, get: fail }));
      track('toJSON', { a: { toJSON: fail } });
      track('proxy', new Proxy({}, { ownKeys: fail }));
      track(Symbol('name'));
      track({ toString: fail });
      window.silhouette!.identify(7n as never);
      track('circle', circle);
      track('symbol', { sign: Symbol('sign'), [Symbol('field')]: 1, run: fail, kept: 1 });
      track('undefined', { gone: undefined, kept: 2 });
    });
    await flush(page);
    const customs = await until('custom', 3);
    expect(customs.map(({ name, properties }) => [name, properties])).toEqual([
      ['circle', { name: 'round' }],
      ['symbol', { kept: 1 }],
      ['undefined', { kept: 2 }],
    ]);
    await page.context().close();
  });

  it('never sends what is typed or written', async () => {
    const page = await used.visit(
      used.site.page(
        '/form',
        `<body>${TAG}<p>confidential words</p><input id="card" autofocus><input type="password" id="pw" value="prefilled">`,
      ),
    );
    await page.click('#card');
    await page.keyboard.type('4111111111111111');
    await page.click('#pw');
    await page.keyboard.type('hunter2');
    await page.click('p');
    await flush(page);
    await until('click', 3);
    const sent = used.site.arrivals.map(({ body }) => body).join();
    for (const secret of ['4111', 'hunter2', 'prefilled', 'confidential']) expect(sent).not.toContain(secret);
    await page.context().close();
  });

  it('reads back from the app as it was sent', async () => {
    const page = await used.visit(used.site.page('/back', `<body>${TAG}`));
    await page.mouse.click(33, 44);
    const id = await page.evaluate(() => window.silhouette!.sessionId());
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    const session = await (await used.site.get(`/replay/sessions/${id}`)).json();
    expect(session.events.find(({ event_type }: SentEvent) => event_type === 'click')).toMatchObject({ x: 33, y: 44 });
    expect(used.complaints).toEqual([]);
    await page.context().close();
  });
});
