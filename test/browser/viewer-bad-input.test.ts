// The viewer on sessions that are too long, too short, torn, out of order or garbage: something to see soon, no task that holds up the page, never a blank page.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  at,
  type Body,
  body,
  click,
  layout,
  longVisit,
  move,
  SHOP,
  START,
  shopBoxes,
  view,
} from '../fixtures/recordings.ts';
import { ROOT } from '../fixtures/server.ts';
import { CHROMIUM } from './harness.ts';
import { heapOf, traceTasks } from './trace-tasks.ts';
import { useViewer } from './use-viewer.ts';

/** Looked at by people. */
const PICTURES = join(ROOT, 'test/output/bad-input');

const used = useViewer();
mkdirSync(PICTURES, { recursive: true });

const HOUR = 3_600_000;

/** Each in its own page load, on its own page, with its outline; used in turns. */
function manyTabs(count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => {
    const more = (number: number) => ({ event_id: `tab${i}.0.${number}`, page: `${SHOP}${i}` });
    return [
      view(i * 2000, more(0)),
      layout(i * 2000 + 10, 1, shopBoxes(4), more(1)),
      move(i * 2000 + 500, 100 + (i % 800), 200, more(2)),
      click(i * 2000 + 900, 100 + (i % 800), 200, more(3)),
      at(i * 2000 + 1500, { event_type: 'visibility_change', state: 'hidden', ...more(4) }),
      move(count * 2000 + i * 300, 300, 100 + (i % 400), more(5)),
    ];
  }).flat();
}

/** Anything but what belongs there. */
const GARBAGE: unknown[] = [
  null,
  true,
  -1,
  1e308,
  'NaN',
  '<b>',
  [],
  [[[]]],
  {},
  { length: -1 },
  '\u0000\ud800',
  -0,
  2 ** 53,
];

function garbageEvents(): unknown[] {
  const fields = Object.keys({ ...view(0), ...click(0, 1, 1), ...layout(0, 1, []) });
  const types = [
    'mousemove',
    'click',
    'scroll',
    'page_view',
    'navigation',
    'resize',
    'visibility_change',
    'layout',
    'error',
  ];
  const events = types.flatMap((event_type, t) =>
    fields.flatMap((field, f) =>
      GARBAGE.map((value, g) => {
        const good = {
          ...view(0),
          ...click(0, 1, 1),
          ...layout(0, 1, shopBoxes(1)),
          state: 'hidden',
          scroll_percent: 3,
        };
        return { ...good, timestamp: START + (t * 999 + f * 99 + g) * 7, event_type, name: 'x', [field]: value };
      }),
    ),
  );
  return [...events, ...GARBAGE, view(0), click(500, 40, 40)];
}

const steppingBack = longVisit(4000, HOUR).map((event, i) =>
  i % 3 === 0 ? { ...event, timestamp: event.timestamp - 10 * 60_000 } : event,
);

const torn = {
  ...body(
    longVisit(3000, HOUR).filter((_, i) => i % 300 < 200),
    { session_id: 'gaps' },
  ),
  gaps: Array.from({ length: 10 }, (_, i) => ({
    from: START + ((i * 300 + 200) / 3000) * HOUR,
    to: START + ((i * 300 + 300) / 3000) * HOUR,
    reason: 'lost',
  })),
};

const own: Record<string, Body> = {
  'a session of 100,000 events': body(longVisit(100_000, 8 * HOUR), { session_id: 'many' }),
  'a session of 100,000 clicks': body(
    Array.from({ length: 100_000 }, (_, i) => click(i * 100, i % 1000, i % 600, { event_id: `p.${i >> 5}.${i & 31}` })),
    { session_id: 'clicks' },
  ),
  'a session of one event': body([move(0, 10, 10)], { session_id: 'one' }),
  'a session of none': body([], { session_id: 'none' }),
  'a session with gaps': torn,
  'a clock that steps back': body(steppingBack, { session_id: 'back' }),
  'a session of 500 tabs': body(manyTabs(500), { session_id: 'tabs' }),
};

/** What no server of ours would send. */
const planted: Record<string, unknown> = {
  'garbage in every field of events': body(garbageEvents(), { session_id: 'planted' }),
  'garbage in every field of the session': {
    session: Object.fromEntries(
      Object.keys(body([]).session).map((field, i) => [field, GARBAGE[i % GARBAGE.length]] as const),
    ),
    events: [view(0), click(500, 40, 40)],
    event_count: {},
    gaps: GARBAGE,
    part: { from: 'a', to: -1 },
  },
  'all of it at the end of time': body([view(8.64e15 - START), click(8.64e15 - START, 1, 1)], {
    session_id: 'planted',
    started_at: -8.64e15,
    duration: 1e308,
  }),
  'a part that is none of it': { ...body([view(0), click(500, 40, 40)]), part: { from: 1e15, to: 2e15 } },
};

/** Whether there is anything to see: a picture with more than one colour, or a sentence. */
async function isBlank(page: Page): Promise<boolean> {
  const said = await page.locator('.blank-card, .notice, .veil').allInnerTexts();
  if (said.some((text) => text.trim() !== '')) return false;
  const canvas = page.getByRole('img', { name: 'Replay' });
  if ((await canvas.count()) === 0) return true;
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    const pixels = new Uint32Array(data.buffer);
    return pixels.every((pixel) => pixel === pixels[0]);
  });
}

async function expectShown(name: string, page: Page, id: string): Promise<void> {
  const endOpening = await traceTasks(used.browser, page);
  await page.evaluate((session) => {
    location.hash = `#session=${session}`;
  }, id);
  await page.locator('main[aria-busy=false], .blank-card').waitFor();
  await expect.poll(() => isBlank(page)).toBe(false);
  const opening = await endOpening();
  // By the time of the processor, which other programs do not change.
  expect(opening.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2000);
  await page.screenshot({ path: join(PICTURES, `${name.replace(/\W+/g, '-')}.png`) });
  const endPlaying = await traceTasks(used.browser, page);
  // The whole of a long one comes after its first frame.
  if (id === 'many' || id === 'clicks') {
    const whole = `${used.site.origin}/replay/sessions/${id}`;
    await page.waitForFunction(
      (url) => performance.getEntriesByType('resource').some(({ name }) => name === url),
      whole,
    );
  }
  const slider = page.getByRole('slider', { name: 'Timeline' });
  if ((await slider.count()) > 0) {
    await page.getByRole('radio', { name: '8×' }).check();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const box = (await slider.boundingBox())!;
    for (const share of [0.01, 0.3, 0.5, 0.7, 0.99]) {
      await page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
      await expect.poll(() => isBlank(page)).toBe(false);
    }
  }
  for (const ms of [...opening, ...(await endPlaying())]) expect(ms).toBeLessThan(200);
  expect(await heapOf(page)).toBeLessThan(200e6);
}

test.skipIf(!CHROMIUM).each(Object.entries(own))('%s is shown soon and holds up nothing', async (name, session) => {
  await used.site.add(session);
  const page = await used.open();
  await page.getByRole('option').first().waitFor();
  await expectShown(name, page, session.session.session_id as string);
});

test.skipIf(!CHROMIUM).each(Object.entries(planted))('%s: shown, or a sentence', async (name, answer) => {
  const page = await used.open();
  await page.route(/\/replay\/sessions\/planted/, (route) => route.fulfill({ json: answer }));
  await expectShown(name, page, 'planted');
});
