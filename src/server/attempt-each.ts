// Work for one thing after the other, of which one that fails holds up no other. Called by erase.ts, fallback.ts and cloudflare/durable-hot-store.ts.

/** Throws the first failure once all were tried. Those that failed are told to `postpone` before, whose own failure is no news. */
export async function attemptEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  postpone?: (failed: T[]) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const failed: T[] = [];
  for (const item of items) {
    await work(item).catch((error: unknown) => {
      failures.push(error);
      failed.push(item);
    });
  }
  if (failures.length === 0) return;
  await postpone?.(failed).catch(() => undefined);
  throw failures[0];
}
