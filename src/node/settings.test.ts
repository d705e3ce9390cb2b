// Settings: defaults, and a sentence for each thing that is set wrongly.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THRESHOLDS } from '../analysis/signals/thresholds.ts';
import { readSettings } from './settings.ts';

describe('readSettings', () => {
  it('has the defaults of the documentation, for empty variables too', () => {
    const defaults = {
      port: 8787,
      host: '127.0.0.1',
      dataDir: resolve('data'),
      apiKey: null,
      allowedOrigins: null,
      trustProxy: false,
      geoipDb: null,
      retentionDays: 30,
      sealAfterMs: 1_800_000,
      respectPrivacySignals: true,
      recordBots: false,
      rateLimits: true,
      demo: false,
      thresholds: THRESHOLDS,
    };
    expect(readSettings({})).toEqual(defaults);
    expect(readSettings({ PORT: '', API_KEY: '', DEMO: '', ALLOWED_ORIGINS: '' })).toEqual(defaults);
  });

  it('takes what is set', () => {
    const settings = readSettings({
      PORT: '0',
      API_KEY: '0123456789abcdef',
      ALLOWED_ORIGINS: 'https://a.example, http://localhost:8080',
      SEAL_AFTER_SECONDS: '0.5',
      TRUST_PROXY: 'on',
      RATE_LIMITS: 'off',
    });
    expect(settings).toMatchObject({ port: 0, apiKey: '0123456789abcdef', sealAfterMs: 500 });
    expect(settings.allowedOrigins).toEqual(['https://a.example', 'http://localhost:8080']);
    expect([settings.trustProxy, settings.rateLimits]).toEqual([true, false]);
  });

  it('takes thresholds of signals, and which are not looked for', () => {
    const { thresholds } = readSettings({
      SIGNALS: 'rage_click.clicks=5, rage_click.ms=1500 hesitation=off quick_back=on',
    });
    expect(thresholds).toEqual({
      ...THRESHOLDS,
      rage_click: { ...THRESHOLDS.rage_click, clicks: 5, ms: 1500 },
      hesitation: null,
    });
  });

  it.each([
    [{ SIGNALS: 'rage' }, 'SIGNALS must be words such as'],
    [{ SIGNALS: 'fury=off' }, 'SIGNALS names a signal that there is not: it can name rage_click, dead_click'],
    [{ SIGNALS: 'toString=off' }, 'SIGNALS names a signal that there is not'],
    [{ SIGNALS: 'hesitation=no' }, 'SIGNALS: hesitation must be on or off.'],
    [{ SIGNALS: 'rage_click.click=5' }, 'of rage_click it can name rage_click.clicks, rage_click.ms'],
    [{ SIGNALS: 'rage_click.clicks=many' }, 'SIGNALS: rage_click.clicks must be a number above 0'],
    [{ SIGNALS: 'rage_click.clicks=0' }, 'SIGNALS: rage_click.clicks must be a number above 0'],
    [{ PORT: '80a' }, 'PORT must be a whole number from 0 to 65535.'],
    [{ PORT: '65536' }, 'PORT must'],
    [{ PORT: '1.5' }, 'PORT must'],
    [{ RETENTION_DAYS: '-1' }, 'RETENTION_DAYS must be a number'],
    [{ SEAL_AFTER_SECONDS: '1e9' }, 'SEAL_AFTER_SECONDS must'],
    [{ DEMO: 'yes' }, 'DEMO must be on or off.'],
    [{ API_KEY: '0123456789abcde' }, 'API_KEY has fewer than 16 characters'],
    [{ API_KEY: '0123456789 abcdef' }, 'API_KEY must be printable ASCII without spaces'],
    [{ ALLOWED_ORIGINS: 'https://a.example/' }, 'write https://a.example.'],
    [{ ALLOWED_ORIGINS: 'a.example' }, 'such as https://example.com'],
  ])('refuses %j', (env, sentence) => {
    expect(() => readSettings(env)).toThrow(sentence);
  });
});
