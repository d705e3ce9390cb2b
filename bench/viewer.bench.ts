// The viewer in Chromium: frames while playing at 8×, and seeking anywhere in sessions of three hours; beside an empty animation loop in the same page.
import type { Page } from 'playwright-core';
import { launchChromium } from '../test/browser/harness.ts';
import { openViewer, startSite } from '../test/browser/viewer-harness.ts';
import { body, longVisit } from '../test/fixtures/recordings.ts';
import { ms, percentile, table } from './statistics.ts';

const HOURS = 3;
const SIZES = [3000, 100_000];
/** ms for which each animation is watched, and how many places are sought. */
const WATCHED = 6000;
const SEEKS = 300;

interface Samples {
  /** ms to the next frame: from the frame before, or from the press of the pointer until it was drawn. */
  frame: number[];
  /** ms in which the viewer's own scripts worked for it. */
  work: number[];
}

/** What `prepare` leaves in the page. */
type Probed = typeof window & { ask: typeof requestAnimationFrame; work: number[]; presses: Samples };

export async function run(): Promise<string> {
  const site = await startSite();
  const browser = await launchChromium();
  try {
    await site.add(...SIZES.map((size) => body(longVisit(size, HOURS * 3_600_000), { session_id: `events-${size}` })));
    const rows: (string | number)[][] = [];
    for (const size of SIZES) {
      const { page } = await openViewer(browser, site, {
        place: `#session=events-${size}`,
        viewport: { width: 1600, height: 900 },
      });
      await page.addInitScript(prepare);
      await page.reload();
      await page.waitForFunction(() => Number(document.querySelector('[role=slider]')?.ariaValueMax) > 0);
      const empty = await watch(page);
      const sought = await seek(page);
      await page.getByRole('radio', { name: '8×' }).check();
      await page.getByRole('button', { name: 'Play' }).click();
      const played = await watch(page);
      const events = `${size.toLocaleString('en')} events`;
      rows.push([`${events}: empty loop`, ...figures(empty.frame), '', '']);
      rows.push([`${events}: playing at 8×`, ...figures(played.frame), ...figures(played.work)]);
      rows.push([`${events}: from the press to the frame sought`, ...figures(sought.frame), ...figures(sought.work)]);
      await page.context().close();
    }
    const head = ['', 'to the next frame p50', 'p99', 'own work p50', 'p99'];
    return table(`Viewer, sessions of ${HOURS} hours, software rendering`, head, rows);
  } finally {
    await browser.close();
    await site.close();
  }
}

function figures(samples: readonly number[]): [string, string] {
  return [ms(percentile(samples, 50)), ms(percentile(samples, 99))];
}

/** Runs in the page before its scripts: measures what each of their animation frames and pointer presses costs. */
function prepare(): void {
  const probed = window as unknown as Probed;
  probed.ask = requestAnimationFrame.bind(window);
  probed.work = [];
  probed.presses = { frame: [], work: [] };
  probed.requestAnimationFrame = (callback) =>
    probed.ask((time) => {
      const began = performance.now();
      callback(time);
      probed.work.push(performance.now() - began);
    });
  let pressed = 0;
  addEventListener('pointerdown', () => (pressed = performance.now()), { capture: true });
  addEventListener('pointerdown', () => {
    probed.presses.work.push(performance.now() - pressed);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => probed.presses.frame.push(performance.now() - pressed);
    // The message that a frame's callback sends arrives once the frame is made.
    probed.ask(() => port2.postMessage(null));
  });
}

/** An animation loop of our own beside the viewer's, if that has one. */
function watch(page: Page): Promise<Samples> {
  return page.evaluate(
    (duration) =>
      new Promise<Samples>((resolve) => {
        const probed = window as unknown as Probed;
        const frame: number[] = [];
        const began = performance.now();
        let last = 0;
        probed.work = [];
        probed.ask(function turn(time) {
          if (last > 0) frame.push(time - last);
          last = time;
          if (performance.now() - began > duration) resolve({ frame, work: probed.work });
          else probed.ask(turn);
        });
      }),
    WATCHED,
  );
}

async function seek(page: Page): Promise<Samples> {
  const box = await page.getByRole('slider', { name: 'Timeline' }).boundingBox();
  if (!box) throw new Error('no timeline');
  for (let i = 0; i < SEEKS; i++) await page.mouse.click(box.x + 1 + (box.width - 2) * ((i * 0.618) % 1), box.y + 40);
  return page.evaluate(() => (window as unknown as Probed).presses);
}
