// What a page costs: the processor's time of each task of its thread, and the bytes of its heap. For tests of the viewer and its bench.
import type { Browser, Page } from 'playwright-core';

/** From now on until its answer is called: ms of the processor, not of the clock, that each task of the page's thread took. */
export async function traceTasks(browser: Browser, page: Page): Promise<() => Promise<number[]>> {
  interface Traced {
    name: string;
    pid: number;
    tid: number;
    tdur?: number;
    args: { name?: string };
  }
  // A browser has one, and a test that failed has left its own.
  await browser.stopTracing().catch(() => undefined);
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  return async () => {
    const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: Traced[] };
    const thread = traceEvents.find(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')!;
    const own = traceEvents.filter(
      ({ pid, tid, name }) => name === 'RunTask' && pid === thread.pid && tid === thread.tid,
    );
    return own.map(({ tdur = 0 }) => tdur / 1000);
  };
}

/** Bytes in use once the garbage is gone. */
export async function heapOf(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.enable');
  await client.send('HeapProfiler.collectGarbage');
  return (await client.send('Runtime.getHeapUsage')).usedSize;
}
