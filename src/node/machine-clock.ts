// The machine's clock, and whether it may be believed: a second one, which only counts, runs beside it. Made by stores.ts.
import type { Clock } from '../server/ports.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * A clock that leaps ahead by more than a day is not steady until it has stood where it leapt to for an hour: a mistake is set right before
 * that, a machine that slept is not. Where it goes back nothing is older than it was, and it stays steady.
 */
export class MachineClock implements Clock {
  private readonly wall: () => number;
  private readonly elapsed: () => number;
  /** ms between both clocks as it is believed. */
  private believed: number;
  /** The same as it is doubted, and since when by `elapsed`. */
  private doubted: { distance: number; since: number } | null = null;

  /** `wall`: epoch ms; `elapsed`: ms since any time, whatever is done to the other. */
  constructor(wall = Date.now, elapsed = () => performance.now()) {
    this.wall = wall;
    this.elapsed = elapsed;
    this.believed = wall() - elapsed();
  }

  now(): number {
    return this.wall();
  }

  isSteady(): boolean {
    const since = this.elapsed();
    const distance = this.wall() - since;
    const { doubted } = this;
    if (distance > this.believed + DAY) {
      const isSame = doubted !== null && Math.abs(distance - doubted.distance) < DAY;
      if (!isSame) this.doubted = { distance, since };
      if (!isSame || since - doubted.since < HOUR) return false;
    }
    this.believed = distance;
    this.doubted = null;
    return true;
  }
}
