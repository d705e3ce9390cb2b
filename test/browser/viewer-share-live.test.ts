// A share link of a visit that still goes on, watched by a stranger: live, over the end without a jump, and until it is taken away.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { builtAssets } from '../../src/node/assets.ts';
import { createKey, makeKey, revokeKeys } from '../../src/server/keys.ts';
import { createShare } from '../../src/server/shares.ts';
import { KEY } from '../fixtures/app-under-test.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { batch, click, idOf } from '../fixtures/outsider.ts';
import { startServer } from '../fixtures/server.ts';
import { CHROMIUM, launchChromium, type ServedApp, serveApp } from './harness.ts';
import { openViewer, positionOf } from './viewer-harness.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** A visitor who sends a click now, and again whenever he is asked. */
async function visitor(origin: string): Promise<{ id: string; send: () => Promise<void> }> {
  const first = batch();
  const post = (body: object) =>
    fetch(`${origin}/collect`, { method: 'POST', headers: { 'user-agent': 'Firefox' }, body: JSON.stringify(body) });
  expect((await post(first)).status).toBe(202);
  let seq = 0;
  return {
    id: idOf(first.session_key),
    async send() {
      const { session_key, visitor_id, page_id } = first;
      await post({ ...batch({ session_key, visitor_id, page_id, seq: ++seq, events: [click()] }) });
    },
  };
}

/** Of the test: they run side by side, since most of each is waiting for what comes by itself. */
type AtEnd = TestContext['onTestFinished'];

/** Goes on sending until it is stopped, or the test is over. */
function keepSending(send: () => Promise<void>, atEnd: AtEnd): () => void {
  const timer = setInterval(() => void send().catch(() => undefined), 500);
  const stop = () => clearInterval(timer);
  atEnd(stop);
  return stop;
}

async function share(origin: string, session_id: string, key = KEY, more = {}): Promise<{ id: string; token: string }> {
  const body = JSON.stringify({ session_id, ...more });
  const answer = await fetch(`${origin}/replay/shares`, { method: 'POST', headers: { 'x-api-key': key }, body });
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; token: string };
}

async function watch(atEnd: AtEnd, origin: string, place: string, key: string | null = null): Promise<Page> {
  const { page, complaints } = await openViewer(browser, { origin }, { key, place });
  atEnd(async () => {
    await page.context().close();
    expect(complaints).toEqual([]);
  });
  await liveOf(page).waitFor();
  return page;
}

const liveOf = (page: Page) => page.getByRole('main').getByRole('button', { name: 'Live' });
const durationOf = async (page: Page) =>
  Number(await page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax'));

/** Waits until more of the session has come by itself. */
async function seesMore(page: Page, expect: TestContext['expect']): Promise<void> {
  const before = await durationOf(page);
  await expect.poll(() => durationOf(page)).toBeGreaterThan(before);
}

test.skipIf(!CHROMIUM).concurrent(
  'a stranger sees a running visit live, and over its end without a jump, of a stretch as of the whole',
  async ({ expect, onTestFinished }) => {
    const server = await startServer(
      temporaryFolder(onTestFinished),
      { SEAL_AFTER_SECONDS: '6', RATE_LIMITS: 'off' },
      onTestFinished,
    );
    const { id, send } = await visitor(server.origin);
    const stop = keepSending(send, onTestFinished);
    const { token } = await share(server.origin, id, server.key);
    const whole = await watch(onTestFinished, server.origin, `#share=${token}`);
    await seesMore(whole, expect);
    const stretch = await share(server.origin, id, server.key, { from: Date.now() });
    await expect
      .poll(async () =>
        (await fetch(`${server.origin}/replay/sessions/${id}`, { headers: { 'x-api-key': stretch.token } })).json(),
      )
      .toMatchObject({ event_count: expect.toSatisfy((count: number) => count > 2) });
    const part = await watch(onTestFinished, server.origin, `#share=${stretch.token}`);
    for (const page of [whole, part]) {
      expect(await page.getByText(/shared with you until /).count()).toBe(1);
      await liveOf(page).click();
      await seesMore(page, expect);
      await expect.poll(() => liveOf(page).getAttribute('aria-pressed')).toBe('true');
    }
    // One of them stays where it is, the other one follows to the end.
    await whole.getByRole('main').getByRole('button', { name: 'Pause' }).click();
    const place = await positionOf(whole);
    stop();
    for (const page of [whole, part]) await expect.poll(() => liveOf(page).count()).toBe(0);
    expect(await positionOf(whole)).toBe(place);
    await expect.poll(async () => (await positionOf(part)) === (await durationOf(part))).toBe(true);
    await part.getByRole('main').getByText('End of the session').waitFor();
    expect(await durationOf(part)).toBeLessThan(await durationOf(whole));
    expect(await whole.getByText(/shared with you until /).count()).toBe(1);
  },
  120_000,
);

test.skipIf(!CHROMIUM).concurrent(
  'what ends while it is watched is a clear sentence, and nothing more is shown',
  async ({ expect, onTestFinished }) => {
    const served: ServedApp = await serveApp(builtAssets(false));
    onTestFinished(() => served.close());
    const { app, origin } = served;
    const ask = (method: string, path: string, body?: string) =>
      fetch(origin + path, { method, headers: { 'x-api-key': KEY }, body: body ?? null });
    const expectOver = async (page: Page, sentence: RegExp) => {
      await page.getByRole('alert').getByText(sentence).waitFor();
      expect(await page.getByRole('img', { name: 'Replay' }).count()).toBe(0);
      expect(await page.getByText(/shared with you/).count()).toBe(0);
    };
    const running = async () => {
      const { id, send } = await visitor(origin);
      keepSending(send, onTestFinished);
      return id;
    };

    const taken = await running();
    const link = await share(origin, taken);
    const revoked = await watch(onTestFinished, origin, `#share=${link.token}`);
    await ask('DELETE', `/replay/shares/${link.id}`);
    await expectOver(revoked, /^This link was taken back by whoever made it/);

    const wanted = { session_id: taken, from: null, to: null, by: 'owner', key_id: null };
    const short = await createShare(app.ports, { ...wanted, expires_at: Date.now() + 3_600_000 });
    const expired = await watch(onTestFinished, origin, `#share=${short.token}`);
    // It is later now, for this server.
    app.ports.clock.now = () => Date.now() + 3_600_001;
    await expectOver(expired, /^The time for which this link was valid is over/);
    app.ports.clock.now = () => Date.now();

    const gone = await running();
    const { token } = await share(origin, gone);
    const [erased, own] = [
      await watch(onTestFinished, origin, `#share=${token}`),
      await watch(onTestFinished, origin, `#session=${gone}`, KEY),
    ];
    await ask('DELETE', `/replay/sessions/${gone}`);
    await expectOver(erased, /^The session that it showed was erased/);
    await expectOver(own, /^It was erased while you watched it/);
  },
  120_000,
);

test.skipIf(!CHROMIUM).concurrent(
  'a key that is revoked while it watches shows nothing more, and the next one goes on there',
  async ({ expect, onTestFinished }) => {
    const { app, origin, close } = await serveApp(builtAssets(false));
    onTestFinished(close);
    const { id, send } = await visitor(origin);
    keepSending(send, onTestFinished);
    const { key, ...kept } = await makeKey();
    await createKey(app.ports, { ...kept, name: 'guest', scopes: ['read'], expires_at: null });
    const page = await watch(onTestFinished, origin, `#session=${id}`, key);
    await seesMore(page, expect);
    await page.getByRole('slider', { name: 'Timeline' }).press('End');
    const place = await positionOf(page);
    await revokeKeys(app.ports, 'guest');
    await page
      .getByRole('alert')
      .getByText(/^Your key is not accepted any more/)
      .waitFor();
    expect(await page.getByRole('img', { name: 'Replay' }).count()).toBe(0);
    await page.getByLabel('API key').fill(KEY);
    await page.getByRole('button', { name: 'Open' }).click();
    await liveOf(page).waitFor();
    expect(Math.abs((await positionOf(page)) - place)).toBeLessThan(100);
  },
  120_000,
);

test.skipIf(!CHROMIUM).concurrent(
  'a server that is away for a while is told, and once it is back the visit goes on',
  async ({ expect, onTestFinished }) => {
    const folder = temporaryFolder(onTestFinished);
    const server = await startServer(folder, {}, onTestFinished);
    const { id, send } = await visitor(server.origin);
    const { token } = await share(server.origin, id, server.key);
    const page = await watch(onTestFinished, server.origin, `#share=${token}`);
    await liveOf(page).click();
    const stop = keepSending(send, onTestFinished);
    await seesMore(page, expect);
    stop();
    await page.getByText('Waiting for what the visitor does next').waitFor();
    await server.stop();
    await page.getByText('The server does not answer.').waitFor();
    expect(await page.getByText('Waiting for what the visitor does next').count()).toBe(0);
    const before = await durationOf(page);
    await startServer(folder, { PORT: new URL(server.origin).port }, onTestFinished);
    keepSending(send, onTestFinished);
    await expect.poll(() => durationOf(page)).toBeGreaterThan(before);
    await expect.poll(() => page.getByText('The server does not answer.').count()).toBe(0);
    expect(await liveOf(page).getAttribute('aria-pressed')).toBe('true');
  },
  120_000,
);
