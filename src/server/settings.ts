// Settings that every runtime has → AppSettings. Whatever is set wrongly is refused with a sentence. Called by node/settings.ts and cloudflare/settings.ts.
import type { Thresholds } from '../analysis/signals/thresholds.ts';
import { readThresholds } from './signals-setting.ts';
import { StartError } from './start-error.ts';

export interface AppSettings {
  /** null: none is set. */
  apiKey: string | null;
  /** null: any origin may record. */
  allowedOrigins: string[] | null;
  retentionDays: number;
  sealAfterMs: number;
  respectPrivacySignals: boolean;
  recordBots: boolean;
  rateLimits: boolean;
  demo: boolean;
  /** What counts as a signal. */
  thresholds: Thresholds;
}

const KEY_MIN = 16;
/** 100 years; a timer or a date beyond it means nothing. */
const DAYS_MAX = 36_500;

export type Environment = Record<string, string | undefined>;

/** An empty variable is an unset one. Throws StartError. */
export function readAppSettings(env: Environment): AppSettings {
  return {
    apiKey: env.API_KEY ? checkKey(env.API_KEY, 'API_KEY') : null,
    allowedOrigins: originsOf(env.ALLOWED_ORIGINS),
    retentionDays: numberOf(env, 'RETENTION_DAYS', 30, { min: 0, max: DAYS_MAX, whole: false }),
    sealAfterMs: 1000 * numberOf(env, 'SEAL_AFTER_SECONDS', 1800, { min: 0, max: DAYS_MAX * 86_400, whole: false }),
    respectPrivacySignals: switchOf(env, 'RESPECT_PRIVACY_SIGNALS', true),
    recordBots: switchOf(env, 'RECORD_BOTS', false),
    rateLimits: switchOf(env, 'RATE_LIMITS', true),
    demo: switchOf(env, 'DEMO', false),
    thresholds: readThresholds(env.SIGNALS),
  };
}

/** `source` says where the key came from, in the sentence that refuses it. */
export function checkKey(key: string, source: string): string {
  if (key.length < KEY_MIN) {
    throw new StartError(`${source} has fewer than ${KEY_MIN} characters: whoever guesses it reads every session.`);
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new StartError(`${source} must be printable ASCII without spaces, or no header can carry it.`);
  }
  return key;
}

/** `on` or `off`. Throws StartError. */
export function switchOf(env: Environment, name: string, fallback: boolean): boolean {
  const value = env[name];
  if (!value) return fallback;
  if (value !== 'on' && value !== 'off') throw new StartError(`${name} must be on or off.`);
  return value === 'on';
}

/** A decimal number in the bounds. Throws StartError. */
export function numberOf(
  env: Environment,
  name: string,
  fallback: number,
  { min, max, whole }: { min: number; max: number; whole: boolean },
): number {
  const value = env[name];
  if (!value) return fallback;
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max) || (whole && !Number.isInteger(number))) {
    throw new StartError(`${name} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`);
  }
  return number;
}

function originsOf(list: string | undefined): string[] | null {
  if (!list || list.trim() === '*') return null;
  const origins = list
    .split(',')
    .map((origin) => origin.trim())
    .filter(Boolean);
  for (const origin of origins) {
    const url = URL.parse(origin);
    if (url?.origin !== origin) {
      const meant = url && url.origin !== 'null' ? `: write ${url.origin}` : ', such as https://example.com';
      throw new StartError(`ALLOWED_ORIGINS must be a comma list of exact origins${meant}.`);
    }
  }
  return origins;
}
