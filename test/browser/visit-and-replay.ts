// A visit to the demo by a real browser, looked at in the viewer: for the tests of the promise, on whatever the server runs.
import type { Browser, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { SessionEvent } from '../../src/format/event.ts';
import type { SessionRecord } from '../../src/format/session.ts';
import type { RunningServer } from '../fixtures/server.ts';
import { positionOf, redSpot } from './viewer-harness.ts';

const VIEWPORT = { width: 1280, height: 800 };
/** ms by which a browser's clock and this process's may differ. */
const ROUNDED_MS = 50;

/** A click in the demo is seen as a pulse in the viewer, at its place and its time. */
export async function visitAndReplay(
  browser: Browser,
  server: Pick<RunningServer, 'origin' | 'key' | 'get'>,
): Promise<{ id: string; visit: Page; viewer: Page }> {
  const context = await browser.newContext({ viewport: VIEWPORT, colorScheme: 'dark' });

  // A visit, as a newcomer makes it: move, scroll, go into the shop, put a lamp in the basket.
  const visit = await context.newPage();
  await visit.goto(`${server.origin}/demo/`);
  for (let i = 0; i <= 20; i++) await visit.mouse.move(200 + i * 30, 250 + 120 * Math.sin(i / 4));
  await visit.mouse.wheel(0, 900);
  await visit.mouse.move(640, 420, { steps: 10 });
  await visit.goto(`${server.origin}/demo/shop/table/moth`);
  const button = visit.locator('#add-to-basket');
  await button.scrollIntoViewIfNeeded();
  const box = (await button.boundingBox())!;
  const point = { x: Math.round(box.x + box.width * 0.3), y: Math.round(box.y + box.height * 0.6) };
  await visit.mouse.move(point.x, point.y, { steps: 15 });
  const clickedAt = Date.now();
  await visit.mouse.click(point.x, point.y);
  const releasedAt = Date.now();
  const moving = setInterval(() => void visit.mouse.move(point.x + 80, point.y + (Date.now() % 100)), 50);
  onTestFinished(() => clearInterval(moving));
  const id = await visit.evaluate(() => window.silhouette?.sessionId());
  expect(id).toMatch(/^[0-9a-f]{32}$/);

  const read = async () => {
    // Asking for the id sends what was captured.
    await visit.evaluate(() => window.silhouette?.sessionId());
    const answer = await server.get(`/replay/sessions/${id}`);
    return answer.ok ? ((await answer.json()) as { session: SessionRecord; events: SessionEvent[] }) : null;
  };
  const clickOf = (events: SessionEvent[] = []) =>
    events.find((event) => event.event_type === 'click' && event.element.startsWith('BUTTON#add-to-basket'));
  await expect.poll(async () => clickOf((await read())?.events)).toMatchObject(point);
  const isFollowed = ({ session, events }: { session: SessionRecord; events: SessionEvent[] }) =>
    session.ended_at > clickOf(events)!.timestamp + 500;
  await expect.poll(async () => isFollowed((await read())!)).toBe(true);
  clearInterval(moving);
  const { session, events } = (await read())!;
  const click = clickOf(events)!;
  expect([click.timestamp >= clickedAt - ROUNDED_MS, click.timestamp <= releasedAt + ROUNDED_MS]).toEqual([true, true]);
  expect(click.page).toBe(`${server.origin}/demo/shop/table/moth`);

  // The owner opens it from the list with the key.
  const viewer = await context.newPage();
  await viewer.setViewportSize({ width: 1440, height: 900 });
  await viewer.goto(`${server.origin}/replay`);
  await viewer.getByLabel('API key').fill(server.key);
  await viewer.getByRole('button', { name: 'Open', exact: true }).click();
  await viewer.getByRole('listbox', { name: 'Sessions' }).getByRole('option').first().click();
  await expect.poll(() => viewer.url()).toContain(id);

  const seek = async (position: number) => {
    await viewer.evaluate(
      ([session, seconds]) => {
        location.hash = `#session=${session}&t=${seconds}`;
      },
      [id, position / 1000] as const,
    );
    await expect.poll(async () => Math.abs((await positionOf(viewer)) - position)).toBeLessThan(10);
  };
  const at = click.timestamp - session.started_at;
  await seek(at - 300);
  expect(await redSpot(viewer)).toBeNull();
  await seek(at + 100);
  await expect.poll(() => redSpot(viewer)).not.toBeNull();
  const canvas = (await viewer.getByRole('img', { name: 'Replay' }).boundingBox())!;
  const scale = Math.min(canvas.width / VIEWPORT.width, canvas.height / VIEWPORT.height, 2);
  const spot = (await redSpot(viewer))!;
  // The cursor's arrow covers a part of the dot, so its middle lies a little to the upper left.
  expect(Math.abs(spot.x - ((canvas.width - VIEWPORT.width * scale) / 2 + point.x * scale))).toBeLessThan(4);
  expect(Math.abs(spot.y - ((canvas.height - VIEWPORT.height * scale) / 2 + point.y * scale))).toBeLessThan(4);
  await expect.poll(() => viewer.getByLabel('Current page').textContent()).toContain('/demo/shop/table/moth');
  return { id: id!, visit, viewer };
}
