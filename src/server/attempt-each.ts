// Work for one thing after the other, of which one that fails holds up no other. Called by erase.ts, fallback.ts and cloudflare/durable-hot-store.ts.
import { RunSpent } from './ports.ts';

/**
 * Throws the first failure once all were tried, or the run is spent. Those that failed are told to `postpone` before, whose own
 * failure is no news; among them one that a whole run is not enough for.
 */
export async function attemptEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  postpone?: (failed: T[]) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const failed: T[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
      const isSpent = error instanceof RunSpent;
      if (!isSpent || item === items[0]) failed.push(item);
      if (isSpent) break;
    }
  }
  if (failures.length === 0) return;
  if (failed.length > 0) await postpone?.(failed).catch(() => undefined);
  throw failures[0];
}
