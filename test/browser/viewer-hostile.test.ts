// The viewer against recordings that mean harm: markup, huge sessions, events that make no sense.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { CLEAR_PALETTE, HOSTILE } from '../fixtures/hostile-layouts.ts';
import { at, type Body, body, click, layout, longVisit, move, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { heapOf, traceTasks } from './trace-tasks.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf } from './viewer-harness.ts';

const ATTACKS = [
  '<img src=x onerror=__pwn()>',
  '"><svg onload=__pwn()>',
  "'-__pwn()-'",
  '<iframe srcdoc="<script>parent.__pwn()</script>">',
  '</script><script>__pwn()</script>',
  '<style>@import url(//evil.test/a)</style>',
  '{{constructor.constructor("__pwn()")()}}',
  'javascript:__pwn()',
  '\u202e\u0301'.repeat(200),
];

const used = useViewer();

/** Answers with a body that no server of ours would send: the player is the last wall. */
async function plant(page: Page, planted: Body, rows: unknown[] = [planted.session]): Promise<void> {
  const sessions = [{ session_id: 7, started_at: '<b>' }, null, ...rows];
  await page.route('**/replay/sessions?*', (route) =>
    route.fulfill({ json: { sessions, total: sessions.length, next_cursor: null } }),
  );
  await page.route('**/replay/sessions/*', (route) => {
    const id = new URL(route.request().url()).pathname.split('/').at(-1);
    const session = rows.find((row) => (row as { session_id: unknown }).session_id === id) ?? planted.session;
    return route.fulfill({ json: { ...planted, session } });
  });
}

test.skipIf(!CHROMIUM).each([true, false])(
  'strings of events and sessions are text and nothing else (policy on: %s)',
  async (policy) => {
    const page = await used.open({ viewport: { width: 1600, height: 2400 } });
    await page.addInitScript(() => {
      (window as unknown as { __pwn: () => void }).__pwn = () => alert('pwned');
    });
    const addresses = ATTACKS.flatMap((attack) => [attack, `https://user:secret@shop.example/${attack}`]);
    const planted = body(
      addresses.flatMap((address, i) => [
        view(i * 4000, { page: address }),
        click(i * 4000 + 1000, 100, 100, {
          page: address,
          element: ATTACKS[i >> 1],
          element_box: { x: 50, y: 80, width: 300, height: 60 },
        }),
        { ...move(i * 4000 + 1500, 5, 5, { page: address }), event_type: 'custom', name: ATTACKS[i >> 1] },
      ]),
      { session_id: 'hostile-0' },
    );
    const rows = ATTACKS.map((attack, i) => ({
      ...planted.session,
      session_id: `hostile-${i}`,
      visitor_id: attack,
      entry_page: attack,
      exit_page: addresses[i],
      country: attack,
      browser: attack,
      identity: attack,
      context: { referrer: attack, language: attack },
    }));
    await plant(page, planted, rows);
    if (!policy) {
      await page.route('**/replay?*', async (route) => {
        const response = await route.fetch();
        const { 'content-security-policy': _, ...headers } = response.headers();
        await route.fulfill({ response, headers });
      });
    }
    await page.goto(
      `${used.site.origin}/replay?visitor_id=${encodeURIComponent(ATTACKS[0] ?? '')}#session=hostile-0&t=1.2`,
    );
    await page
      .getByRole('option')
      .nth(ATTACKS.length - 1)
      .waitFor();
    expect(await page.getByRole('option').count()).toBe(ATTACKS.length);
    const happened = page.getByRole('complementary', { name: 'What happened' });
    for (const [i, attack] of ATTACKS.entries()) {
      await expect.poll(() => happened.innerText()).toContain(attack.trim());
      await page.getByRole('option').nth(i).click();
      await expect.poll(() => page.getByRole('main').innerText()).toContain(attack.trim().slice(0, 12));
    }
    for (const [i, address] of addresses.entries()) {
      await page.evaluate(
        (seconds) => {
          location.hash = `#session=hostile-0&t=${seconds}`;
        },
        i * 4 + 1.2,
      );
      const shown = page.getByLabel('Current page');
      const expected = address.startsWith('https:') ? /^https:..shop.example/ : /^Unknown page$/;
      await expect.poll(() => shown.innerText()).toMatch(expected);
      expect(await shown.innerText()).not.toContain('secret');
    }
  },
);

test.skipIf(!CHROMIUM)('events that make no sense are counted where the user sees it, the others play', async () => {
  const page = await used.open();
  await plant(
    page,
    body([view(0), move(10, null as never, 1), move(20, 'a' as never, 1), { timestamp: null }, click(3000, 5, 5)], {
      session_id: 'odd',
    }),
  );
  await page.goto(`${used.site.origin}/replay#session=odd`);
  await page.reload();
  await page.getByText('3 events unreadable').waitFor();
  expect(await page.getByRole('slider').getAttribute('aria-valuemax')).toBe('3000');
});

test.skipIf(!CHROMIUM)(
  '100,000 events, each with an element of its own, open without holding up the page',
  async () => {
    await used.site.add(
      body(
        longVisit(100_000, 3 * 3_600_000, (i) => `BUTTON.${'long-name-'.repeat(24)}${i}`),
        { session_id: 'long' },
      ),
    );
    const page = await used.open();
    await page.getByRole('option').first().waitFor();
    // Not by the clock, which says more of the machine: work that is cut into pieces lets the page paint in between.
    await page.evaluate(() => {
      const counter = { painted: 0 };
      const count = () => {
        counter.painted++;
        requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
      Object.assign(window, { counter });
    });
    const endOpening = await traceTasks(used.browser, page);
    await page.getByRole('option').first().click();
    const slider = page.getByRole('slider', { name: 'Timeline' });
    await expect
      .poll(async () => Number(await slider.getAttribute('aria-valuemax')), { timeout: 20_000 })
      .toBeGreaterThan(10_000_000);
    const opening = await endOpening();
    expect(opening.length).toBeGreaterThan(50);
    expect(opening.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2000);
    const endPlaying = await traceTasks(used.browser, page);
    const painted = await page.evaluate(() => (window as unknown as { counter: { painted: number } }).counter.painted);
    expect(painted).toBeGreaterThan(5);
    await page.getByRole('radio', { name: '8×' }).check();
    await page.getByRole('button', { name: 'Play' }).click();
    const box = (await slider.boundingBox())!;
    for (let i = 1; i < 20; i++) await page.mouse.click(box.x + (box.width * i) / 20, box.y + 40);
    for (const ms of [...opening, ...(await endPlaying())]) expect(ms).toBeLessThan(200);
    expect(await heapOf(page)).toBeLessThan(200e6);
  },
);

/** What one animation frame did on all canvases. */
interface Work {
  /** Calls that paint. */
  calls: number;
  /** Device px that they covered. */
  pixels: number;
  /** New canvases, and their px. */
  canvases: number;
}

/** Before the viewer's scripts: counts, frame by frame, what is painted. */
function countWork(): void {
  const frames: Work[] = [];
  let now: Work = { calls: 0, pixels: 0, canvases: 0 };
  Object.assign(window, { frames });
  const { prototype } = CanvasRenderingContext2D;
  const real = {
    ...Object.fromEntries(
      [
        'fillRect',
        'fill',
        'stroke',
        'drawImage',
        'beginPath',
        'roundRect',
        'moveTo',
        'lineTo',
        'rect',
        'clip',
        'save',
        'restore',
      ].map((name) => [name, prototype[name as 'fill']]),
    ),
  } as unknown as typeof prototype;
  let path = 0;
  let lines: number[] = [];
  let from = { x: 0, y: 0 };
  /** Of each context: px of what it is clipped to, as saved and now. */
  const clips = new WeakMap<CanvasRenderingContext2D, number[]>();
  const clipsOf = (context: CanvasRenderingContext2D) => {
    const known = clips.get(context) ?? [Number.POSITIVE_INFINITY];
    clips.set(context, known);
    return known;
  };
  const count = (context: CanvasRenderingContext2D, pixels: number) => {
    now.calls++;
    now.pixels += Math.min(pixels, context.canvas.width * context.canvas.height, clipsOf(context).at(-1)!);
  };
  prototype.save = function () {
    clipsOf(this).push(clipsOf(this).at(-1)!);
    real.save.call(this);
  };
  prototype.restore = function () {
    if (clipsOf(this).length > 1) clipsOf(this).pop();
    real.restore.call(this);
  };
  /** Of a rectangle what lies on its canvas. */
  const inside = (context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number) => {
    const { a, d, e, f } = context.getTransform();
    const within = (from: number, to: number, edge: number) =>
      Math.max(0, Math.min(edge, Math.max(from, to)) - Math.max(0, Math.min(from, to)));
    const across = within(a * x + e, a * (x + width) + e, context.canvas.width);
    return across * within(d * y + f, d * (y + height) + f, context.canvas.height);
  };
  let cut = 0;
  prototype.rect = function (x, y, width, height) {
    cut = inside(this, x, y, width, height);
    real.rect.call(this, x, y, width, height);
  };
  prototype.clip = function (...args: unknown[]) {
    clipsOf(this).push(Math.min(clipsOf(this).pop()!, cut));
    (real.clip as (...args: unknown[]) => void).apply(this, args);
  };
  prototype.beginPath = function () {
    path = 0;
    lines = [];
    real.beginPath.call(this);
  };
  prototype.moveTo = function (x, y) {
    from = { x, y };
    real.moveTo.call(this, x, y);
  };
  prototype.lineTo = function (x, y) {
    lines.push(Math.hypot(x - from.x, y - from.y));
    from = { x, y };
    real.lineTo.call(this, x, y);
  };
  prototype.roundRect = function (x, y, width, height, radii) {
    path += inside(this, x, y, width, height);
    real.roundRect.call(this, x, y, width, height, radii);
  };
  prototype.fillRect = function (x, y, width, height) {
    count(this, inside(this, x, y, width, height));
    real.fillRect.call(this, x, y, width, height);
  };
  prototype.fill = function (...args: unknown[]) {
    count(this, path);
    (real.fill as (...args: unknown[]) => void).apply(this, args);
  };
  prototype.stroke = function (...args: unknown[]) {
    // Many lines at once are as much work as each by itself.
    for (const length of lines) count(this, length * this.lineWidth * this.getTransform().a ** 2);
    if (path > 0) count(this, Math.min(path, this.lineWidth * 2 * (this.canvas.width + this.canvas.height)));
    (real.stroke as (...args: unknown[]) => void).apply(this, args);
  };
  prototype.drawImage = function (...args: unknown[]) {
    const { width, height } = args[0] as HTMLCanvasElement;
    count(this, width * height);
    (real.drawImage as (...args: unknown[]) => void).apply(this, args);
  };
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, ...more: []) => {
    if (name === 'canvas') now.canvases++;
    return create(name, ...more);
  }) as typeof document.createElement;
  const ask = requestAnimationFrame.bind(window);
  ask(function turn() {
    frames.push(now);
    now = { calls: 0, pixels: 0, canvases: 0 };
    ask(turn);
  });
}

test.skipIf(!CHROMIUM)('a frame paints a bounded number of things, whatever outlines were sent', async () => {
  const events: unknown[] = [view(0)];
  for (let i = 0; i < 24; i++) {
    const { boxes } = HOSTILE[i % HOSTILE.length]!;
    const scrolled = Array.from({ length: 100 }, (_, j) => [1 + j, 0, (i * 90) % 700]);
    const more = i % 2 ? { whole: undefined } : {};
    events.push(layout(600 + i * 600, i + 1, boxes, { palette: CLEAR_PALETTE, scrolled, ...more }));
    for (let j = 0; j < 4; j++) events.push(click(620 + i * 600 + j * 100, 100 + j * 90, 300));
    events.push(at(900 + i * 600, { event_type: 'scroll', scroll_percent: 0, scroll_y: (i * 700) % 1800 }));
  }
  await used.site.add(body(events, { session_id: 'layouts' }));
  const viewport = { width: 1600, height: 1000 };
  const page = await used.open({
    place: '#session=layouts',
    before: countWork,
    viewport,
  });
  // Each at the moment it came, and where the page is scrolled to next, since a busy machine shows few of them while it plays.
  for (const i of [1, 2, 3, 4.5, 5, 10.5, 11, 16.5, 17.5, 23, 0]) {
    await page.evaluate(
      async (seconds) => {
        location.hash = `#session=layouts&t=${seconds}`;
        for (let turn = 0; turn < 4; turn++) await new Promise(requestAnimationFrame);
      },
      (i * 600) / 1000,
    );
    await expect.poll(() => positionOf(page)).toBe(i * 600);
  }
  await page.getByRole('radio', { name: '8×' }).check();
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByText('End of the session').waitFor();
  const { frames, stage } = await page.evaluate(() => {
    const { width, height } = document.querySelector<HTMLCanvasElement>('canvas[aria-label=Replay]')!;
    return { frames: (window as unknown as { frames: Work[] }).frames, stage: width * height };
  });
  const most = (of: keyof Work) => Math.max(...frames.map((frame) => frame[of]));
  expect(frames.length).toBeGreaterThan(20);
  // The boxes of the stage, those of a slice of pictures, and what the viewer draws over them.
  expect(most('calls')).toBeLessThan(3000 + 3000 + 500);
  // That the count sees boxes at all.
  expect(most('calls')).toBeGreaterThan(1000);
  // Six coats on the stage, its ground, and six on each of three pictures; the timeline and what lies over the page.
  expect(most('pixels')).toBeLessThan(stage * 10 + 3 * 7 * 512 * 512);
  expect(most('canvases')).toBeLessThanOrEqual(1);
});
