// What a session's own object has of the bindings and settings. Used by session-object.ts and settings.ts; env.ts has the rest.
import type { Environment } from '../server/settings.ts';

export interface ObjectBindings {
  BUCKET: R2Bucket;
  DB: D1Database;
  SEAL_AFTER_SECONDS?: string;
  SIGNALS?: string;
}

/** The variables among the bindings as texts: one of wrangler.jsonc may be a number. */
export function variablesOf(env: object): Environment {
  const variables = Object.entries(env).filter(([, value]) => Object(value) !== value);
  return Object.fromEntries(variables.map(([name, value]) => [name, String(value)]));
}
