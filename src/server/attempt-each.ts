// Work for one thing after the other, of which one that fails holds up no other. Called by erase.ts, fallback.ts and cloudflare/durable-hot-store.ts.

/** Throws the first failure once all were tried. */
export async function attemptEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) await work(item).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
