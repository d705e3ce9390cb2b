// Who sent a request: the address for rate limits, and the country. Called by main.ts for every request; nothing of it is stored.
import type { IncomingMessage } from 'node:http';
import { type CountryResponse, open, type Reader, validate } from 'maxmind';
import type { Client } from '../server/context.ts';
import { StartError } from '../server/start-error.ts';
import { readBytes } from './body.ts';

export type CountryDatabase = Reader<CountryResponse>;

/** Throws StartError where the file cannot be read as one. */
export async function openCountryDatabase(path: string): Promise<CountryDatabase> {
  try {
    return await open<CountryResponse>(path);
  } catch {
    throw new StartError(`GEOIP_DB names ${path}, which cannot be read as an .mmdb file.`);
  }
}

/** A proxy's headers count only where the setting says that there is one: anybody can send them. */
export function clientOf(request: IncomingMessage, trustProxy: boolean, countries: CountryDatabase | null): Client {
  const { headers, socket } = request;
  const given = (trustProxy ? proxiedAddress(headers) : undefined) ?? socket.remoteAddress ?? '';
  // A listener on IPv6 sees IPv4 senders under this prefix.
  const address = given.replace(/^::ffff:(?=[\d.]+$)/i, '');
  const told = trustProxy ? countryCode(headers['cf-ipcountry']) : null;
  return {
    address,
    country: told ?? countryOf(address, countries),
    header: (name) => headers[name]?.toString() ?? null,
    body: (meter) => readBytes(request, meter),
  };
}

function proxiedAddress(headers: IncomingMessage['headers']): string | undefined {
  const cloudflare = headers['cf-connecting-ip'];
  if (typeof cloudflare === 'string' && cloudflare !== '') return cloudflare;
  // The right-most is what the nearest proxy saw; all to the left of it is hearsay. Some proxies add the port.
  const nearest = [headers['x-forwarded-for']].flat().join().split(',').at(-1)?.trim() ?? '';
  return /^\[(.+)\](:\d+)?$/.exec(nearest)?.[1] ?? (nearest.replace(/^([\d.]+):\d+$/, '$1') || undefined);
}

function countryOf(address: string, countries: CountryDatabase | null): string | null {
  if (!countries || !validate(address)) return null;
  return countryCode(countries.get(address)?.country?.iso_code);
}

/** XX and T1 are Cloudflare's for unknown and Tor. */
function countryCode(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Z]{2}$/.test(value) && value !== 'XX' ? value : null;
}
