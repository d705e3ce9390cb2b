// The viewer in other browsers: from the key prompt to a session in a link, by what a user presses; the screens are kept as pictures.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Site, startSite } from '../browser/viewer-harness.ts';
import { KEY } from '../fixtures/app-under-test.ts';
import { visit } from '../fixtures/short-visit.ts';
import { type Driven, KEYS, type Tab } from './driven.ts';
import { inEvery } from './every-browser.ts';

const PICTURES = join(import.meta.dirname, '../output/browsers');
const SIZES = [
  [1280, 800],
  [390, 844],
  [1920, 1080],
] as const;
/** Reading pixels is what this test does; WebKit tells as an error that a size is heard of in the next frame (docs/browsers.md). */
const KNOWN = /^Canvas2D: Multiple readback|^ResizeObserver loop completed/;
const TIMELINE = '[role=slider][aria-label=Timeline]';

/** Where what is pressed lies: the first element to be seen that the selector finds and that has this name or text. */
const middleOf = (tab: Tab, selector: string, name = '') =>
  tab.evaluate(
    (selector, name) => {
      for (const element of document.querySelectorAll<HTMLElement>(selector)) {
        const said = `${element.getAttribute('aria-label') ?? ''} ${element.title} ${element.textContent}`;
        if (!said.includes(name) || !element.checkVisibility()) continue;
        element.scrollIntoView({ block: 'center', behavior: 'instant' });
        const { x, y, width, height } = element.getBoundingClientRect();
        if (width > 0) return [Math.round(x + width / 2), Math.round(y + height / 2)] as const;
      }
      return null;
    },
    selector,
    name,
  );

inEvery(({ name, launch }) => {
  let site: Site;
  let browser: Driven;
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    [site, browser] = await Promise.all([startSite(), launch()]);
    await site.add(visit);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const keep = async (tab: Tab, what: string) =>
    writeFileSync(join(PICTURES, `${what}-${name.toLowerCase()}.png`), await tab.picture());
  const press = async (tab: Tab, selector: string, said = '') => {
    await expect.poll(() => middleOf(tab, selector, said), { message: `${selector} ${said}` }).not.toBeNull();
    await tab.click(...(await middleOf(tab, selector, said))!);
  };
  const position = (tab: Tab) =>
    tab.evaluate((timeline) => Number(document.querySelector(timeline)?.getAttribute('aria-valuenow')), TIMELINE);
  const text = (tab: Tab, selector: string) =>
    tab.evaluate((selector) => document.querySelector<HTMLElement>(selector)?.innerText ?? '', selector);
  const fieldOf = (tab: Tab, label: string) =>
    tab.evaluate(
      (label) => document.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`)?.value ?? '',
      label,
    );
  /** How many the stage has: one where it is blank. */
  const colours = (tab: Tab) =>
    tab.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('[role=img][aria-label=Replay]');
      const { data } = canvas!.getContext('2d')!.getImageData(0, 0, canvas!.width, canvas!.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
  /** How many pixels of the stage have the red of a click. */
  const reds = (tab: Tab) =>
    tab.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('[role=img][aria-label=Replay]');
      const { data } = canvas!.getContext('2d')!.getImageData(0, 0, canvas!.width, canvas!.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4)
        if (Math.abs(data[i]! - 239) + Math.abs(data[i + 1]! - 68) + Math.abs(data[i + 2]! - 68) < 12) count++;
      return count;
    });
  const open = async (place = ''): Promise<Tab> => {
    const tab = await browser.open();
    await tab.resize(1280, 800);
    await tab.goto(`${site.origin}/replay${place}`);
    return tab;
  };
  const openWithKey = async (place = ''): Promise<Tab> => {
    const tab = await open(place);
    await press(tab, 'input[type=password]');
    await tab.press(...KEY, KEYS.enter);
    return tab;
  };
  const keepAtAllSizes = async (tab: Tab, what: string) => {
    for (const [width, height] of SIZES) {
      await tab.resize(width, height);
      await expect.poll(() => tab.evaluate(() => innerWidth)).toBe(Math.max(width, browser.leastWidth));
      await tab.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)))),
      );
      const tooWide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(tooWide, `${width} px`).toBeLessThanOrEqual(0);
      await keep(tab, `${what}-${width}`);
    }
    await tab.resize(1280, 800);
  };

  it('takes the key, shows the list, and plays a session, by mouse and by key', async () => {
    const tab = await openWithKey();
    await expect.poll(() => middleOf(tab, '[role=option]')).not.toBeNull();
    await keepAtAllSizes(tab, 'list');
    await press(tab, '[role=option]');
    await expect.poll(() => tab.evaluate(() => location.hash)).toContain('session=visit');
    await expect.poll(() => text(tab, '[aria-label="Current page"]')).toContain('shop.example');
    await expect.poll(() => colours(tab), { message: 'colours of the first frame' }).toBeGreaterThan(5);
    await press(tab, TIMELINE);
    await expect.poll(() => position(tab)).toBeGreaterThan(3000);
    expect(await position(tab)).toBeLessThan(5000);
    await tab.evaluate(() => {
      location.hash = '#session=visit&t=2.1';
    });
    await expect.poll(() => position(tab)).toBe(2100);
    await expect.poll(() => reds(tab)).toBeGreaterThan(20);
    await tab.press(KEYS.right);
    await expect.poll(() => position(tab)).toBe(7100);
    await tab.press(KEYS.left);
    await expect.poll(() => position(tab)).toBe(2100);
    await tab.press(KEYS.space);
    await expect.poll(() => position(tab)).toBeGreaterThan(2500);
    await tab.press(KEYS.space);
    const rested = await position(tab);
    await press(tab, '[role=tab]', 'Events');
    await expect.poll(() => text(tab, '#panel')).toContain('BUTTON#first');
    expect(await position(tab)).toBe(rested);
    await press(tab, '[role=tab]', 'Transcript');
    await expect.poll(() => text(tab, '#panel')).toMatch(/clicked|pressed/i);
    await keepAtAllSizes(tab, 'session-light');
    await press(tab, 'button', 'Dark theme');
    await expect.poll(() => tab.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    await keepAtAllSizes(tab, 'session-dark');
    expect(browser.complaints.filter((text) => !KNOWN.test(text))).toEqual([]);
    await tab.close();
  });

  // WebKitGTK 2.50 without encoders crashes where it is asked what it can encode.
  it.skipIf(name === 'WebKit')('makes a video, or says that this browser cannot', { timeout: 300_000 }, async () => {
    const tab = await openWithKey('#session=visit&t=2');
    await expect.poll(() => position(tab)).toBe(2000);
    await press(tab, 'button', 'Share');
    await press(tab, 'dialog[open] button', 'Make a video');
    await expect
      .poll(() => text(tab, 'dialog[open]'), { timeout: 280_000 })
      .toMatch(/cannot make videos|could not go on with it|Video saved|An MP4 of/);
    await keep(tab, 'video');
    expect(browser.complaints.filter((text) => !KNOWN.test(text))).toEqual([]);
    await tab.close();
  });

  it('makes links: of a moment, of a share, and of the session itself, which open', async () => {
    const tab = await openWithKey('#session=visit&t=2');
    await expect.poll(() => position(tab)).toBe(2000);
    await press(tab, 'button', 'Share');
    await press(tab, 'dialog[open] button', 'Make a share link');
    await expect.poll(() => fieldOf(tab, 'Share link')).toContain('#share=');
    const share = await fieldOf(tab, 'Share link');
    // The field shows no more than the beginning of a longer link.
    await press(tab, 'dialog[open] label', 'With the outline');
    await press(tab, 'dialog[open] button', 'Make the link');
    await expect.poll(() => fieldOf(tab, 'Link with the session')).toContain('#recording=');
    const carried = await fieldOf(tab, 'Link with the session');
    await keep(tab, 'share');
    await tab.close();
    for (const address of [share, carried]) {
      const guest = await open(address.slice(address.indexOf('#')));
      await expect.poll(() => text(guest, '[aria-label="Current page"]')).toContain('shop.example');
      await guest.close();
    }
    const said = await browser.consoleAt(share, () => new Promise((resolve) => setTimeout(resolve, 4000)));
    expect(said).toEqual([]);
    expect(browser.complaints.filter((text) => !KNOWN.test(text))).toEqual([]);
  });
});
