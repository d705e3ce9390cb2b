// One piece of work at a time of a dialog: its failure as a sentence, and its end with the dialog. Each part of the share dialog calls it, and erase.tsx.
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { refuseKey } from '../access.ts';
import { asFailure } from '../failure.ts';

export interface Work {
  /** Nothing where another is going on. */
  work(job: (signal: AbortSignal) => Promise<void>): Promise<void>;
  cancel(): void;
  isBusy: Signal<boolean>;
  /** Empty: none. */
  failure: Signal<string>;
}

export function useWork(): Work {
  const isBusy = useSignal(false);
  const failure = useSignal('');
  const running = useRef<AbortController | null>(null);
  const cancel = () => running.current?.abort();
  useEffect(() => cancel, []);
  return {
    isBusy,
    failure,
    cancel,
    async work(job) {
      if (isBusy.peek()) return;
      running.current = new AbortController();
      const { signal } = running.current;
      isBusy.value = true;
      failure.value = '';
      try {
        await job(signal);
      } catch (error) {
        const { kind, message } = asFailure(error);
        if (!signal.aborted && kind === 'key') refuseKey();
        else if (!signal.aborted) failure.value = message;
      }
      isBusy.value = false;
    },
  };
}
