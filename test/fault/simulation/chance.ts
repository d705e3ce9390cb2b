// All chance of a simulated history, from one seed: the same seed gives the same history. Made by history.ts.

export class Chance {
  private state: number;
  /** While false nothing fails. */
  faults = true;

  private readonly onFailure: () => void;

  constructor(seed: number, onFailure: () => void = () => {}) {
    this.onFailure = onFailure;
    this.state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0;
    for (let i = 0; i < 3; i++) this.next();
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 to below `below`. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }

  /** As `is`, of something that goes wrong. */
  fails(probability: number): boolean {
    const fails = this.faults && this.is(probability);
    if (fails) this.onFailure();
    return fails;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
