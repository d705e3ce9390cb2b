// Exports in Chromium, at their limits: videos whose frames are what the stage shows, NDJSON of a stretch, and links with as much as fits into one.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { KEY } from '../fixtures/app-under-test.ts';
import { at, body, click, layout, move, SHOP, START, shopBoxes, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import { positionOf, startSite } from './viewer-harness.ts';

const HOUR = 3_600_000;
const visit = body(
  [
    view(0),
    layout(200, 1, shopBoxes()),
    move(500, 100, 100),
    click(2000, 450, 320, { element: 'BUTTON#first' }),
    at(2500, { event_type: 'scroll', scroll_percent: 20, scroll_y: 300, document_height: 2400 }),
    ...[0, 1, 2, 3, 4, 5].map((i) => move(3000 + i * 100, 200 + i * 80, 200)),
    move(4000, 700, 80),
  ],
  { session_id: 'visit' },
);
/** Somebody who moves all the time. */
const long = (session_id: string, hours: number) => {
  const moves = Array.from({ length: hours * 450 }, (_, i) => move((i + 1) * 8000, 100 + (i % 9) * 50, 200));
  return body([view(0), ...moves], { session_id });
};

/** Ten minutes of what a site reported, which no packing makes shorter. */
const dense = body(
  [
    view(0),
    ...Array.from({ length: 12_000 }, (_, i) =>
      at((i + 1) * 50, {
        event_type: 'custom',
        name: 'told',
        properties: { text: randomBytes(75).toString('base64') },
      }),
    ),
  ],
  { session_id: 'dense' },
);

const used = useViewer(visit, long('long', 3), long('longest', 9), dense);

async function openDialog(id: string): Promise<Page> {
  const page = await used.open({ place: `#session=${id}&t=0`, viewport: { width: 1920, height: 1080 } });
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  return page;
}

/** A picture as 64 × 40 grey squares, 0 to 255. */
type Squares = number[];

/** Of the stage, paused. */
function squaresOfStage(page: Page): Promise<Squares> {
  return page.getByRole('img', { name: 'Replay' }).evaluate((canvas) => {
    const small = new OffscreenCanvas(64, 40).getContext('2d')!;
    small.imageSmoothingQuality = 'high';
    small.drawImage(canvas as HTMLCanvasElement, 0, 0, 64, 40);
    const { data } = small.getImageData(0, 0, 64, 40);
    return Array.from({ length: 64 * 40 }, (_, i) => (data[i * 4]! + data[i * 4 + 1]! + data[i * 4 + 2]!) / 3);
  });
}

/** Of a film at these seconds, by the browser's own decoder. */
async function squaresOfVideo(path: string, seconds: number[]): Promise<Squares[]> {
  const page = await used.browser.newPage();
  const found = await page.evaluate(
    async ({ bytes, seconds }) => {
      const film = document.createElement('video');
      film.muted = true;
      film.src = URL.createObjectURL(
        new Blob([Uint8Array.from(atob(bytes), (digit) => digit.charCodeAt(0))], { type: 'video/mp4' }),
      );
      await new Promise((resolve, reject) => {
        film.onloadeddata = resolve;
        film.onerror = () => reject(new Error(film.error?.message));
      });
      const frames: number[][] = [];
      for (const at of seconds) {
        // Until the very frame is there; what was asked for before may come first.
        let shown = -1;
        film.currentTime = at;
        while (Math.abs(shown - at) > 0.04)
          shown = await new Promise((resolve) =>
            film.requestVideoFrameCallback((_, { mediaTime }) => resolve(mediaTime)),
          );
        const small = new OffscreenCanvas(64, 40).getContext('2d')!;
        small.imageSmoothingQuality = 'high';
        small.drawImage(film, 0, 0, 64, 40);
        const { data } = small.getImageData(0, 0, 64, 40);
        frames.push(
          Array.from({ length: 64 * 40 }, (_, i) => (data[i * 4]! + data[i * 4 + 1]! + data[i * 4 + 2]!) / 3),
        );
      }
      return frames;
    },
    { bytes: readFileSync(path).toString('base64'), seconds },
  );
  await page.close();
  return found;
}

function meanDifference(one: Squares, other: Squares): number {
  return one.reduce((sum, grey, i) => sum + Math.abs(grey - other[i]!), 0) / one.length;
}

test.skipIf(!CHROMIUM)(
  'the frames of a video are what the stage shows at their times',
  async () => {
    const page = await openDialog('visit');
    const saved = page.waitForEvent('download', { timeout: 60_000 });
    await page.getByRole('button', { name: 'Make a video' }).click();
    const path = await (await saved).path();
    await page.keyboard.press('Escape');
    const times = [1.2, 2.2, 3.4];
    // In the middle of a frame.
    const frames = await squaresOfVideo(
      path,
      times.map((time) => time + 0.01),
    );
    const stages: Squares[] = [];
    for (const time of times) {
      await page.evaluate((t) => {
        location.hash = `#session=visit&t=${t}`;
      }, time);
      await expect.poll(() => positionOf(page)).toBe(time * 1000);
      await expect.poll(async () => meanDifference(await squaresOfStage(page), frames[stages.length]!)).toBeLessThan(4);
      stages.push(await squaresOfStage(page));
    }
    // After the page was scrolled it looks different.
    expect(meanDifference(stages[1]!, frames[2]!)).toBeGreaterThan(8);
  },
  120_000,
);

test.skipIf(!CHROMIUM)('a session that is too long for a video says so before it is made, and what fits', async () => {
  for (const [id, hours, sentence] of [
    ['long', 3, /lasts an hour at most, and this would be longer: 4× is short enough, or choose a stretch\./],
    ['longest', 9, /lasts an hour at most, and this would be longer: choose a stretch\./],
  ] as const) {
    const page = await openDialog(id);
    await page.getByText(sentence).waitFor();
    const make = page.getByRole('button', { name: 'Make a video' });
    expect(await make.getAttribute('aria-disabled')).toBe('true');
    if (id === 'long') {
      await page.getByRole('combobox', { name: 'Speed' }).selectOption('4');
      await page.getByText('An MP4 of 45:00').waitFor();
      expect(await make.getAttribute('aria-disabled')).toBe('false');
    }
    expect(await page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax')).toBe(`${hours * HOUR}`);
    await page.context().close();
  }
});

test.skipIf(!CHROMIUM)(
  'NDJSON of a stretch is a session that began and ended there, for another server, too',
  async () => {
    const page = await openDialog('visit');
    await page.getByRole('radio', { name: 'Only a stretch' }).check();
    await page.getByLabel('From', { exact: true }).fill('0:01');
    await page.getByLabel('To', { exact: true }).fill('0:03');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as NDJSON' }).click();
    const text = readFileSync(await (await saved).path(), 'utf8');
    const [header, ...events] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({ kind: 'session', session_id: 'visit', started_at: START + 1000 });
    for (const { timestamp } of events)
      expect([timestamp >= START + 1000, timestamp <= START + 3000]).toEqual([true, true]);
    const elsewhere = await startSite();
    const body = `{"name":"import"}\n${text}`;
    const answer = await fetch(`${elsewhere.origin}/replay/commands`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      body,
    });
    expect(await answer.text()).toContain('"sessions":1');
    const there = await used.open({ place: '#session=visit&t=1' }, elsewhere);
    await expect.poll(() => positionOf(there)).toBe(1000);
    expect(await there.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax')).toBe('2000');
    expect(await there.getByLabel('Current page').innerText()).toBe(SHOP);
    await elsewhere.close();
  },
);

test.skipIf(!CHROMIUM)('a link holds a million characters and not one more', async () => {
  /** Of exactly so many characters; what is stored is not made shorter. */
  const textOf = (characters: number) => {
    const { session, events } = visit;
    const json = (filler: string) =>
      JSON.stringify({ v: 1, session, gaps: [], loads: [''], parts: [[0, events]], filler });
    const packed = (length: number) => deflateRawSync(json('x'.repeat(length)), { level: 0 });
    const bytes = (characters * 3) / 4;
    let filler = bytes;
    for (let over = 1; over !== 0; filler -= over) over = packed(filler).length - Math.floor(bytes);
    return packed(filler).toString('base64url');
  };
  const open = (text: string) => used.open({ key: null, place: `#recording=${text}` });
  const full = textOf(1_000_000);
  expect(full).toHaveLength(1_000_000);
  const page = await open(full);
  await expect.poll(() => page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax')).toBe('4000');
  const over = textOf(1_000_002);
  expect(over).toHaveLength(1_000_002);
  await (await open(over)).getByRole('alert').getByText('This link holds more than a session can').waitFor();
});

test.skipIf(!CHROMIUM)(
  'a session that is too large for a link says by how much, and a stretch of it fits',
  async () => {
    const page = await openDialog('dense');
    const part = page.getByRole('region', { name: 'The session in a link' });
    await part.getByRole('button', { name: 'Make the link' }).click();
    await part
      .getByRole('alert')
      .getByText(/^It would be 1,\d{3},\d{3} characters; browsers take 1,000,000\. Choose a stretch/)
      .waitFor();
    await page.getByRole('radio', { name: 'Only a stretch' }).check();
    await page.getByLabel('To', { exact: true }).fill('1:00');
    await part.getByRole('button', { name: 'Make the link' }).click();
    // By hand, as where the page may not write to the clipboard: the field shows its beginning alone.
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await part.getByLabel('Link with the session').focus();
    await page.keyboard.press('Control+c');
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const stranger = await used.open({ key: null, place: link.slice(link.indexOf('#')) });
    await expect
      .poll(() => stranger.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax'))
      .toBe('60000');
  },
);

test.skipIf(!CHROMIUM)('a key that is revoked while something is made leads to the prompt', async () => {
  const page = await openDialog('visit');
  await page.route('**/replay/commands', (route) => route.fulfill({ status: 401, json: { status: 401 } }));
  await page.getByRole('button', { name: 'Save as HTML' }).click();
  await page.getByRole('alert').getByText('Your key is not accepted any more').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});
