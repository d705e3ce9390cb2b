// Variables and secrets of a Worker → Settings: those of every runtime, and Cloudflare's own. Called by app.ts.
import { type AppSettings, numberOf, readAppSettings } from '../server/settings.ts';
import { StartError } from '../server/start-error.ts';
import type { Bindings } from './env.ts';
import { variablesOf } from './object-env.ts';

export interface Settings extends AppSettings {
  apiKey: string;
  /** Sessions that one request or one run of the cron removes or moves: on the free plan it may ask other services 50 times. */
  sessionsAtOnce: number;
}

/** Throws StartError where one is set wrongly, and where there is no key: anybody can reach a Worker. */
export function readSettings(env: Bindings): Settings {
  const vars = variablesOf(env);
  const { apiKey, ...settings } = readAppSettings(vars);
  if (apiKey === null) {
    throw new StartError(
      'API_KEY is not set: run `wrangler secret put API_KEY` with at least 16 characters of your own.',
    );
  }
  return {
    ...settings,
    apiKey,
    sessionsAtOnce: numberOf(vars, 'SESSIONS_AT_ONCE', 5, { min: 1, max: 1000, whole: true }),
  };
}
