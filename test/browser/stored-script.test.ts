// Markup and scripts in every text that can be stored: sent, imported, and in answers. None runs in the viewer, with its policy and without.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { builtAssets } from '../../src/node/assets.ts';
import { importSessions } from '../../src/server/import-sessions.ts';
import { KEY } from '../fixtures/app-under-test.ts';
import { ANSWER_HEADERS, VIEWER_HEADERS, VIEWER_POLICY, withoutHashes } from '../fixtures/headers.ts';
import { at, body, click, START, view } from '../fixtures/recordings.ts';
import { SCRIPTS } from '../fixtures/scripts.ts';
import { CHROMIUM, launchChromium, type ServedApp, serveApp } from './harness.ts';
import { openViewer, watchScripts } from './viewer-harness.ts';

const STEP_MS = 4000;

let browser: Browser;
let site: ServedApp;
/** The session that came through POST /collect. */
let sent: string;
beforeAll(async () => {
  [browser, site] = await Promise.all([launchChromium(), serveApp(builtAssets(true))]);
  if (CHROMIUM) await store();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** Events with a script in each of their texts; `page` makes an address of it. */
function hostileEvents(page: (script: string) => string): Record<string, unknown>[] {
  return SCRIPTS.flatMap((script, i) => {
    const more = { page: page(script), element: script, name: script, source: page(script), from: page(script) };
    const properties = { [script.slice(0, 60)]: script, id: script };
    const time = i * STEP_MS;
    return [
      view(time, more),
      click(time + 600, 100, 100, { ...more, element_box: { x: 50, y: 80, width: 300, height: 60 } }),
      at(time + 700, { event_type: 'custom', ...more, properties }),
      at(time + 800, { event_type: 'custom', ...more, name: 'identify', properties }),
      at(time + 900, { event_type: 'error', ...more }),
      at(time + 1000, { event_type: 'navigation', ...more }),
    ] as unknown as Record<string, unknown>[];
  });
}

const addressOf = (script: string) => `https://shop.example/${script}`;

/** What the server takes, by each way into it. */
async function store(): Promise<void> {
  const { ports, writer } = site.app;
  const now = Date.now();
  const events = hostileEvents(addressOf).map(({ event_id: _, ...event }) => ({
    ...event,
    timestamp: now - 600_000 + (event.timestamp as number) - START,
  }));
  for (const [seq, from] of [0, 400].entries()) {
    const batch = {
      v: 1,
      session_key: `${(now - 600_000).toString(36)}-${'s'.repeat(22)}`,
      visitor_id: 'sent',
      page_id: 'page',
      seq,
      sent_at: Date.now(),
      context: { referrer: addressOf(SCRIPTS[1]!), language: SCRIPTS[1], timezone: SCRIPTS[1] },
      events: events.slice(from, from + 400),
    };
    const headers = { 'content-type': 'text/plain', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
    const response = await fetch(`${site.origin}/collect`, { method: 'POST', headers, body: JSON.stringify(batch) });
    expect(response.status).toBe(202);
    sent = (await response.json()).session_id;
  }
  const lines = SCRIPTS.flatMap((script, i) => [
    JSON.stringify({
      ...body([]).session,
      kind: 'session',
      urls: 'final',
      session_id: `imported-${i}`,
      browser: script,
      os: script,
      source: script,
      context: { referrer: addressOf(script), language: script, timezone: script },
    }),
    ...(i === 0 ? hostileEvents(addressOf) : hostileEvents(addressOf).slice(i * 6, i * 6 + 6)).map((event) =>
      JSON.stringify(event),
    ),
  ]);
  async function* each() {
    yield* lines;
  }
  await importSessions(ports, writer, each(), () => undefined);
}

/** The viewer, in which a script that ran would be counted. */
async function open(place: string, policy: boolean) {
  const { page, complaints } = await openViewer(browser, site, { viewport: { width: 1600, height: 2000 } });
  await watchScripts(page, policy);
  return { page, complaints, go: () => page.goto(`${site.origin}/replay?fresh${place}`) };
}

/** Goes from script to script by its place in the address (the list of events shows those around it), and over the timeline; the texts that were shown on the way. */
async function walk(page: Page, session: string, stride: number): Promise<string[]> {
  const shown = await page.evaluate(
    async ([id, count, step, stride]) => {
      const texts = new Set<string>();
      const frame = () => new Promise(requestAnimationFrame);
      for (let i = 0; i < count; i += stride) {
        const heard = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
        location.hash = `#session=${id}&t=${(i * step + 650) / 1000}`;
        await heard;
        await frame();
        await frame();
        for (const element of document.querySelectorAll('bdi, .fact, output')) {
          texts.add(element.textContent ?? '');
        }
      }
      return [...texts];
    },
    [session, SCRIPTS.length, STEP_MS, stride] as const,
  );
  const box = (await page.getByRole('slider', { name: 'Timeline' }).boundingBox())!;
  for (let i = 1; i < 10; i++) await page.mouse.move(box.x + (box.width * i) / 10, box.y + 20);
  return shown;
}

async function expectNothingRan(page: Page, complaints: string[]): Promise<void> {
  // Whatever was begun (an image that fails, a refresh after 0 s) has come to its end by the frames after an answer.
  await page.evaluate(() => fetch('/health').then(() => new Promise(requestAnimationFrame)));
  const ran = await page.evaluate(() => (window as unknown as { counter: { pwned: number } }).counter.pwned);
  expect([ran, complaints]).toEqual([0, []]);
  expect(page.url()).toContain(`${site.origin}/replay`);
  expect(page.frames()).toHaveLength(1);
  expect(await page.locator('iframe, base, form button[formaction], [onerror], [onload], [ontoggle]').count()).toBe(0);
}

test.skipIf(!CHROMIUM).each([true, false])('what was sent or imported is text (policy on: %s)', async (policy) => {
  for (const id of [sent, 'imported-0']) {
    const { page, complaints, go } = await open(`#session=${id}`, policy);
    await go();
    await page.getByRole('slider', { name: 'Timeline' }).waitFor();
    await page.getByRole('complementary', { name: 'What happened' }).locator('.event').first().waitFor();
    const shown = await walk(page, id, 4);
    expect(shown.filter((text) => text.includes('__pwn')).length).toBeGreaterThan(50);
    await page.getByRole('searchbox').fill(SCRIPTS[1]!);
    await page.getByLabel('Visitor ID').fill(SCRIPTS[1]!);
    await expectNothingRan(page, complaints);
    await page.close();
  }
});

test.skipIf(!CHROMIUM).each([true, false])(
  'an answer that no server of ours would give is text, each sign of it (policy on: %s)',
  async (policy) => {
    const { page, complaints, go } = await open('#session=planted-0&t=0', policy);
    const planted = body(hostileEvents((script) => script));
    const rows = SCRIPTS.map((script, i) => ({
      ...planted.session,
      session_id: `planted-${i}`,
      ...Object.fromEntries(
        ['visitor_id', 'country', 'browser', 'os', 'device', 'source', 'identity', 'title'].map((name) => [
          name,
          script,
        ]),
      ),
      entry_page: addressOf(script),
      exit_page: script,
      context: { referrer: addressOf(script), language: script, timezone: script },
    }));
    await page.route('**/replay/sessions?*', (route) =>
      route.fulfill({ json: { sessions: rows, total: rows.length, next_cursor: null } }),
    );
    await page.route('**/replay/sessions/*', (route) => {
      const i = Number(new URL(route.request().url()).pathname.split('-').at(-1));
      return route.fulfill({ json: { ...planted, session: rows[i] } });
    });
    await go();
    await page.locator('.event').first().waitFor();
    const shown = new Set(await walk(page, 'planted-0', 2));
    expect(SCRIPTS.filter((script) => ![...shown].some((text) => text.includes(script)))).toEqual([]);
    for (const i of [1, 25, 77, 119]) {
      await page.evaluate((n) => {
        location.hash = `#session=planted-${n}&t=1`;
      }, i);
      await expect.poll(() => page.locator('.details-visitor').textContent()).toBe(SCRIPTS[i]);
      expect(await page.locator('.details-visitor').getAttribute('title')).toBe(`Visitor ${SCRIPTS[i]}`);
    }
    await page.route('**/replay/sessions/*', (route) =>
      route.fulfill({ status: 503, json: { title: SCRIPTS[1], detail: SCRIPTS[1], status: 503 } }),
    );
    await page.evaluate((script) => {
      location.hash = `#session=${encodeURIComponent(script)}&t=${script}`;
    }, SCRIPTS[1]!);
    await page.getByRole('alert').first().waitFor();
    await expectNothingRan(page, complaints);
    // And it would be seen: the same texts as markup run without the policy, and with it nobody can make markup of them.
    const ran = await page.evaluate(async (scripts) => {
      const { counter } = window as unknown as { counter: { pwned: number } };
      try {
        document.body.insertAdjacentHTML('beforeend', scripts.slice(10, 30).join(''));
      } catch (error) {
        return (error as Error).name;
      }
      for (let i = 0; i < 100 && counter.pwned === 0; i++) await new Promise(requestAnimationFrame);
      return counter.pwned > 0;
    }, SCRIPTS);
    expect(ran).toBe(policy ? 'TypeError' : true);
  },
);

test('the viewer and answers say what a browser may do with them', async () => {
  const viewer = await fetch(`${site.origin}/replay`);
  const { 'content-security-policy': policy, ...headers } = Object.fromEntries(viewer.headers);
  expect(withoutHashes(policy)).toBe(VIEWER_POLICY);
  expect(headers).toMatchObject(VIEWER_HEADERS);
  for (const path of ['/replay/sessions', `/replay/sessions/${sent}`, '/replay/sessions/none', '/health', '/nothing']) {
    const answer = await fetch(site.origin + path, { headers: { 'x-api-key': KEY, accept: 'text/html' } });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...ANSWER_HEADERS,
      'content-type': expect.stringMatching(/^application\/(problem\+)?json/),
    });
  }
});
