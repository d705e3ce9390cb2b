// What a session's own object has of the bindings and settings. Used by session-object.ts; env.ts has the rest.

export interface ObjectBindings {
  BUCKET: R2Bucket;
  DB: D1Database;
  SEAL_AFTER_SECONDS?: string;
}
