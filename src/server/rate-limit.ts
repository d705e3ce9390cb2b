// Token buckets by name: how often one client address, or one session, may do a thing. In memory, bounded, forgotten when full again.

export interface Rate {
  /** Tokens that come back each second. */
  perSecond: number;
  /** Tokens of a full bucket. */
  burst: number;
}

export const CLIENT_BATCHES: Rate = { perSecond: 200, burst: 1000 };
export const CLIENT_SESSIONS: Rate = { perSecond: 300 / 60, burst: 300 };
export const SESSION_BATCHES: Rate = { perSecond: 30 / 10, burst: 30 };

/** One bucket. Times in epoch ms; a clock that steps back gives nothing and takes nothing. */
export class Bucket {
  private tokens: number;
  private at: number;

  constructor(rate: Rate, now: number) {
    this.tokens = rate.burst;
    this.at = now;
  }

  /** Takes a token: 0, or the whole seconds (at least 1) after which there will be one. */
  take(rate: Rate, now: number): number {
    this.tokens = Math.min(rate.burst, this.tokens + (Math.max(0, now - this.at) / 1000) * rate.perSecond);
    this.at = now;
    if (this.tokens >= 1) {
      this.tokens--;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - this.tokens) / rate.perSecond));
  }
}

/** Names held at most; beyond it the one used longest ago starts anew. */
const NAMES_MAX = 50_000;

export class RateLimit {
  private readonly rate: Rate;
  private readonly buckets = new Map<string, Bucket>();

  constructor(rate: Rate) {
    this.rate = rate;
  }

  /** As `Bucket.take`, for the bucket of this name. */
  take(name: string, now: number): number {
    const bucket = this.buckets.get(name) ?? new Bucket(this.rate, now);
    this.buckets.delete(name);
    this.buckets.set(name, bucket);
    if (this.buckets.size > NAMES_MAX) this.buckets.delete(this.buckets.keys().next().value!);
    return bucket.take(this.rate, now);
  }
}
