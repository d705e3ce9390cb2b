// Takes at most one sample in a time and always the last one of a burst. Used by the captures of what comes many times a second.
import { guard } from './guard.ts';
import { BURST_GRACE_MS } from './tuning.ts';

const pending = new Set<() => void>();

/**
 * Calls `take` for the first event, then for the first one at least `every` ms later, and once after the last.
 * The result is to be called for every event, with its `timeStamp`.
 */
export function throttle(every: number, take: () => void): (at: number) => void {
  let due = 0;
  let timer = 0;
  const fire = guard(() => {
    clearTimeout(timer);
    timer = 0;
    pending.delete(fire);
    due = performance.now() + every;
    take();
  });
  return (at) => {
    if (at >= due) fire();
    else if (!timer) {
      timer = setTimeout(fire, due - at + BURST_GRACE_MS);
      pending.add(fire);
    }
  };
}

/** Takes now what waits for the end of its burst. */
export function settle(): void {
  for (const fire of pending) fire();
}
