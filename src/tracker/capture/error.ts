// That a script of the page failed: the kind of error and its place, never its message. Heard by main.
import { ERROR } from '../../format/packed-row.ts';
import { cut } from '../place.ts';
import { emit } from '../queue.ts';
import { ERROR_EVERY_MS } from '../tuning.ts';

let due = 0;

export const hearError = (event: ErrorEvent & PromiseRejectionEvent): void => {
  // An image that did not load is heard, too, and has neither message nor reason.
  if ((event.message || event.reason) && event.timeStamp > due) {
    due = event.timeStamp + ERROR_EVERY_MS;
    // A name is a word; some code puts whole messages there.
    emit(ERROR, [
      ...(/^\w+$/.exec((event.error ?? event.reason)?.name ?? '') ?? ['Error']),
      cut(event.filename),
      event.lineno,
    ] as never);
  }
};
