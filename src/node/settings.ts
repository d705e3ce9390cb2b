// Environment variables → Settings: those of every runtime, and Node's own. Called by main.ts and cli.ts.
import { resolve } from 'node:path';
import { type AppSettings, type Environment, numberOf, readAppSettings, switchOf } from '../server/settings.ts';

export interface Settings extends AppSettings {
  /** 0: any free one. */
  port: number;
  host: string;
  /** Absolute. */
  dataDir: string;
  trustProxy: boolean;
  /** Path of an .mmdb file; null: none. */
  geoipDb: string | null;
}

/** `apiKey` null: the one kept in the data directory. Throws StartError. */
export function readSettings(env: Environment): Settings {
  return {
    ...readAppSettings(env),
    port: numberOf(env, 'PORT', 8787, { min: 0, max: 65_535, whole: true }),
    host: env.HOST || '127.0.0.1',
    dataDir: resolve(env.DATA_DIR || './data'),
    trustProxy: switchOf(env, 'TRUST_PROXY', false),
    geoipDb: env.GEOIP_DB ? resolve(env.GEOIP_DB) : null,
  };
}
