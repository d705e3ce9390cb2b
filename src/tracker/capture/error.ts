// That a script of the page failed: the kind of error and its place, never its message. Started by main.
import { ERROR } from '../../format/packed-row.ts';
import { listen } from '../guard.ts';
import { cut } from '../place.ts';
import { emit } from '../queue.ts';
import { ERROR_EVERY_MS } from '../tuning.ts';

export function captureError(): void {
  let due = 0;
  const report = (at: number, failure: unknown, source?: string, line?: number) => {
    if (at < due) return;
    due = at + ERROR_EVERY_MS;
    // A name is a word; some code puts whole messages there.
    const name = /^\w+$/.exec((failure as Error | null | undefined)?.name ?? '')?.[0] ?? 'Error';
    emit(ERROR, [name, source, line], false);
  };
  listen<ErrorEvent>('error', ({ timeStamp, message, error, filename, lineno }) => {
    // An image that did not load is heard here, too, and has no message.
    if (message) report(timeStamp, error, cut(filename), lineno);
  });
  listen<PromiseRejectionEvent>('unhandledrejection', ({ timeStamp, reason }) => report(timeStamp, reason));
}
