// How long the processor worked for a page and for what draws it, told by the browser's own tracing. For the benches of the viewer: unlike frames, it hardly depends on what else runs.
import type { Browser } from 'playwright-core';

/** ms of the processor. */
export interface ProcessorTime {
  /** The thread of scripts, styles and canvases of the page that worked the most. */
  main: number;
  /** That page's threads, and those of the process that puts pages on the screen. */
  all: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** µs of the processor, of a task. */
  tdur?: number;
  args?: { name?: string };
}

/** The outermost of each thread. */
const TASKS = new Set(['ThreadControllerImpl::RunTask', 'ThreadPool_RunTask']);

/** Measures from now until the function it gives is called. One at a time. */
export async function processorTime(browser: Browser): Promise<() => Promise<ProcessorTime>> {
  const tools = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  tools.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await tools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'], excludedCategories: ['*'] },
  });
  return async () => {
    const complete = new Promise((resolve) => tools.once('Tracing.tracingComplete', resolve));
    await tools.send('Tracing.end');
    await complete;
    await tools.detach();
    return sum(events);
  };
}

function sum(events: readonly TraceEvent[]): ProcessorTime {
  const names = new Map<string, string>();
  for (const { name, ph, pid, tid, args } of events) {
    if (ph === 'M' && name === 'thread_name') names.set(`${pid} ${tid}`, args?.name ?? '');
    if (ph === 'M' && name === 'process_name') names.set(String(pid), args?.name ?? '');
  }
  const threads = new Map<string, number>();
  for (const { name, ph, pid, tid, tdur = 0 } of events) {
    if (ph !== 'X' || !TASKS.has(name)) continue;
    const thread = `${pid} ${tid}`;
    threads.set(thread, (threads.get(thread) ?? 0) + tdur / 1000);
  }
  const [page = '', main = 0] =
    [...threads].filter(([thread]) => names.get(thread) === 'CrRendererMain').sort((a, b) => b[1] - a[1])[0] ?? [];
  const drawing = [...threads].filter(([thread]) => {
    const [pid = ''] = thread.split(' ');
    return pid === page.split(' ')[0] || names.get(pid) === 'GPU Process';
  });
  return { main, all: drawing.reduce((all, [, used]) => all + used, 0) };
}
