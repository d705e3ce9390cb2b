// That the first page of the list is asked for before the viewer itself is read, once, and as the viewer would ask for it.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { body, click, view } from '../fixtures/recordings.ts';
import { CHROMIUM } from './harness.ts';
import { useViewer } from './use-viewer.ts';
import type { ViewerContext } from './viewer-harness.ts';

const used = useViewer(
  body([view(0), click(500, 10, 10)], { session_id: 'a', country: 'DE', started_at: Date.now() - 1e6 }),
);

describe.skipIf(!CHROMIUM)('the first page of the list', () => {
  /** What was asked, in order, and whether the page was read to its end by then. */
  function asked(page: Page): Promise<{ path: string; isEarly: boolean }[]> {
    return page.evaluate(() => {
      const [{ domInteractive }] = performance.getEntriesByType('navigation') as [PerformanceNavigationTiming];
      return performance.getEntriesByType('resource').map(({ name, startTime }) => {
        return { path: name.slice(location.origin.length), isEarly: startTime < domInteractive };
      });
    });
  }

  async function open(options?: ViewerContext): Promise<Page> {
    const page = await used.open(options);
    await page.getByRole('option').first().waitFor();
    return page;
  }

  it('is asked for once, before the viewer is read', async () => {
    const page = await open();
    const lists = (await asked(page)).filter(({ path }) => path.includes('limit=50'));
    expect(lists).toEqual([{ path: '/replay/sessions?limit=50', isEarly: true }]);
  });

  it('is that of the address, in the order that is remembered', async () => {
    const before = () => localStorage.setItem('silhouette.sort', 'worth');
    const page = await open({ place: '#country=DE&last=24h&min_pages=1', before });
    const [first, ...others] = (await asked(page)).filter(({ path }) => path.includes('limit=50'));
    const { searchParams } = new URL(first!.path, used.site.origin);
    expect(first!.isEarly).toBe(true);
    expect(Number(searchParams.get('from'))).toBeGreaterThan(Date.now() - 25 * 3_600_000);
    searchParams.delete('from');
    expect(`${searchParams}`).toBe('country=DE&min_pages=1&sort=worth&limit=50');
    expect(others).toEqual([]);
  });

  it('is not asked for without a key', async () => {
    const page = await used.open({ key: null });
    await page.getByLabel('API key').waitFor();
    expect(await asked(page)).toEqual([]);
  });

  it('says that a key is not taken any more', async () => {
    const page = await used.open({ key: 'another-key-of-long-ago' });
    await page.getByText('Your key is not accepted any more').waitFor();
    expect((await asked(page)).map(({ path }) => path)).toEqual(['/replay/sessions?limit=50']);
  });
});
