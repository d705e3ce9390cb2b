// A visit that goes on while it is watched, on the real server with the real tracker: seen soon, turned back, and at its end a recording like any other.
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { startServer } from '../fixtures/server.ts';
import { CHROMIUM, launchChromium } from './harness.ts';
import { openViewer, positionOf, redSpot } from './viewer-harness.ts';

test.skipIf(!CHROMIUM)(
  'a running visit is seen live, turned back, and ends without a jump',
  async () => {
    const server = await startServer(temporaryFolder(), { DEMO: 'on', SEAL_AFTER_SECONDS: '8' });
    const browser = await launchChromium();
    onTestFinished(() => browser.close());
    const visit = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await visit.goto(`${server.origin}/demo/`);
    let at = 0;
    const move = async () => {
      await visit.mouse.move(300 + (at++ % 20) * 10, 300);
      // Asking for the id sends what was captured.
      return visit.evaluate(() => window.silhouette?.sessionId());
    };
    const id = (await move())!;
    await expect.poll(async () => (await server.get(`/replay/sessions/${id}`)).status).toBe(200);
    const moving = setInterval(() => void move().catch(() => undefined), 400);
    onTestFinished(() => clearInterval(moving));

    const { page, complaints } = await openViewer(browser, server, { key: server.key, place: `#session=${id}` });
    const main = page.getByRole('main');
    const live = main.getByRole('button', { name: 'Live' });
    await live.click();
    await expect.poll(() => live.getAttribute('aria-pressed')).toBe('true');

    // What the visitor does now is there a little later, without a touch of the viewer.
    const next = main.getByRole('button', { name: /^Next click/ });
    expect(await next.innerText()).toMatch(/\b0\b/);
    await visit.mouse.click(500, 320);
    await expect.poll(() => next.innerText()).toMatch(/\b1\b/);
    expect(await live.getAttribute('aria-pressed')).toBe('true');
    await main.getByRole('button', { name: 'Pause' }).click();

    // Back, and to the edge again.
    await page.getByRole('slider', { name: 'Timeline' }).press('Home');
    await expect.poll(() => positionOf(page)).toBe(0);
    await next.click();
    await expect.poll(() => redSpot(page)).not.toBeNull();
    expect(await live.getAttribute('aria-pressed')).toBe('false');
    const edge = await page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax');
    await live.click();
    await expect.poll(() => positionOf(page)).toBeGreaterThanOrEqual(Number(edge));

    // It ends: what was live is a recording now, the playhead stays where it is, and what is left is played.
    await main.getByRole('button', { name: 'Pause' }).click();
    const place = await positionOf(page);
    clearInterval(moving);
    await visit.close();
    await expect.poll(() => live.count(), { timeout: 50_000 }).toBe(0);
    expect(await positionOf(page)).toBe(place);
    await main.getByRole('button', { name: 'Play', exact: true }).click();
    const { session } = (await (await server.get(`/replay/sessions/${id}`)).json()) as {
      session: { duration: number };
    };
    await expect.poll(() => positionOf(page)).toBe(session.duration);
    await main.getByText('End of the session').waitFor();
    expect(complaints).toEqual([]);
  },
  150_000,
);
