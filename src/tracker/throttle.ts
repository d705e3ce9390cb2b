// Takes at most one sample in a time and always the last one of a burst. Used by the captures of what comes many times a second.
import { guard } from './guard.ts';
import { BURST_GRACE_MS } from './tuning.ts';

const pending = new Set<() => void>();

/** A function to call as often as one likes: it calls `take` at first, then once `every` ms, and once after the last call. */
export const throttle = (every: number, take: () => void): (() => void) => {
  let due = 0;
  let timer = 0;
  const fire = guard(() => {
    clearTimeout(timer);
    timer = 0;
    pending.delete(fire);
    due = performance.now() + every;
    take();
  });
  return () => {
    const left = due - performance.now();
    if (left <= 0) fire();
    else {
      // At 60 calls a second one comes before this, when it is due.
      timer ||= setTimeout(fire, left + BURST_GRACE_MS);
      pending.add(fire);
    }
  };
};

/** Takes now what waits for the end of its burst. */
export const settle = (): void => {
  for (const fire of pending) fire();
};
