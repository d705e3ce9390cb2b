// Counts what was dropped and refused, by reason; GET /health shows it to the holder of a key.

export class Counters {
  protected readonly counts = new Map<string, number>();

  add(reason: string, count = 1): void {
    if (count > 0) this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  /** Where there are many processes: adds what this one counted to the sum of all, now and then (`now`: epoch ms). Called behind each answer. */
  async flush(_now: number): Promise<void> {}

  /** All that was counted since the process began; where there are many, by all of them. */
  async read(): Promise<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
