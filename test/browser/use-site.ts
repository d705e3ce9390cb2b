// One site and one Chromium for all tests of a file. Called at the top of the tracker's browser tests.
import type { Browser, BrowserContextOptions, LaunchOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from './harness.ts';
import { listenTo, type Site, startSite } from './tracker-harness.ts';

export function useSite(options: LaunchOptions = {}) {
  const used = {} as {
    site: Site;
    browser: Browser;
    /** A page in a browser profile of its own, at this address; what its scripts and its console complain of is kept. */
    visit(url: string, options?: BrowserContextOptions): Promise<Page>;
    complaints: string[];
  };
  beforeAll(async () => {
    [used.site, used.browser] = await Promise.all([startSite(), launchChromium(options)]);
    used.complaints = [];
    used.visit = async (url, contextOptions = {}) => {
      const context = await used.browser.newContext({ viewport: { width: 1280, height: 720 }, ...contextOptions });
      const page = await context.newPage();
      listenTo(page, used.complaints);
      await page.goto(url);
      return page;
    };
  });
  afterAll(async () => {
    await used.browser?.close();
    await used.site?.close();
  });
  return used;
}
