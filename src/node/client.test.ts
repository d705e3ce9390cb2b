// Who sent a request: what counts as its address and country, with a proxy and without.
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/fixtures/folders.ts';
import { countryDatabase } from '../../test/fixtures/mmdb.ts';
import { clientOf, openCountryDatabase } from './client.ts';

const from = (headers: Record<string, string>, remoteAddress = '10.0.0.1') =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;
const LIES = { 'cf-connecting-ip': '1.1.1.1', 'x-forwarded-for': '2.2.2.2', 'cf-ipcountry': 'FR' };

describe('clientOf', () => {
  it('believes no header where no proxy is trusted', () => {
    expect(clientOf(from(LIES), false, null)).toMatchObject({ address: '10.0.0.1', country: null });
  });

  it('takes Cloudflare’s address before the forwarded one, and its country', () => {
    expect(clientOf(from(LIES), true, null)).toMatchObject({ address: '1.1.1.1', country: 'FR' });
  });

  it.each([
    ['9.9.9.9, 203.0.113.7', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7'],
    ['9.9.9.9,203.0.113.7:4711', '203.0.113.7'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['', '10.0.0.1'],
    ['9.9.9.9,', '10.0.0.1'],
  ])('takes the right-most of X-Forwarded-For: %j', (header, address) => {
    expect(clientOf(from({ 'x-forwarded-for': header }), true, null).address).toBe(address);
  });

  it.each(['XX', 'T1', 'fr', 'FRA', '<b>', ''])('knows that %j names no country', (header) => {
    expect(clientOf(from({ 'cf-ipcountry': header }), true, null).country).toBeNull();
  });

  it('looks the country up in the database, where no proxy tells it', async () => {
    const path = join(temporaryFolder(), 'countries.mmdb');
    writeFileSync(path, countryDatabase('203.0.113.0', 'IN'));
    const countries = await openCountryDatabase(path);
    expect(clientOf(from({}, '203.0.113.77'), false, countries).country).toBe('IN');
    expect(clientOf(from({}, '::ffff:203.0.113.77'), false, countries).country).toBe('IN');
    expect(clientOf(from({}, '203.0.112.77'), false, countries).country).toBeNull();
    expect(clientOf(from({ 'x-forwarded-for': 'nonsense' }), true, countries).country).toBeNull();
    expect(clientOf(from({ 'x-forwarded-for': '203.0.113.1', 'cf-ipcountry': 'FR' }), true, countries).country).toBe(
      'FR',
    );
  });

  it('says which file is no database', async () => {
    const path = join(temporaryFolder(), 'text.mmdb');
    writeFileSync(path, 'no database');
    await expect(openCountryDatabase(path)).rejects.toThrow(`GEOIP_DB names ${path}`);
  });
});
