// How often one client address may do a thing: exact in this isolate, and about right in each of Cloudflare's locations. Made by app.ts.
import {
  Bucket,
  CLIENT_BATCHES,
  CLIENT_SESSIONS,
  type ClientLimit,
  type ClientLimits,
  RateLimit,
  Recent,
} from '../server/rate-limit.ts';
import type { Bindings } from './env.ts';

/** Seconds: a location counts in periods of its own, and does not say how much of one is left. */
const LATER = 10;

export function clientLimits(env: Bindings): ClientLimits {
  return {
    batches: both(new RateLimit(() => new Bucket(CLIENT_BATCHES)), env.CLIENT_BATCHES),
    sessions: both(new RateLimit(() => new Recent(CLIENT_SESSIONS)), env.CLIENT_SESSIONS),
  };
}

function both(isolate: RateLimit, location: Bindings['CLIENT_BATCHES']): ClientLimit {
  return {
    async take(address, now) {
      const seconds = isolate.take(address, now);
      if (seconds > 0) return seconds;
      // A limit that does not answer is no reason to lose a visit.
      const { success } = await location.limit({ key: address }).catch(() => ({ success: true }));
      return success ? 0 : LATER;
    },
  };
}
