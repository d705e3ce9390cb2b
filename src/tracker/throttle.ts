// Takes at most one sample in a time and always the last one of a burst. Used by the captures of what comes many times a second.
import { guard } from './guard.ts';

/** What has been heard since it was taken last. */
const waiting = new Set<() => void>();

/**
 * A function to call as often as one likes: it calls `take` at first, then at most once in `every` ms, and once after
 * the last call. No clock is read for it: that alone would cost more than all the rest.
 */
export const throttle = (every: number, take: () => void): (() => void) => {
  let timer = 0;
  const pass = guard(() => {
    timer = 0;
    if (waiting.delete(take)) {
      take();
      // Not before: what is taken says when, and two of them are never closer.
      timer = setTimeout(pass, every);
    }
  });
  return () => {
    waiting.add(take);
    if (!timer) pass();
  };
};

/** Takes now what waits for its time. */
export const settle = (): void => {
  for (const take of waiting) {
    waiting.delete(take);
    take();
  }
};
