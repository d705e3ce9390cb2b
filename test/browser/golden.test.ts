// The golden promise: a press is drawn where it was, on the page as the visitor saw it and on the page as the viewer draws it, to the pixel.
import type { Browser, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { SessionEvent } from '../../src/format/event.ts';
import { type Frame, frameAt } from '../../src/player/frame.ts';
import { readRecording } from '../../src/player/recording.ts';
import type { Rectangle } from '../../src/player/scene.ts';
import { SCROLL } from '../../src/player/scroll.ts';
import { type Shift, seenOf } from '../../src/player/shift.ts';
import { findPlaces, type Pressed, prepareGolden, press } from './golden-visit.ts';
import { CHROMIUM, launchChromium } from './harness.ts';
import { openStage, type RealSite, type Recorded, showEnd, startRealSite } from './real-visits.ts';

const PAGES = ['/sb-admin/tables.html', '/production/form.html', '/jquery-ui/index.html'];
const VIEWPORTS = [
  { width: 390, height: 844 },
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
];
const VISITS = PAGES.flatMap((path, i) => VIEWPORTS.map((viewport, j) => ({ path, viewport, seed: 1 + i * 3 + j })));
const PRESSES = 200;
/** Visits at a time. */
const AT_ONCE = 3;
/** px of the visitor's viewport. */
const CLOSE = 1;
/** Share of what is seen that the silhouette must show. */
const TOLD_MIN = 0.9;
/** ms after a press at which it is looked at: a thousandth of a second is what an address can tell, give or take rounding. */
const AFTER_MS = 0.5;

interface Visit {
  recorded: Recorded;
  viewport: { width: number; height: number };
  pressed: Pressed[];
}

/** Where the silhouette shows it, viewport px; of a line of text the part that was pressed on the page. Null: it does not. */
function shownAt({ scene, shifts }: Frame, place: Pressed): Rectangle | null {
  for (const box of scene?.boxes ?? []) {
    const seen = seenOf(box, shifts[box.layer] as Shift);
    const [left, right] = [seen.x - place.x, seen.x + seen.width - place.x - place.width];
    const [above, below] = [seen.y - place.y, seen.y + seen.height - place.y - place.height];
    if (Math.abs(above) > CLOSE || Math.abs(below) > CLOSE) continue;
    if (box.kind === 1 && place.kind === 'text' && left <= CLOSE && right >= -CLOSE)
      return { ...seen, x: Math.max(seen.x, place.x), width: place.width };
    if (box.kind !== 1 && place.kind === 'box' && Math.abs(left) <= CLOSE && Math.abs(right) <= CLOSE) return seen;
  }
  return null;
}

/** Presses things as the page stands and was told; what has come since the last outline is yet to be told. */
async function pressSome(
  site: RealSite,
  page: Page,
  count: number,
  seed: number,
  scrolled = false,
): Promise<Pressed[]> {
  let told: Pressed[] = [];
  const beyondLeast = async () => {
    const recording = readRecording(await site.recorded(page))!;
    const frame = frameAt(recording, recording.duration);
    const places = await findPlaces(page, count * 3, seed, scrolled);
    told = places.filter((place) => shownAt(frame, place));
    return told.length - places.length * TOLD_MIN;
  };
  // An outline comes after its pause.
  await expect.poll(beyondLeast, { message: `told of ${page.url()}` }).toBeGreaterThanOrEqual(0);
  return press(page, told, count);
}

async function visit(browser: Browser, site: RealSite, which: (typeof VISITS)[number], count: number): Promise<Visit> {
  const { path, viewport, seed } = which;
  const page = await site.visit(browser, path, { viewport }, prepareGolden);
  const pressed = await pressSome(site, page, Math.ceil(count / 3), seed);
  await allTold(site, page, pressed);
  await page.evaluate(() => {
    for (const element of document.querySelectorAll('*'))
      if (/auto|scroll/.test(getComputedStyle(element).overflow)) element.scrollBy(0, 90);
  });
  pressed.push(...(await pressSome(site, page, Math.ceil(count / 3), seed, true)));
  await allTold(site, page, pressed);
  await page.evaluate((share) => scrollTo(0, share * (document.body.scrollHeight - innerHeight)), (seed * 0.618) % 1);
  pressed.push(...(await pressSome(site, page, count - pressed.length, seed)));
  const recorded = await allTold(site, page, pressed);
  await page.context().close();
  return { recorded, viewport, pressed };
}

/** Waits until every press is told, and so old that scrolling is not shown as a motion which had begun before it. */
async function allTold(site: RealSite, page: Page, pressed: readonly Pressed[]): Promise<Recorded> {
  let recorded = await site.recorded(page);
  const presses = async () => {
    recorded = await site.recorded(page);
    const isOver = ({ timestamp }: SessionEvent) => Date.now() - timestamp > SCROLL.close;
    return recorded.events.filter((event) => event.event_type === 'click' && isOver(event)).length;
  };
  await expect.poll(presses).toBe(pressed.length);
  return recorded;
}

type Drawing = typeof window & { discs: { x: number; y: number; radius: number }[] };

/** Before the viewer's scripts: notes every disc that is drawn in the red of clicks, CSS px of its canvas. */
function noteDiscs(): void {
  const drawing = window as unknown as Drawing;
  drawing.discs = [];
  const { arc } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.arc = function (x, y, radius, ...rest) {
    if (this.fillStyle === '#ef4444') {
      const { a, e, f } = this.getTransform();
      const ratio = this.canvas.width / this.canvas.clientWidth;
      drawing.discs.push({ x: (x * a + e) / ratio, y: (y * a + f) / ratio, radius });
    }
    arc.call(this, x, y, radius, ...rest);
  };
}

/** Where the viewer draws the newest pulse at each of these times, px of the visitor's viewport. */
async function pulsesAt(viewer: Page, { recorded, viewport }: Visit, times: readonly number[]) {
  await showEnd(viewer, recorded);
  return viewer.evaluate(
    async ([id, times, viewport]) => {
      const drawing = window as unknown as Drawing;
      const canvas = document.querySelector('canvas[aria-label=Replay]')!;
      const scale = Math.min(canvas.clientWidth / viewport.width, canvas.clientHeight / viewport.height);
      const left = (canvas.clientWidth - viewport.width * scale) / 2;
      const top = (canvas.clientHeight - viewport.height * scale) / 2;
      const points: ({ x: number; y: number } | null)[] = [];
      for (const time of times) {
        drawing.discs = [];
        location.hash = `#session=${id}&t=${time / 1000}`;
        await new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const disc = drawing.discs.findLast(({ radius }) => radius < 8);
        points.push(disc ? { x: (disc.x - left) / scale, y: (disc.y - top) / scale } : null);
      }
      return points;
    },
    [recorded.session.session_id, times, viewport] as const,
  );
}

/** px between them along the axis on which they are farther apart. */
function apart(a: { x: number; y: number } | null, b: { x: number; y: number } | null): number {
  return a && b ? Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y)) : Number.POSITIVE_INFINITY;
}

/** The pressed point within a rectangle that stands for the pressed one. */
function pointIn({ x, y, width, height }: Rectangle, place: Pressed): { x: number; y: number } {
  return {
    x: x + ((place.point.x - place.x) / place.width) * width,
    y: y + ((place.point.y - place.y) / place.height) * height,
  };
}

test.skipIf(!CHROMIUM)(
  '200 presses on real pages are drawn within a pixel of where they were',
  { timeout: 180_000 },
  async () => {
    const [site, browser] = await Promise.all([startRealSite(), launchChromium()]);
    onTestFinished(async () => {
      await browser.close();
      await site.close();
    });
    const visits: Visit[] = [];
    let left = PRESSES;
    const waiting = VISITS.map((which, i) => {
      const count = Math.ceil(left / (VISITS.length - i));
      left -= count;
      return { which, count };
    });
    const visitor = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        visits.push(await visit(browser, site, next.which, next.count));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, visitor));
    expect(visits.reduce((sum, { pressed }) => sum + pressed.length, 0)).toBe(PRESSES);

    const { page: viewer } = await openStage(browser, site, visits[0]!.recorded, noteDiscs);
    const misses: string[] = [];
    for (const each of visits) {
      const recording = readRecording(each.recorded)!;
      const times = [...recording.clicks.at];
      const drawn = await pulsesAt(
        viewer,
        each,
        times.map((time) => time + AFTER_MS),
      );
      for (const [i, place] of each.pressed.entries()) {
        const shown = shownAt(frameAt(recording, times[i]! + AFTER_MS), place);
        const onPage = apart(drawn[i]!, place.point);
        const onSilhouette = apart(drawn[i]!, shown && pointIn(shown, place));
        if (onPage <= CLOSE && onSilhouette <= CLOSE) continue;
        misses.push(
          `${each.recorded.session.entry_page} ${each.viewport.width} ${place.kind} ${place.name}: ${onPage} ${onSilhouette}`,
        );
      }
    }
    expect(misses).toEqual([]);
  },
);
