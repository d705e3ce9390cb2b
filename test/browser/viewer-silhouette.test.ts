// The page under the cursor in Chromium: its boxes in their colours and places, the pulse on the box it hit, names, and what is said without them.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { at, body, click, layout, move, SHOP, shopBoxes, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, redSpot, type ViewerContext } from './viewer-harness.ts';

const button = [52, 574, 110, 26] as const;
const moved = shopBoxes().map((row) => (row[5] === 103 ? [3, 52, 674, 110, 26, 103, 0, 0, 6] : row));
const cart = { event_id: 'cart.0.0', page: `${SHOP}cart` };
const visit = body(
  [
    view(0),
    layout(500, 1, shopBoxes()),
    click(2000, 60, 580, { element: 'BUTTON.buy', element_box: { x: 52, y: 574, width: 110, height: 26 } }),
    layout(2300, 2, moved),
    at(4000, { event_type: 'scroll', scroll_percent: 29, scroll_x: 0, scroll_y: 520, document_height: 2400 }),
    layout(5000, 3, [], { number: undefined, whole: undefined, boxes: undefined, scrolled: [[20, 0, 60]] }),
    layout(6000, 3, shopBoxes(12, true)),
    view(8000, cart),
    move(9000, 5, 5, { ...cart, event_id: 'cart.0.1' }),
  ],
  { session_id: 'seen' },
);

/** More than is painted anew in every frame. */
const crowd = Array.from({ length: 800 }, (_, i) => [
  1,
  (i % 20) * 48 + 7,
  Math.floor(i / 20) * 30 + 5,
  30,
  17,
  i + 1,
  0,
  0,
  1 + (i % 3),
]);
const crowded = body(
  [
    view(0),
    layout(500, 1, crowd),
    ...Array.from({ length: 12 }, (_, i) =>
      at(1000 + i * 250, { event_type: 'scroll', scroll_percent: 0, scroll_y: [137, 420][i % 2] }),
    ),
  ],
  { session_id: 'crowded' },
);

const used = useViewer(
  visit,
  crowded,
  body([view(0), move(9000, 1, 1)], { session_id: 'plain' }),
  body([view(0), move(9000, 1, 1)], {
    session_id: 'told',
    boxes: [{ x: 100, y: 90, width: 400, height: 300, page: SHOP }],
  }),
);

async function open(t: number, options: ViewerContext = {}, id = 'seen'): Promise<Page> {
  const page = await used.open({ place: `#session=${id}&t=${t}`, ...options });
  await expect.poll(() => positionOf(page)).toBe(t * 1000);
  await drawn(page);
  return page;
}

/** The frame of where the playhead is. */
const drawn = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

async function seek(page: Page, t: number, id = 'seen'): Promise<void> {
  await page.evaluate(
    ([id, seconds]) => {
      location.hash = `#session=${id}&t=${seconds}`;
    },
    [id, t] as const,
  );
  await expect.poll(() => positionOf(page)).toBe(t * 1000);
  await drawn(page);
}

/** The colour at a point of the visitor's viewport (1000 × 600), such as `51 85 221`. */
function colourAt(page: Page, x: number, y: number): Promise<string> {
  return page.getByRole('img', { name: 'Replay' }).evaluate(
    (element, point) => {
      const canvas = element as HTMLCanvasElement;
      const scale = Math.min(canvas.width / 1000, canvas.height / 600);
      const left = (canvas.width - 1000 * scale) / 2;
      const top = (canvas.height - 600 * scale) / 2;
      const context = canvas.getContext('2d')!;
      return context
        .getImageData(Math.round(left + point.x * scale), Math.round(top + point.y * scale), 1, 1)
        .data.slice(0, 3)
        .join(' ');
    },
    { x, y },
  );
}

const BLUE = '51 85 221';
/** What is almost white is painted less tinted than 12 bits can tell it: `#eef`. */
const GROUND = '241 241 249';
const GREEN = '34 204 119';
const WHITE = '255 255 255';

test.skipIf(!CHROMIUM)(
  'boxes lie where they were, in the page’s own colours, at any size, ratio and theme',
  async () => {
    for (const [width, height, deviceScaleFactor, colorScheme] of [
      [390, 844, 3, 'light'],
      [1280, 800, 1, 'dark'],
      [1920, 1080, 1.5, 'light'],
    ] as const) {
      const page = await open(1, { viewport: { width, height }, deviceScaleFactor, colorScheme });
      expect(await colourAt(page, 300, 28)).toBe(BLUE);
      expect(await colourAt(page, 500, 100)).toBe(GROUND);
      expect(await colourAt(page, 650, 250)).toBe(WHITE);
      expect(await colourAt(page, 70, 577)).toBe(GREEN);
      await seek(page, 4.5);
      expect(await colourAt(page, 300, 28)).toBe(BLUE);
      expect(await colourAt(page, 680, 75)).toBe(WHITE);
      expect(await colourAt(page, 680, 300)).toBe(GROUND);
      await seek(page, 6);
      expect(await colourAt(page, 680, 300)).toBe('17 17 17');
      await page.close();
    }
  },
);

test.skipIf(!CHROMIUM)('a pulse stays on its button when the page moves it', async () => {
  const page = await open(2.1);
  const before = (await redSpot(page))!;
  await seek(page, 2.4);
  // It is below the viewport now.
  expect(await redSpot(page)).toBeNull();
  await seek(page, 2.2);
  const again = (await redSpot(page))!;
  expect(Math.abs(again.y - before.y)).toBeLessThan(2);
  expect(await colourAt(page, button[0] + 90, button[1] + 3)).toBe(GREEN);
});

test.skipIf(!CHROMIUM)('a nested scroller’s content moves within it and is cut at its edge', async () => {
  const page = await open(4.5);
  expect(await colourAt(page, 740, 125)).not.toBe(WHITE);
  await seek(page, 5);
  expect(await colourAt(page, 740, 125)).toBe(WHITE);
  expect(await colourAt(page, 740, 145)).not.toBe(WHITE);
  expect(await colourAt(page, 740, 185)).toBe(GROUND);
});

test.skipIf(!CHROMIUM)('the box under the user’s mouse has an outline, and none when it leaves', async () => {
  const page = await open(1);
  const canvas = (await page.getByRole('img', { name: 'Replay' }).boundingBox())!;
  const scale = Math.min(canvas.width / 1000, canvas.height / 600);
  const edge = () => colourAt(page, 52, 400);
  const before = await edge();
  await page.mouse.move(
    canvas.x + (canvas.width - 1000 * scale) / 2 + 200 * scale,
    canvas.y + (canvas.height - 600 * scale) / 2 + 400 * scale,
  );
  await expect.poll(edge).not.toBe(before);
  await page.mouse.move(5, 5);
  await expect.poll(edge).toBe(before);
});

test.skipIf(!CHROMIUM)('a page that was not captured is plain paper and says why', async () => {
  const told = 'Imported without outline: drawn as plain paper';
  const page = await open(1, {}, 'plain');
  await page.getByText(told).waitFor();
  const seen = await open(1);
  expect(await seen.getByText(told).count()).toBe(0);
  await seek(seen, 8.5);
  await seen.getByText(told).waitFor();
});

test.skipIf(!CHROMIUM)('boxes that an import tells of are outlines over the plain page, and it says so', async () => {
  const page = await open(1, { viewport: { width: 1280, height: 800 } }, 'told');
  await page.getByText('Outlines from an import, not what was seen.').waitFor();
  const inside = await colourAt(page, 310, 250);
  expect(await colourAt(page, 310, 450)).toBe(WHITE);
  expect(inside).not.toBe(WHITE);
  expect(await colourAt(page, 310, 90.4)).not.toBe(inside);
});

test.skipIf(!CHROMIUM)('nothing is drawn while nothing moves', async () => {
  const page = await open(0.2, {}, 'plain');
  const painted = () => page.evaluate(() => (window as unknown as { painted: number }).painted);
  await page.getByRole('img', { name: 'Replay' }).evaluate((element) => {
    const context = (element as HTMLCanvasElement).getContext('2d')!;
    const counted = Object.assign(window, { painted: 0 });
    context.fillRect = (...area) => {
      counted.painted++;
      CanvasRenderingContext2D.prototype.fillRect.apply(context, area);
    };
  });
  await page.getByRole('radio', { name: '4×' }).check();
  await page.getByRole('button', { name: 'Play' }).click();
  // In the page: on a slow machine the pointer comes before a question does.
  const meanwhile = await page.getByRole('slider', { name: 'Timeline' }).evaluate(async (slider) => {
    while (Number(slider.getAttribute('aria-valuenow')) < 3000) await new Promise(requestAnimationFrame);
    return (window as unknown as { painted: number }).painted;
  });
  expect(meanwhile).toBe(0);
  await page.getByRole('img', { name: 'Replay' }).dispatchEvent('contextrestored');
  await expect.poll(painted).toBeGreaterThan(0);
  const anew = await painted();
  // The pointer comes.
  await page.getByText('End of the session').waitFor();
  expect(await painted()).toBeGreaterThan(anew);
});

test.skipIf(!CHROMIUM)('a crowded page that was painted once and moved looks as if it were painted anew', async () => {
  const countPictures = () => {
    const { drawImage } = CanvasRenderingContext2D.prototype;
    const counted = Object.assign(window, { pictures: 0 });
    CanvasRenderingContext2D.prototype.drawImage = function (...args: unknown[]) {
      counted.pictures++;
      (drawImage as (...args: unknown[]) => void).apply(this, args);
    };
  };
  const look = (page: Page) =>
    page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas[aria-label=Replay]')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return [...data.filter((_, i) => i % 29 === 0)];
    });
  const shown = (page: Page) => page.evaluate(() => (window as unknown as { pictures: number }).pictures);
  // Pictures are painted in idle time; one that was shown here would be a complaint.
  const neverIdle = () => {
    window.requestIdleCallback = () => 0;
    CanvasRenderingContext2D.prototype.drawImage = () => {
      throw new Error('a picture was shown');
    };
  };
  const anew = await look(await open(3.1, { before: neverIdle }, 'crowded'));
  const played = await open(0.5, { before: countPictures }, 'crowded');
  // While nothing plays, too: another frame shows them.
  let x = 600;
  const pointAndCount = async () => {
    await played.mouse.move(x++, 400);
    return shown(played);
  };
  await expect.poll(pointAndCount).toBeGreaterThan(0);
  await played.mouse.move(5, 5);
  await played.getByRole('button', { name: 'Play' }).click();
  await played.getByText('End of the session').waitFor();
  const before = await shown(played);
  await seek(played, 3.1, 'crowded');
  const moved = await look(played);
  expect(await shown(played)).toBeGreaterThan(before);
  // What is half clear is rounded twice in a picture, most where an edge is smooth; a bar that is a pixel off differs by 80.
  expect(Math.max(...moved.map((value, i) => Math.abs(value - anew[i]!)))).toBeLessThanOrEqual(16);
});
