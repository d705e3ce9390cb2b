// Variables and secrets of a Worker → Settings: those of every runtime, and Cloudflare's own. Called by app.ts.
import { type AppSettings, numberOf, readAppSettings } from '../server/settings.ts';
import { StartError } from '../server/start-error.ts';
import type { Bindings } from './env.ts';
import { variablesOf } from './object-env.ts';

export interface Settings extends AppSettings {
  apiKey: string;
  /** Sessions that one request or one run of the cron removes or moves: on the free plan it may ask other services 50 times. */
  sessionsAtOnce: number;
  /** How often one run of the cron asks other services at most. */
  questionsAtOnce: number;
}

/** Questions for each session, of at least 5, for which the free plan allows them; and the most: the Paid plan allows no more to D1. */
const QUESTIONS = { each: 10, max: 1000 };

/** Throws StartError where one is set wrongly, and where there is no key: anybody can reach a Worker. */
export function readSettings(env: Bindings): Settings {
  const vars = variablesOf(env);
  const { apiKey, ...settings } = readAppSettings(vars);
  if (apiKey === null) {
    throw new StartError(
      'API_KEY is not set: run `wrangler secret put API_KEY` with at least 16 characters of your own.',
    );
  }
  const sessionsAtOnce = numberOf(vars, 'SESSIONS_AT_ONCE', 5, { min: 1, max: 1000, whole: true });
  const questionsAtOnce = Math.min(QUESTIONS.max, QUESTIONS.each * Math.max(5, sessionsAtOnce));
  return { ...settings, apiKey, sessionsAtOnce, questionsAtOnce };
}
