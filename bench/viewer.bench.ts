// The viewer beside rrweb-player in Chromium, on the same visit recorded by both: list, first frame, seeking, frames at 8×, memory, bytes.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { builtAssets } from '../src/node/assets.ts';
import { launchChromium } from '../test/browser/harness.ts';
import { heapOf } from '../test/browser/trace-tasks.ts';
import { openViewer, type Site, startSite } from '../test/browser/viewer-harness.ts';
import { body } from '../test/fixtures/recordings.ts';
import { ms, percentile, table } from './statistics.ts';
import {
  type Recorded,
  recordTwice,
  repeatOurs,
  repeatRrweb,
  rrwebRecorder,
  timesOf,
  VISITED,
} from './two-recordings.ts';

const HOUR = 3_600_000;
const SIZES = [
  { name: '1 hour', length: HOUR, events: 4000 },
  { name: '8 hours', length: 8 * HOUR, events: 100_000 },
];
/** ms for which each animation is watched, and how many places are sought. */
const WATCHED = 5000;
const SEEKS = 60;
/** Pages in which a session is opened: one takes twice as long as another, by what else the machine does. */
const LOADS = 5;
const VIEWPORT = { width: 1600, height: 900 };

/** What `prepare` leaves in the page. */
interface Probe {
  /** ms from the press of the pointer until its frame was made. */
  presses: number[];
  /** ms from the beginning of the page until there was something to choose; from the press on it until the first frame. */
  list: number;
  first: number;
}
type Probed = typeof window & { probe: Probe };

interface Figures {
  /** Of each load. */
  list: number[];
  first: number[];
  seek: number[];
  empty: number[];
  frames: number[];
  heap: number;
  recording: number;
}

const PEER = '../node_modules/rrweb-player/dist/';
const peerFile = (name: string) => readFileSync(new URL(PEER + name, import.meta.url));

export async function run(): Promise<string> {
  const peers = new Map<string, Buffer>();
  const recorder = await rrwebRecorder();
  const script = peerFile('rrweb-player.umd.min.cjs');
  const style = peerFile('style.min.css');
  const pages: Record<string, [string, string | Buffer]> = {
    '/shop': ['text/html; charset=utf-8', `<!doctype html>${VISITED}`],
    '/peer/record.js': ['text/javascript', recorder],
    '/peer/player.js': ['text/javascript', script],
    '/peer/player.css': ['text/css', style],
    '/peer/': ['text/html; charset=utf-8', PEER_PAGE],
  };
  const site = await startSite((request, ask) => {
    const { pathname } = new URL(request.url);
    const recording = peers.get(pathname);
    if (recording) {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      return new Response(new Uint8Array(recording), { headers });
    }
    const [type, content] = pages[pathname] ?? [];
    return content === undefined
      ? ask(request)
      : new Response(new Uint8Array(Buffer.from(content)), { headers: { 'content-type': type! } });
  });
  const browser = await launchChromium();
  try {
    const recorded = await recordTwice(browser, site.origin, async (id) => {
      const answer = await site.get(`/replay/sessions/${id}`);
      return (await answer.json()) as Pick<Recorded, 'session' | 'events'>;
    });
    const viewer = builtAssets(false).viewer.body;
    const bytes = [brotliCompressSync(viewer).length, brotliCompressSync(Buffer.concat([script, style])).length];
    const rows: (string | number)[][] = [['player, kB brotli', ...bytes.map((size) => (size / 1000).toFixed(0))]];
    for (const { name, length, events } of SIZES) {
      const times = timesOf(recorded, events, length);
      const own = repeatOurs(recorded, times);
      const session = { session_id: `of-${own.length}`, started_at: recorded.session.started_at };
      await site.add(body(own, session));
      const theirs = repeatRrweb(recorded, times);
      peers.set(`/peer/${own.length}.json`, theirs.gzipped);
      const ours = await measureOurs(browser, site, own.length);
      const peer = await measurePeer(browser, site, own.length, theirs.gzipped.length);
      rows.push(...compare(`${name}, ${own.length.toLocaleString('en')} events of ours`, ours, peer));
    }
    return table(
      'The viewer beside rrweb-player, the same visit, software rendering',
      ['', 'Silhouette', 'rrweb-player'],
      rows,
    );
  } finally {
    await browser.close();
    await site.close();
  }
}

function compare(name: string, ...all: Figures[]): (string | number)[][] {
  const row = (what: string, figure: (one: Figures) => string) => [`${name}: ${what}`, ...all.map(figure)];
  const ofLoads = (samples: readonly number[]) =>
    samples.length === 0
      ? 'has none'
      : `${ms(percentile(samples, 50))} (${ms(Math.min(...samples))}, ${ms(Math.max(...samples))})`;
  const two = (samples: readonly number[]) => `${ms(percentile(samples, 50))} / ${ms(percentile(samples, 99))}`;
  const late = (samples: readonly number[]) =>
    `${((samples.filter((one) => one > 20).length / samples.length) * 100).toFixed(1)} %`;
  return [
    row('recording, kB gzipped', ({ recording }) => (recording / 1000).toFixed(0)),
    row(`list on screen, median of ${LOADS} loads (least, most)`, ({ list }) => ofLoads(list)),
    row(`from the click to the first frame, the same`, ({ first }) => ofLoads(first)),
    row('from a press anywhere on the timeline to its frame, p50 / p99', ({ seek }) => two(seek)),
    row('at 8×, from frame to frame, p50 / p99', ({ frames }) => two(frames)),
    row(
      'at 8×, later than 20 ms (an empty loop in the same page)',
      ({ frames, empty }) => `${late(frames)} (${late(empty)})`,
    ),
    row('heap after garbage collection, MB', ({ heap }) => (heap / 1e6).toFixed(0)),
  ];
}

async function measureOurs(browser: Browser, site: Site, count: number): Promise<Figures> {
  const list: number[] = [];
  const first: number[] = [];
  const load = async () => {
    const { page } = await openViewer(browser, site, { viewport: VIEWPORT, before: prepare });
    const option = page.locator(`[role=option]`, { hasText: count.toLocaleString('en') });
    await option.waitFor();
    await option.click();
    await page.waitForFunction(() => (window as unknown as Probed).probe.first > 0);
    const probe = await page.evaluate(() => (window as unknown as Probed).probe);
    list.push(probe.list);
    first.push(probe.first);
    return page;
  };
  for (let i = 1; i < LOADS; i++) await (await load()).context().close();
  const page = await load();
  // The whole of a long one comes after its first frame, and is indexed then.
  await page.waitForFunction(
    ([long, path]) => performance.getEntriesByType('resource').some(({ name }) => !long || name.endsWith(path)),
    [count > 5000, `/replay/sessions/of-${count}`] as const,
  );
  await watch(page);
  const empty = await watch(page);
  const seek = await press(page, '[role=slider][aria-label=Timeline]');
  await page.getByRole('radio', { name: '8×' }).check();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const frames = await watch(page);
  const sent = await (await site.get(`/replay/sessions/of-${count}`)).arrayBuffer();
  const recording = gzipSync(new Uint8Array(sent)).length;
  const figures = { list, first, seek, empty, frames, heap: await heapOf(page), recording };
  await page.context().close();
  return figures;
}

async function measurePeer(browser: Browser, site: Site, count: number, recording: number): Promise<Figures> {
  const first: number[] = [];
  const load = async () => {
    const page = await (await browser.newContext({ viewport: VIEWPORT })).newPage();
    await page.addInitScript(prepare);
    await page.goto(`${site.origin}/peer/#${count}`);
    await page.locator('[role=option]').click();
    await page.waitForFunction(() => (window as unknown as Probed).probe.first > 0, null, { timeout: 60_000 });
    first.push((await page.evaluate(() => (window as unknown as Probed).probe)).first);
    return page;
  };
  for (let i = 1; i < LOADS; i++) await (await load()).context().close();
  const page = await load();
  const empty = await watch(page);
  const seek = await press(page, '.rr-progress');
  await page.evaluate(`player.setSpeed(8), player.goto(0), player.play()`);
  const frames = await watch(page);
  const figures = { list: [], first, seek, empty, frames, heap: await heapOf(page), recording };
  await page.context().close();
  return figures;
}

/** A button that loads the recording and plays it with rrweb-player, as its readme says. */
const PEER_PAGE = `<!doctype html><link rel="stylesheet" href="/peer/player.css"><script src="/peer/player.js"></script>
  <button role="option">Open</button><main aria-busy="true"></main>
  <script>
    document.querySelector('button').onclick = async () => {
      const events = await (await fetch('/peer/' + location.hash.slice(1) + '.json')).json();
      const Player = rrwebPlayer.Player ?? rrwebPlayer.default ?? rrwebPlayer;
      const target = document.querySelector('main');
      window.player = new Player({ target, props: { events, width: 1280, height: 720, autoPlay: false, skipInactive: false } });
      const drawn = () => target.querySelector('iframe')?.contentDocument?.querySelector('article');
      requestAnimationFrame(function look() {
        if (drawn()) target.setAttribute('aria-busy', 'false');
        else requestAnimationFrame(look);
      });
    };
  </script>`;

/** Runs in the page before its scripts. */
function prepare(): void {
  const probe: Probe = { presses: [], list: 0, first: 0 };
  Object.assign(window, { probe });
  const afterFrame = (then: () => void) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    // The message that a frame's callback sends arrives once the frame is made.
    requestAnimationFrame(() => port2.postMessage(null));
  };
  requestAnimationFrame(function look() {
    if (document.querySelector('[role=option]')) afterFrame(() => (probe.list = performance.now()));
    else requestAnimationFrame(look);
  });
  let pressed = 0;
  const capture = { capture: true };
  const press = () => {
    pressed = performance.now();
  };
  addEventListener('pointerdown', press, capture);
  // One player goes there when it is pressed, the other when it is let go. What they do comes after this, and before the frame.
  addEventListener('pointerup', () => afterFrame(() => probe.presses.push(performance.now() - pressed)), capture);
  addEventListener(
    'click',
    ({ target }) => {
      const began = performance.now();
      if (!(target as Element).closest('[role=option]')) return;
      // The page says that it loads once it has begun to.
      afterFrame(function look() {
        if (document.querySelector('main')?.getAttribute('aria-busy') !== 'false') requestAnimationFrame(look);
        else afterFrame(() => (probe.first = performance.now() - began));
      });
    },
    capture,
  );
}

/** An animation loop of our own beside the player's, if that has one: ms from frame to frame. */
function watch(page: Page): Promise<number[]> {
  return page.evaluate(
    (duration) =>
      new Promise<number[]>((resolve) => {
        const frames: number[] = [];
        const began = performance.now();
        let last = 0;
        requestAnimationFrame(function turn(time) {
          if (last > 0) frames.push(time - last);
          last = time;
          if (performance.now() - began > duration) resolve(frames);
          else requestAnimationFrame(turn);
        });
      }),
    WATCHED,
  );
}

async function press(page: Page, timeline: string): Promise<number[]> {
  const box = await page.locator(timeline).boundingBox();
  if (!box) throw new Error('no timeline');
  await page.evaluate(() => (window as unknown as Probed).probe.presses.splice(0));
  for (let i = 0; i < SEEKS; i++) {
    await page.mouse.click(box.x + 1 + (box.width - 2) * ((i * 0.618) % 1), box.y + box.height / 2);
    await page.waitForFunction((n) => (window as unknown as Probed).probe.presses.length > n, i);
  }
  return page.evaluate(() => (window as unknown as Probed).probe.presses);
}
