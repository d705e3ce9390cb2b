// What wrangler.jsonc binds, and the settings beside it. Used by worker.ts, session-object.ts and what they are made of.
import type { SessionObject } from './session-object.ts';

export interface Bindings {
  SESSIONS: DurableObjectNamespace<SessionObject>;
  BUCKET: R2Bucket;
  DB: D1Database;
  CLIENT_BATCHES: RateLimit;
  CLIENT_SESSIONS: RateLimit;
  API_KEY?: string;
  ALLOWED_ORIGINS?: string;
  RETENTION_DAYS?: string;
  SEAL_AFTER_SECONDS?: string;
  RESPECT_PRIVACY_SIGNALS?: string;
  RECORD_BOTS?: string;
  RATE_LIMITS?: string;
  DEMO?: string;
  SESSIONS_AT_ONCE?: string;
}
