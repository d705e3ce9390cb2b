// How often one client address, or one session, may do a thing. In memory, bounded, forgotten over a restart. Called by collect and admission.

/** A steady flow, with a burst above it. */
export interface Rate {
  /** Tokens that come back each second. */
  perSecond: number;
  /** Tokens of a full bucket. */
  burst: number;
}

/** At most `count` in any stretch of `ms`. */
export interface Count {
  count: number;
  ms: number;
}

export const CLIENT_BATCHES: Rate = { perSecond: 200, burst: 1000 };
export const CLIENT_SESSIONS: Count = { count: 300, ms: 60_000 };
export const SESSION_BATCHES: Count = { count: 30, ms: 10_000 };

/** Times in epoch ms; a clock that steps back neither gives anything nor blocks for ever. */
export interface Limit {
  /** 0: it may be done, and is counted. Else the whole seconds (at least 1) after which it may. */
  take(now: number): number;
}

/** Holds one to a rate: a bucket of tokens. */
export class Bucket implements Limit {
  private readonly rate: Rate;
  private tokens: number;
  private at = Number.NEGATIVE_INFINITY;

  constructor(rate: Rate) {
    this.rate = rate;
    this.tokens = rate.burst;
  }

  take(now: number): number {
    const { perSecond, burst } = this.rate;
    this.tokens = Math.min(burst, this.tokens + (Math.max(0, now - this.at) / 1000) * perSecond);
    this.at = now;
    if (this.tokens >= 1) {
      this.tokens--;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - this.tokens) / perSecond));
  }
}

/** Holds one to a count: it remembers when each was taken. */
export class Recent implements Limit {
  private readonly most: Count;
  private times: number[] = [];

  constructor(most: Count) {
    this.most = most;
  }

  take(now: number): number {
    const { count, ms } = this.most;
    // Requests that are read side by side do not come here in the order in which they arrived.
    this.times = this.times.filter((time) => Math.abs(now - time) < ms);
    if (this.times.length < count) {
      this.times.push(now);
      return 0;
    }
    return Math.ceil((this.times[0]! + ms - now) / 1000);
  }
}

/** Names held at most; beyond it the one used longest ago starts anew. */
const NAMES_MAX = 50_000;

/** Holds each client address to something; on some platforms others have to be asked. As `Limit.take`. */
export interface ClientLimit {
  take(address: string, now: number): number | Promise<number>;
}

export interface ClientLimits {
  batches: ClientLimit;
  sessions: ClientLimit;
}

/** One limit for each name. */
export class RateLimit implements ClientLimit {
  private readonly begin: () => Limit;
  private readonly limits = new Map<string, Limit>();

  constructor(begin: () => Limit) {
    this.begin = begin;
  }

  /** As `Limit.take`. */
  take(name: string, now: number): number {
    const limit = this.limits.get(name) ?? this.begin();
    this.limits.delete(name);
    this.limits.set(name, limit);
    if (this.limits.size > NAMES_MAX) this.limits.delete(this.limits.keys().next().value!);
    return limit.take(now);
  }
}
