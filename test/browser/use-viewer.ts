// One site with given sessions and one Chromium for all tests of a file. Called at the top of the viewer's browser tests.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Body } from '../fixtures/recordings.ts';
import { launchChromium } from './harness.ts';
import { openViewer, type Site, startSite, type ViewerContext } from './viewer-harness.ts';

export function useViewer(...sessions: Body[]) {
  /** Of each page. */
  const complaints: string[][] = [];
  const used = {} as {
    site: Site;
    browser: Browser;
    /** The viewer in a browser profile of its own, until the test ends; it fails if the page complains of anything. */
    open(options?: ViewerContext, where?: Pick<Site, 'origin'>): Promise<Page>;
  };
  beforeAll(async () => {
    [used.site, used.browser] = await Promise.all([startSite(), launchChromium()]);
    await used.site.add(...sessions);
    used.open = async (options, where = used.site) => {
      const opened = await openViewer(used.browser, where, options);
      complaints.push(opened.complaints);
      return opened.page;
    };
  });
  afterEach(async () => {
    for (const context of used.browser.contexts()) {
      // An answer that a test holds or alters may still be under way.
      for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' });
      await context.close();
    }
    expect(complaints.splice(0).flat()).toEqual([]);
  });
  afterAll(async () => {
    await used.browser?.close();
    await used.site?.close();
  });
  return used;
}
