// Attacks on whoever watches, through texts that strangers leave: each is sent to a real server, planted in its objects and put into answers, then looked at in Chromium.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CHROMIUM } from '../browser/harness.ts';
import { body, click, layout, START, view } from '../fixtures/recordings.ts';
import { SCRIPTS } from '../fixtures/scripts.ts';
import { silhouette } from '../fixtures/server.ts';
import {
  HOSTILE_ADDRESSES,
  HOSTILE_ANSWERS,
  HOSTILE_TEXTS,
  HOSTILE_VISITORS,
  type HostileText,
  SENSELESS_EVENTS,
} from './catalogue/browser.ts';
import { expectSafe, openWatched, plantObject, useViewer } from './viewer-attacked.ts';

const STEP_MS = 4000;
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const PAGE = 'https://shop.example/';

/** The event that bears the text, as the field wants it. */
function eventOf({ field, text }: HostileText, timestamp: number): Record<string, unknown> {
  if (field === 'page') return { event_type: 'page_view', page: text, timestamp };
  const press = { event_type: 'click', x: 100, y: 100, element: 'A', page: PAGE, timestamp };
  return { ...press, [field]: text };
}

/** Time of the i-th text in a session that begins at `start`; a harmless page view goes before each. */
const timeOf = (start: number, i: number) => start + (i + 1) * STEP_MS;
const eventsFrom = (start: number) =>
  HOSTILE_TEXTS.flatMap((row, i) => [
    { event_type: 'page_view', page: PAGE, timestamp: timeOf(start, i) - STEP_MS / 2 },
    eventOf(row, timeOf(start, i)),
  ]);

const began = Date.now() - 600_000;
let sent = '';

const used = useViewer(async ({ server, dataDir }) => {
  const batch = {
    v: 1,
    session_key: `${began.toString(36)}-${'s'.repeat(22)}`,
    visitor_id: 'sent',
    page_id: 'page',
    seq: 0,
    sent_at: Date.now(),
    events: eventsFrom(began),
  };
  const headers = { 'content-type': 'text/plain', 'user-agent': FIREFOX };
  const response = await fetch(`${server.origin}/collect`, { method: 'POST', headers, body: JSON.stringify(batch) });
  const answer = await response.json();
  const refused = HOSTILE_TEXTS.filter((row) => row.sent === null).length;
  expect([response.status, answer]).toMatchObject([202, { rejected: refused }]);
  sent = answer.session_id;

  const named = (event: object, i: number) => ({ event_id: `p.0.${i}`, ...event });
  const origin = (session_id: string, more = {}) => ({ session_id, visitor_id: 'planted', started_at: began, ...more });
  const senseless = SENSELESS_EVENTS.map((event, i) => ({ page: PAGE, timestamp: began + 1000 + i, ...event }));
  const ends = [0, 20_000].map((at) => ({ event_type: 'page_view', page: PAGE, timestamp: began + at }));
  const script = SCRIPTS[1]!;
  const scripts = SCRIPTS.flatMap((script, i) => [
    { event_type: 'page_view', page: `https://e.x/${i}${script.replace(/\s/g, '/')}`, timestamp: timeOf(began, i) },
    { event_type: 'click', x: 9, y: 9, element: script, page: PAGE, timestamp: timeOf(began, i) },
    { event_type: 'custom', name: script, properties: { id: script }, page: PAGE, timestamp: timeOf(began, i) },
    { event_type: 'error', name: script, source: script, page: PAGE, timestamp: timeOf(began, i) },
  ]);
  plantObject(dataDir, origin('planted-texts'), eventsFrom(began).map(named));
  plantObject(dataDir, origin('planted-senseless'), [ends[0]!, ...senseless, ends[1]!].map(named));
  const more = { browser: script, os: script, source: script, context: { referrer: script, language: script } };
  plantObject(dataDir, origin('planted-scripts', more), scripts.map(named));
  // What makes no header costs its own session.
  plantObject(dataDir, origin('planted-visitor', { visitor_id: script }), ends.map(named));
  plantObject(dataDir, origin('planted-country', { country: '<b>' }), ends.map(named));
  const reindexed = await silhouette(dataDir, ['reindex']);
  expect([reindexed.code, reindexed.stderr]).toEqual([
    0,
    expect.stringContaining('2 sessions have no readable object'),
  ]);
});

const get = async (path: string) => (await used.server.get(path)).json();

/** What the viewer shows at each of these positions (ms) of an open session. */
function shownAt(page: Page, session: string, positions: number[]) {
  return page.evaluate(
    async ([id, times]) => {
      const frame = () => new Promise(requestAnimationFrame);
      const slider = () => document.querySelector('[role=slider]')?.getAttribute('aria-valuenow');
      const all = [];
      for (const time of times) {
        location.hash = `#session=${id}&t=${time / 1000}`;
        for (let i = 0; i < 120 && slider() !== String(time); i++) await frame();
        await frame();
        const address = document.querySelector('[aria-label="Current page"]');
        const texts = [...document.querySelectorAll('.event-text')].map((row) => row.textContent);
        const titles = [...document.querySelectorAll('.event-text')].map((row) => row.getAttribute('title'));
        all.push({ address: address?.textContent, title: address?.getAttribute('title'), texts, titles });
      }
      return all;
    },
    [session, positions] as const,
  );
}

/** Rows of which the viewer shows something else than it may; `expected` null: the event is not there. */
async function wronglyShown(page: Page, session: string, expected: (row: HostileText) => string | null) {
  const shown = await shownAt(
    page,
    session,
    HOSTILE_TEXTS.map((_, i) => (i + 1) * STEP_MS + 100),
  );
  return HOSTILE_TEXTS.flatMap((row, i) => {
    const seen = shown[i]!;
    const text = expected(row);
    const place = row.field === 'page' && text !== null ? text : PAGE;
    const isAddress = seen.address === place && seen.title === place;
    const isNamed = row.field !== 'element' || (seen.texts.includes(text ?? '') && seen.titles.includes(text));
    return isAddress && isNamed ? [] : [{ id: row.id, expected: text, seen }];
  });
}

describe.skipIf(!CHROMIUM)('a text of a stranger is text', () => {
  it('where it was sent: what cannot be shown is not stored', async () => {
    const stored = JSON.stringify(await get(`/replay/sessions/${sent}`));
    for (const { id, text, sent } of HOSTILE_TEXTS)
      if (sent === null) expect([id, stored.includes(JSON.stringify(text).slice(1, -1))]).toEqual([id, false]);
    expect(stored).not.toContain('pw@');
    const opened = await openWatched(used, { place: `#session=${sent}` });
    await opened.page.locator('.event').first().waitFor();
    expect(await wronglyShown(opened.page, sent, (row) => row.sent)).toEqual([]);
    await expectSafe(opened, used.server.origin);
    await opened.page.context().close();
  });

  it('where it lies in an object that nobody checked: what makes no sense is a gap, the rest plays', async () => {
    const { events, gaps } = await get('/replay/sessions/planted-texts');
    const told = JSON.stringify(events);
    const isThere = ({ text }: HostileText) => told.includes(JSON.stringify(text));
    // Objects were cut when they were written: what of an address is none at all is left out, the rest is as it lies there.
    expect(HOSTILE_TEXTS.filter(isThere).map(({ id }) => id)).toEqual(
      HOSTILE_TEXTS.filter(({ field, text }) => field === 'element' || /^https?:\S+$/.test(text)).map(({ id }) => id),
    );
    expect(gaps).toContainEqual(expect.objectContaining({ reason: 'damaged' }));
    const opened = await openWatched(used, { place: '#session=planted-texts' });
    await opened.page.locator('.event').first().waitFor();
    const expected = (row: HostileText) => (isThere(row) ? row.planted : null);
    expect(await wronglyShown(opened.page, 'planted-texts', expected)).toEqual([]);
    await expectSafe(opened, used.server.origin);
    await opened.page.context().close();
  });

  it('where an answer has it, without the policy as well', async () => {
    const planted = body(
      [
        ...HOSTILE_TEXTS.flatMap((row, i) => [
          view((i + 1) * STEP_MS - STEP_MS / 2, { page: PAGE }),
          { ...click((i + 1) * STEP_MS, 100, 100, { page: PAGE }), ...eventOf(row, START + (i + 1) * STEP_MS) },
        ]),
        ...SENSELESS_EVENTS.map((event, i) => ({ event_id: `s.0.${i}`, page: PAGE, timestamp: START + i, ...event })),
      ],
      { session_id: 'answered' },
    );
    const opened = await openWatched(used, {
      place: '#session=answered',
      policy: false,
      fill: async (page) =>
        void (await page.route('**/replay/sessions/answered*', (route) => route.fulfill({ json: planted }))),
    });
    const { page } = opened;
    await page.locator('.event').first().waitFor();
    expect(await wronglyShown(page, 'answered', (row) => row.planted)).toEqual([]);
    const alien = HOSTILE_TEXTS.filter(({ field }) => field === 'event_type').length;
    await page.getByText(`${SENSELESS_EVENTS.length + alien} events unreadable`).waitFor();
    const address = page.getByLabel('Current page');
    // One of scripts and one of files: to press what names them leads nowhere.
    for (const id of ['P068', 'P079']) {
      const i = HOSTILE_TEXTS.findIndex((row) => row.id === id);
      await shownAt(page, 'answered', [(i + 1) * STEP_MS + 100]);
      expect([id, await address.innerText()]).toEqual([id, 'Unknown page']);
      await address.click();
    }
    await expectSafe(opened, used.server.origin);
    await page.context().close();
  });

  it('where 120 scripts lie in every text of an object, and the index is rebuilt from it', async () => {
    const { sessions } = await get('/replay/sessions?visitor_id=planted');
    expect(sessions.map(({ session_id }: { session_id: string }) => session_id).sort()).toEqual([
      'planted-scripts',
      'planted-senseless',
      'planted-texts',
    ]);
    const opened = await openWatched(used, { place: '#session=planted-scripts' });
    const { page } = opened;
    await page.locator('.event').first().waitFor();
    // The list of events shows what is around.
    const positions = SCRIPTS.map((_, i) => (i + 1) * STEP_MS - 100).filter(
      (_, i) => i % 3 === 0 || i === SCRIPTS.length - 1,
    );
    const shown = await shownAt(page, 'planted-scripts', positions);
    const texts = new Set(shown.flatMap(({ texts, titles }) => [...texts, ...titles]));
    // A control character is none in any stored text.
    const isShown = (script: string) => texts.has(script.replaceAll('\0', '\ufffd'));
    expect(SCRIPTS.filter((script) => !isShown(script))).toEqual([]);
    expect(await page.locator('.facts').innerText()).toContain(SCRIPTS[1]!.slice(0, 12));
    await expectSafe(opened, used.server.origin);
    await page.context().close();
  });
});

describe.skipIf(!CHROMIUM)('a name that is a script', () => {
  it('is painted under the mouse, and is no part of the page', async () => {
    const place = (i: number) => ({ x: 10 + (i % 12) * 80, y: 10 + Math.floor(i / 12) * 58, width: 60, height: 36 });
    const boxes = SCRIPTS.map((_, i) => {
      const { x, y, width, height } = place(i);
      return [1, x, y, width, height, i + 1, 0, 0, 1];
    });
    const clicks = SCRIPTS.map((element, i) => click(1000 + i, 5, 5, { element, element_box: place(i) }));
    const json = body([view(0), layout(500, 1, boxes), ...clicks, view(9000)], { session_id: 'named' });
    const opened = await openWatched(used, {
      place: '#session=named&t=5',
      policy: false,
      before: () => {
        const written = new Set<string>();
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
          written.add(text);
          fillText.call(this, text, ...more);
        };
        Object.assign(window, { written });
      },
      fill: async (page) => void (await page.route('**/replay/sessions/named*', (route) => route.fulfill({ json }))),
    });
    const { page } = opened;
    await page.locator('.event').first().waitFor();
    const canvas = (await page.getByRole('img', { name: 'Replay' }).boundingBox())!;
    const scale = Math.min(canvas.width / 1000, canvas.height / 600);
    const left = canvas.x + (canvas.width - 1000 * scale) / 2;
    const top = canvas.y + (canvas.height - 600 * scale) / 2;
    // Every third: each script, and each way of wrapping one, is among them.
    const looked = SCRIPTS.flatMap((script, i) => (i % 3 === 0 ? [{ script, i }] : []));
    for (const { i } of looked) {
      const { x, y, width, height } = place(i);
      await page.mouse.move(left + (x + width / 2) * scale, top + (y + height / 2) * scale);
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    const written = await page.evaluate(() => [...(window as unknown as { written: Set<string> }).written]);
    const isWritten = (script: string) => written.some((text) => text.startsWith(script.slice(0, 12)));
    expect(looked.filter(({ script }) => !isWritten(script))).toEqual([]);
    await expectSafe(opened, used.server.origin);
    await page.context().close();
  });

  it('is data in an export, a line an event, and comes back the same by import', async () => {
    const elsewhere = join(used.dataDir, '../elsewhere');
    const exported = await silhouette(used.dataDir, ['export', 'planted-scripts']);
    expect([exported.code, exported.stderr]).toEqual([0, '']);
    const lines = exported.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 4 * SCRIPTS.length);
    for (const line of lines) expect(typeof JSON.parse(line)).toBe('object');
    // Nothing that a terminal, or whoever shows it as it is, would take for more than text.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(exported.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const file = join(used.dataDir, '../exported.ndjson');
    writeFileSync(file, exported.stdout);
    expect((await silhouette(elsewhere, ['import', file])).stdout).toMatch(/^imported 1 sessions/);
    expect((await silhouette(elsewhere, ['export', 'planted-scripts'])).stdout).toBe(exported.stdout);
  });
});

describe.skipIf(!CHROMIUM)('events of which no number is one', () => {
  it('in an object are a gap, and what is before and after them plays', async () => {
    const { events, gaps } = await get('/replay/sessions/planted-senseless');
    expect(events.map(({ timestamp }: { timestamp: number }) => timestamp - began)).toEqual([0, 20_000]);
    expect(gaps).toEqual([{ from: began, to: began + 20_000, reason: 'damaged' }]);
    const opened = await openWatched(used, { place: '#session=planted-senseless&t=10' });
    await opened.page.getByText('20 s of events are missing: what was stored of them cannot be read').waitFor();
    await expectSafe(opened, used.server.origin);
    await opened.page.context().close();
  });
});

describe.skipIf(!CHROMIUM)('who a stranger says he is', () => {
  it('is refused where it is no name, and is text in a list, also where it is searched for', async () => {
    for (const [i, visitor_id] of HOSTILE_VISITORS.entries()) {
      const sent_at = Date.now();
      const session_key = `${sent_at.toString(36)}-${'v'.repeat(22)}${i}`;
      const events = [{ event_type: 'page_view', page: PAGE, timestamp: sent_at }];
      const batch = { v: 1, session_key, visitor_id, page_id: 'p', seq: 0, sent_at, events };
      const init = { method: 'POST', headers: { 'user-agent': FIREFOX }, body: JSON.stringify(batch) };
      expect([visitor_id, (await fetch(`${used.server.origin}/collect`, init)).status]).toEqual([visitor_id, 400]);
    }
    const rows = HOSTILE_VISITORS.map((visitor_id, i) => ({ ...body([]).session, session_id: `v-${i}`, visitor_id }));
    const opened = await openWatched(used, {
      policy: false,
      fill: async (page) => {
        await page.route('**/replay/sessions?*', (route) =>
          route.fulfill({ json: { sessions: rows, total: rows.length, next_cursor: null } }),
        );
      },
    });
    const { page } = opened;
    for (const search of ['', 'b', '<b>', HOSTILE_VISITORS[0]!]) {
      const asked = search ? page.waitForResponse('**/replay/sessions?*') : null;
      await page.getByRole('searchbox').fill(search);
      await asked;
      const names = page.locator('.option-visitor');
      await expect.poll(() => names.allTextContents()).toEqual(HOSTILE_VISITORS);
      expect(await names.locator('*').count()).toBe(0);
    }
    for (const [i, visitor] of HOSTILE_VISITORS.entries())
      expect(await page.locator('.option-visitor').nth(i).getAttribute('title')).toBe(`Visitor ${visitor}`);
    await expectSafe(opened, used.server.origin);
    await page.context().close();
  });
});

describe.skipIf(!CHROMIUM)('what the viewer is given beside recordings', () => {
  it('is text in its own address, and in its own name', async () => {
    const { page, complaints } = await openWatched(used, {
      policy: false,
      before: () => {
        window.name = '<img src=x onerror=__pwn()>';
      },
    });
    for (const [i, address] of HOSTILE_ADDRESSES.entries()) {
      // A query of its own each, so that the page is loaded anew.
      await page.goto(`${used.server.origin}/replay?${i}${address.replace('?', '&')}`);
      await page.getByRole('option').first().waitFor();
      await expectSafe({ page, complaints }, used.server.origin);
    }
    await page.context().close();
  });

  it('is text in an answer that is none', async () => {
    const opened = await openWatched(used, { policy: false });
    const { page } = opened;
    await page.getByRole('option').first().waitFor();
    for (const [i, { status, type, body }] of HOSTILE_ANSWERS.entries()) {
      await page.route(`**/replay/sessions/none-${i}`, (route) => route.fulfill({ status, contentType: type, body }));
      await page.evaluate((id) => {
        location.hash = `#session=${id}`;
      }, `none-${i}`);
      const alert = page.getByRole('alert').first();
      await alert.waitFor();
      expect(await alert.locator('b, img, script').count()).toBe(0);
      await expectSafe(opened, used.server.origin);
      await page.getByRole('button', { name: 'All sessions' }).first().click();
      await alert.waitFor({ state: 'detached' });
    }
    await page.context().close();
  });
});
