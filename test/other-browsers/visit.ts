// One visit of all kinds of events, the same in every browser, and what of it is the same wherever it was made. For the tracker's tests in other browsers.
import type { SentEvent } from '../../src/format/event.ts';
import { OUTLINE_TAG, type Site } from '../browser/tracker-harness.ts';
import { type Driven, KEYS, type Tab } from './driven.ts';

/** Chromium asks for the icon of a page that names none, and logs that there is none. */
export const NO_ICON = '<link rel="icon" href="data:,">';

/** Sizes are fixed, since each browser has letters and fields of its own. */
const PAGE = `${NO_ICON}<style>
  body { margin: 0; height: 3000px; font: 16px/20px monospace; background: #fff; color: #234 }
  .at { position: absolute; left: 100px; width: 200px; height: 40px; margin: 0; padding: 0; border: 0; box-sizing: border-box; overflow: hidden }
</style>
<button id="buy" class="at big" style="top: 100px; background: rgb(255, 68, 0)">Buy</button>
<label class="at terms" style="top: 160px; background: color-mix(in srgb, red, blue)"><input type="checkbox" id="agreed" style="margin: 0">Terms</label>
<input id="name" class="at" style="top: 220px">
<select id="plan" class="at" style="top: 280px"><option>one<option>two</select>
<a id="next" href="/next" class="at" style="top: 340px; background: hsl(120 50% 50% / 50%)">Next</a>
<button id="fail" class="at" style="top: 400px" >Fail</button>
<div id="scroller" class="at" style="top: 460px; height: 100px; overflow: auto; background: oklch(70% 0.1 200)"><p style="height: 900px; margin: 0"></div>
<my-shadow class="at" style="top: 580px"></my-shadow>
<script>
  document.querySelector('my-shadow').attachShadow({ mode: 'open' }).innerHTML = '<p class="inside" style="margin: 0; height: 40px; background: #0af"></p>';
  document.querySelector('#fail').onclick = () => setTimeout(() => { throw new RangeError('a secret') }, 50);
  document.querySelector('#buy').onclick = ({ target }) => { target.style.background = 'rgb(0, 136, 68)' };
</script>`;

export const VIEWPORT = [1280, 720] as const;

/** Asking for the id sends what was captured. */
export const idOf = (tab: Tab): Promise<string | null> => tab.evaluate(() => window.silhouette!.sessionId());

/** The path of a point in viewport px. */
const HAND = Array.from({ length: 40 }, (_, i) => [20 + 10 * i, 60 + 5 * i] as const);

/** Makes it and gives what was told of it, once all has arrived. */
export async function visit(browser: Driven, site: Site): Promise<SentEvent[]> {
  const first = site.page('/first', PAGE + OUTLINE_TAG);
  site.page('/next', `${NO_ICON}<body>next${OUTLINE_TAG}`);
  const has = (what: string, find: (event: SentEvent, i: number) => boolean) => {
    const look = async () => {
      if (!site.events().some(find)) await idOf(tab);
      return site.events().some(find);
    };
    return untilTrue(what, look);
  };
  /** By itself: a page that comes or goes cannot be asked. */
  const arrives = (what: string, find: (event: SentEvent) => boolean) =>
    site.until(what, () => site.events().some(find));
  const tab = await browser.open();
  await tab.resize(...VIEWPORT);
  await tab.goto(first);
  await has('the outline', (event) => event.event_type === 'layout');
  await tab.move(...HAND);
  await tab.click(150, 120);
  await tab.click(250, 180);
  await tab.click(200, 240);
  await tab.press('c', 'a', 'n', 'a', 'r', 'y', KEYS.tab);
  await tab.click(200, 420);
  await has('the error', (event) => event.event_type === 'error');
  await tab.click(150, 600);
  await tab.evaluate(() => document.querySelector('#scroller')!.scrollTo(0, 200));
  await has('how far a box was scrolled', (event) => event.event_type === 'layout' && event.scrolled !== undefined);
  await tab.wheel(800, 400, 600);
  await has('the scrolling', (event) => event.event_type === 'scroll' && event.scroll_y === 600);
  await tab.evaluate(() => scrollTo(0, 0));
  await has('the way up', (event) => event.event_type === 'scroll' && event.scroll_y === 0);
  await tab.resize(900, 600);
  await has('the size', (event) => event.event_type === 'resize' && event.viewport_width === 900);
  await tab.evaluate(() => {
    history.pushState(1, '', '/first/route?secret=1');
    history.back();
  });
  await has('both routes', (event) => event.event_type === 'navigation' && event.page === first);
  await tab.evaluate(() => window.silhouette!.track('bought', { price: 12.5 }));
  await tab.click(200, 360);
  await arrives('the next page', (event) => event.event_type === 'page_view' && event.page.endsWith('/next'));
  await tab.back();
  await arrives('the page again', (event) => isReturn(site.events(), event));
  await tab.click(150, 120);
  await has('the last click', (event) => event.event_type === 'click' && isReturn(site.events(), event));
  await tab.close();
  await site.until('that the tab was closed', () => site.events().filter(isHidden).length === 3);
  return site.events();
}

const isHidden = (event: SentEvent) => event.event_type === 'visibility_change' && event.state === 'hidden';

/** Whether it comes after the visit to the next page. */
function isReturn(events: readonly SentEvent[], event: SentEvent): boolean {
  // That it was left may be told a moment after the other is seen.
  const next = events.find(({ page }) => page.endsWith('/next'));
  return next !== undefined && event.page.endsWith('/first') && event.timestamp >= next.timestamp;
}

async function untilTrue(what: string, look: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * A line for each event but mouse samples and outlines, those of the next page last; of several sizes, or scroll positions,
 * in a row the last.
 */
export function toldOf(events: readonly SentEvent[]): string[] {
  const isNext = ({ page }: SentEvent) => page.endsWith('/next');
  return [...linesOf(events.filter((event) => !isNext(event))), ...linesOf(events.filter(isNext))];
}

function linesOf(events: readonly SentEvent[]): string[] {
  const lines: string[] = [];
  let before = '';
  for (const event of events) {
    const { event_type: type } = event;
    if (type === 'mousemove' || type === 'layout') continue;
    const isAgain = type === before && (type === 'scroll' || type === 'resize');
    before = type;
    if (isAgain) lines.pop();
    lines.push(`${type} ${new URL(event.page).pathname} ${detailsOf(event)}`);
  }
  return lines;
}

function detailsOf(event: SentEvent): string {
  switch (event.event_type) {
    case 'click': {
      const { x, y, element, element_box: box, element_x, element_y, fixed, pointer } = event;
      const effect =
        event.effect_ms === null ? 'without effect' : event.effect_ms === undefined ? 'unknown' : 'with effect';
      return [element, x, y, box && Object.values(box), element_x, element_y, fixed, pointer, effect].join(' ');
    }
    case 'page_view':
    case 'resize':
      return `${event.viewport_width} × ${event.viewport_height} of ${event.document_height}, ${event.device_pixel_ratio}`;
    case 'scroll':
      return `${event.scroll_y}`;
    case 'error':
      return `${event.name} ${event.source && new URL(event.source).pathname} ${event.line}`;
    case 'focus':
      return event.element;
    case 'visibility_change':
      return event.state;
    case 'custom':
      return `${event.name} ${JSON.stringify(event.properties)}`;
    default:
      return '';
  }
}

const BUY = 'BUTTON#buy.at.big 150 120 100,100,200,40 0.25 0.5 false mouse';

/** What every browser tells of the visit. */
export const TOLD = [
  'page_view /first 1280 × 720 of 3000, 1',
  `click /first ${BUY} with effect`,
  'click /first LABEL.at.terms 250 180 100,160,200,40 0.75 0.5 false mouse with effect',
  'focus /first INPUT#agreed',
  'focus /first INPUT#name.at',
  'click /first INPUT#name.at 200 240 100,220,200,40 0.5 0.5 false mouse with effect',
  'focus /first SELECT#plan.at',
  'click /first BUTTON#fail.at 200 420 100,400,200,40 0.5 0.5 false mouse without effect',
  'error /first RangeError /first 15',
  'click /first P.inside 150 600 100,580,200,40 0.25 0.5 false mouse with effect',
  'scroll /first 0',
  'resize /first 900 × 600 of 3000, 1',
  'navigation /first/route ',
  'navigation /first ',
  'custom /first bought {"price":12.5}',
  'click /first A#next.at 200 360 100,340,200,40 0.5 0.5 false mouse with effect',
  'visibility_change /first hidden',
  'page_view /first 900 × 600 of 3000, 1',
  `click /first ${BUY} without effect`,
  'visibility_change /first hidden',
  'page_view /next 900 × 600 of 600, 1',
  'visibility_change /next hidden',
];
