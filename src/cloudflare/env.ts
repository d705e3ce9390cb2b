// What wrangler.jsonc binds, and the settings beside it. Used by worker.ts and what it is made of.
import type { ObjectBindings } from './object-env.ts';
import type { SessionObject } from './session-object.ts';

export interface Bindings extends ObjectBindings {
  SESSIONS: DurableObjectNamespace<SessionObject>;
  CLIENT_BATCHES: RateLimit;
  CLIENT_SESSIONS: RateLimit;
  API_KEY?: string;
  ALLOWED_ORIGINS?: string;
  RETENTION_DAYS?: string;
  RESPECT_PRIVACY_SIGNALS?: string;
  RECORD_BOTS?: string;
  RATE_LIMITS?: string;
  DEMO?: string;
  SESSIONS_AT_ONCE?: string;
}
