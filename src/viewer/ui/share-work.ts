// One piece of work at a time of a part of the share dialog: its failure as a sentence, and its end with the dialog. Each part calls it.
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
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
        if (!signal.aborted) failure.value = asFailure(error).message;
      }
      isBusy.value = false;
    },
  };
}
