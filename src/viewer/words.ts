// Numbers, times, places and addresses as a user reads them. Everything here gives text.

/** `0:12`, `5:00`, `1:02:03`; whole seconds, rounded down. */
export function clockText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** How long something was: `0.4 s`, `38 s`, from a minute on as a clock tells it. */
export function spanText(ms: number): string {
  if (ms >= 60_000) return clockText(ms);
  return `${ms < 950 ? (Math.max(0, ms) / 1000).toFixed(1) : Math.round(ms / 1000)} s`;
}

/** `now`, `4 min ago`, `3 h ago`, `2 d ago`, then the date. Epoch ms. */
export function agoText(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  if (minutes < 7 * 24 * 60) return `${Math.floor(minutes / (24 * 60))} d ago`;
  return dateText(at, { year: 'numeric', month: 'short', day: 'numeric' });
}

export function momentText(at: number): string {
  return dateText(at, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** To the minute: of what ends days later. */
export function untilText(at: number): string {
  return dateText(at, { dateStyle: 'medium', timeStyle: 'short' });
}

export function utcText(at: number): string {
  return `${dateText(at, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })} UTC`;
}

function dateText(at: number, style: Intl.DateTimeFormatOptions): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'unknown time' : new Intl.DateTimeFormat('en-GB', style).format(date);
}

export function numberText(count: number): string {
  return new Intl.NumberFormat('en').format(count);
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

const shortNumbers = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `14`, `1.4K`. */
export function shortCount(count: number): string {
  return shortNumbers.format(count);
}

const countryNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** `India` for `IN`; the code itself where it is none that has a name. */
export function countryName(code: string): string {
  try {
    return countryNames.of(code) ?? code;
  } catch {
    return code;
  }
}

/** An address as it may be shown: http and https only, without a name and password in it. */
export function addressText(page: string): string {
  const url = parsed(page);
  if (!url) return 'Unknown page';
  if (!url.username && !url.password) return readable(page);
  url.username = '';
  url.password = '';
  return readable(url.href);
}

/** What distinguishes a page within its site: `/checkout`, `/#/cart`. */
export function pathText(page: string): string {
  const url = parsed(page);
  if (!url) return 'Unknown page';
  return readable(url.pathname + (/^#!?\//.test(url.hash) ? url.hash : ''));
}

/** What of the query the site keeps, with its question mark; empty where there is none. */
export function queryText(page: string): string {
  return readable(parsed(page)?.search ?? '');
}

export function hostText(page: string): string {
  return parsed(page)?.host ?? '';
}

function parsed(page: string): URL | null {
  try {
    const url = new URL(page);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}

/** As browsers show an address: letters that are encoded are read, and signs that mean something in it, or cannot be seen, stay as they are. */
function readable(address: string): string {
  return address.replace(/(?:%[89a-f][\da-f])+/gi, (run) => {
    try {
      const text = decodeURIComponent(run);
      return /[\p{C}\p{Z}]/u.test(text) ? run : text;
    } catch {
      return run;
    }
  });
}

/** Of what is longer the beginning and an ellipsis; `most` characters in all. */
export function shortText(text: string, most: number): string {
  const points = Array.from(text.slice(0, most * 2));
  return points.length > most || text.length > most * 2 ? `${points.slice(0, most - 1).join('')}…` : text;
}

/** A name that other words follow: they stay behind it even where it is written from right to left. For texts in which no element can do that. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
