// The viewer in Chromium with pages of 3,000 boxes on a window of 3840 × 2160, playing at 8× from the first frame on; beside two pages of nothing but a canvas as large as its stage.
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../test/browser/harness.ts';
import { openViewer, type Site, startSite } from '../test/browser/viewer-harness.ts';
import { CLEAR_PALETTE, HOSTILE } from '../test/fixtures/hostile-layouts.ts';
import { at, type Body, body, layout, move, PALETTE, view } from '../test/fixtures/recordings.ts';
import { ms, percentile, table } from './statistics.ts';
import { processorTime } from './threads.ts';

const WINDOW = { width: 3840, height: 2160 };
const BOXES = 3000;
/** The speed of the machine drifts: all take turns. */
const TURNS = 3;
/** ms of each turn. */
const WATCHED = 4000;

interface Samples {
  /** ms to the next frame. */
  frame: number[];
  /** ms in which the page's own scripts worked for it. */
  work: number[];
  /** ms of each piece of work in idle time. */
  idle: number[];
}

/** ms of the processor for each frame: the thread of the page, and all threads that draw it. */
interface Turn extends Samples {
  main: number;
  all: number;
}

type Probed = typeof window & { ask: typeof requestAnimationFrame; samples: Samples };

export async function run(): Promise<string> {
  const site = await startSite();
  const browser = await launchChromium();
  try {
    await site.add(crowded(), hostile());
    const stage = await stageOf(browser, site);
    const cases: [string, () => Promise<Page>][] = [
      ['a canvas that is cleared and shows one rectangle (ceiling)', () => openCanvas(browser, stage, 1)],
      [`a canvas that shows ${BOXES} rectangles (ceiling)`, () => openCanvas(browser, stage, BOXES)],
      ['half of the boxes seen, scrolled all the time', () => openPlaying(browser, site, 'crowded')],
      ['boxes that cover the page, others every 0.6 s', () => openPlaying(browser, site, 'hostile')],
    ];
    const turns = cases.map((): Turn[] => []);
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [i, [, open]] of cases.entries()) {
        const page = await open();
        turns[i]!.push(await watch(browser, page));
        await page.context().close();
      }
    }
    const rows = cases.map(([name], i) => [name, ...figures(turns[i]!)]);
    const head = ['', 'to the next frame p50', 'p99', 'over 20 ms', 'own work p50', 'p99', 'longest in idle time'];
    head.push('processor a frame, page', 'all threads');
    return table(
      `Viewer, ${BOXES} boxes, stage of ${stage.width} × ${stage.height} px, software rendering`,
      head,
      rows,
    );
  } finally {
    await browser.close();
    await site.close();
  }
}

function figures(turns: readonly Turn[]): string[] {
  const all = (of: keyof Samples) => turns.flatMap((turn) => turn[of]);
  const [frame, work, idle] = [all('frame'), all('work'), all('idle')];
  const late = frame.filter((length) => length > 20).length / frame.length;
  const middle = (of: 'main' | 'all') =>
    ms(
      percentile(
        turns.map((turn) => turn[of]),
        50,
      ),
    );
  return [
    ms(percentile(frame, 50)),
    ms(percentile(frame, 99)),
    `${(late * 100).toFixed(1)} %`,
    ms(percentile(work, 50)),
    ms(percentile(work, 99)),
    idle.length > 0 ? ms(Math.max(...idle)) : '',
    middle('main'),
    middle('all'),
  ];
}

async function stageOf(browser: Browser, site: Site): Promise<{ width: number; height: number }> {
  const page = await openPlaying(browser, site, 'crowded');
  const size = await page.getByRole('img', { name: 'Replay' }).evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    return { width, height };
  });
  await page.context().close();
  return size;
}

async function openPlaying(browser: Browser, site: Site, id: string): Promise<Page> {
  const { page } = await openViewer(browser, site, { place: `#session=${id}`, viewport: WINDOW, before: prepare });
  await page.waitForFunction(() => Number(document.querySelector('[role=slider]')?.ariaValueMax) > 0);
  await page.getByRole('radio', { name: '8×' }).check();
  await page.getByRole('button', { name: 'Play' }).click();
  return page;
}

async function openCanvas(browser: Browser, stage: { width: number; height: number }, boxes: number): Promise<Page> {
  const page = await (await browser.newContext({ viewport: WINDOW })).newPage();
  await page.evaluate(prepare);
  await page.evaluate(
    ({ width, height, boxes }) => {
      const canvas = document.body.appendChild(Object.assign(document.createElement('canvas'), { width, height }));
      const context = canvas.getContext('2d')!;
      let turn = 0;
      requestAnimationFrame(function draw() {
        turn++;
        context.clearRect(0, 0, width, height);
        for (let i = 0; i < boxes; i++) {
          context.fillStyle = ['#123', '#456', '#789', '#abc', '#def'][i % 5]!;
          context.fillRect((i % 60) * 46, Math.floor(i / 60) * 33 + (turn % 30), 36, 22);
        }
        requestAnimationFrame(draw);
      });
    },
    { ...stage, boxes },
  );
  return page;
}

async function watch(browser: Browser, page: Page): Promise<Turn> {
  const used = await processorTime(browser);
  const samples = await page.evaluate(
    (duration) =>
      new Promise<Samples>((resolve) => {
        const { ask, samples } = window as unknown as Probed;
        const began = performance.now();
        let last = 0;
        ask(function turn(time) {
          if (last > 0) samples.frame.push(time - last);
          last = time;
          if (performance.now() - began > duration) resolve(samples);
          else ask(turn);
        });
      }),
    WATCHED,
  );
  const { main, all } = await used();
  return { ...samples, main: main / samples.frame.length, all: all / samples.frame.length };
}

/** Runs in the page before its scripts: measures what each of their animation frames and idle callbacks costs. */
function prepare(): void {
  const probed = window as unknown as Probed;
  probed.ask = requestAnimationFrame.bind(window);
  probed.samples = { frame: [], work: [], idle: [] };
  const timed = <T>(work: (given: T) => void, into: number[]) => {
    return (given: T) => {
      const began = performance.now();
      work(given);
      into.push(performance.now() - began);
    };
  };
  probed.requestAnimationFrame = (callback) => probed.ask(timed(callback, probed.samples.work));
  const idle = requestIdleCallback.bind(window);
  probed.requestIdleCallback = (callback, options) => idle(timed(callback, probed.samples.idle), options);
}

/** A wheel that never rests, over small boxes close to each other. */
function crowded(): Body {
  const boxes = Array.from({ length: BOXES }, (_, i) => [
    i % 4,
    (i % 60) * 16,
    Math.floor(i / 60) * 24,
    13,
    15,
    i + 1,
    0,
    0,
    1 + (i % 7),
    5,
    1,
    3,
  ]);
  const tall = { document_height: 1200 };
  const events: unknown[] = [view(0, tall), layout(500, 1, boxes, { ...tall, palette: PALETTE })];
  for (let i = 0; i < 400; i++)
    events.push(
      at(1000 + i * 250, { event_type: 'scroll', scroll_percent: 0, scroll_y: 300 * (1 - Math.cos(i / 3)), ...tall }),
    );
  return body(events, { session_id: 'crowded' });
}

function hostile(): Body {
  const events: unknown[] = [view(0)];
  for (let i = 0; i < 120; i++) {
    const { boxes } = HOSTILE[i % HOSTILE.length]!;
    events.push(layout(500 + i * 600, i + 1, boxes, { palette: CLEAR_PALETTE }), move(700 + i * 600, i * 5, 300));
    events.push(at(800 + i * 600, { event_type: 'scroll', scroll_percent: 0, scroll_y: (i * 700) % 1800 }));
  }
  return body(events, { session_id: 'hostile' });
}
