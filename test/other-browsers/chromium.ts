// Chromium as the other browsers are driven, to compare them with. For the tests of other browsers.
import type { Page } from 'playwright-core';
import { launchChromium } from '../browser/harness.ts';
import { listenTo } from '../browser/tracker-harness.ts';
import { type Driven, KEYS, STEP_MS, type Tab } from './driven.ts';

const NAMES: Record<string, string> = {
  [KEYS.enter]: 'Enter',
  [KEYS.tab]: 'Tab',
  [KEYS.escape]: 'Escape',
  [KEYS.left]: 'ArrowLeft',
  [KEYS.right]: 'ArrowRight',
  [KEYS.down]: 'ArrowDown',
  [KEYS.end]: 'End',
};

export async function launchDrivenChromium(): Promise<Driven> {
  // Playwright switches the back/forward cache off.
  const browser = await launchChromium({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const complaints: string[] = [];
  const newPage = async () => {
    const page = await context.newPage();
    listenTo(page, complaints);
    return page;
  };
  return {
    name: 'Chromium',
    leastWidth: 0,
    complaints,
    open: async () => tabOf(await newPage()),
    async consoleAt(url, done) {
      const from = complaints.length;
      const page = await newPage();
      await page.goto(url);
      await done();
      await page.close();
      return complaints.slice(from);
    },
    close: () => browser.close(),
  };
}

function tabOf(page: Page): Tab {
  return {
    goto: async (url) => void (await page.goto(url)),
    back: async () => void (await page.goBack({ waitUntil: 'commit' })),
    evaluate: async (run, ...args) => {
      const text = await page.evaluate(`(async () => JSON.stringify(await (${run})(...${JSON.stringify(args)})))()`);
      return text === undefined ? undefined : JSON.parse(text as string);
    },
    async move(...points) {
      for (const [x, y] of points) {
        await page.mouse.move(x, y);
        await page.waitForTimeout(STEP_MS);
      }
    },
    click: (x, y) => page.mouse.click(x, y),
    async wheel(x, y, by) {
      await page.mouse.move(x, y);
      await page.mouse.wheel(0, by);
    },
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(NAMES[key] ?? key);
    },
    resize: (width, height) => page.setViewportSize({ width, height }),
    picture: () => page.screenshot(),
    close: () => page.close({ runBeforeUnload: true }),
  };
}
