// Cuts a page's address down to what may be kept. Used by the parser, for what a client should have cut and for what the tracker has no room to look for.
import { maskEmail } from './mask.ts';

const ADDRESS = /^(https?:\/\/)(?:[^/?#\s]*@)?([^/?#@\s]+)([^?#\s]*)\??([^#\s]*)(#!?\/[^?\s]*)?\S*$/i;

/** A JSON Web Token; it begins where a run of its characters does, so that the time stays linear. */
const SIGNED = /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{2,}\.[\w-]*/g;

/** Replaces tokens that let somebody in, as they stand in addresses, by `*`. */
const maskSigned = (text: string): string => {
  return text.includes('eyJ') ? text.replace(SIGNED, '*') : text;
};

/** As `maskEmail`, where the `@` comes percent-encoded: then of a whole part of the path. */
const maskEncodedEmail = (text: string): string => {
  if (!text.includes('%40')) return text;
  const isEmail = (part: string) => part.indexOf('%40') > 0 && part.lastIndexOf('.') > part.indexOf('%40') + 3;
  return text
    .split('/')
    .map((part) => (isEmail(part) ? '*' : part))
    .join('/');
};

/**
 * The address without user, password, query and fragment, e-mail addresses and JSON Web Tokens in its path replaced by `*`.
 * What stays: query parameters named in `allowed`, in their order; of a hash route (`#/…`, `#!/…`) its path.
 * An empty path becomes `/`. Null for what is not an absolute http or https address.
 */
export function cutUrl(address: string, allowed: readonly string[] = []): string | null {
  const parts = ADDRESS.exec(address);
  if (!parts) return null;
  const [, scheme, host, path, query, route = ''] = parts as unknown as [
    string,
    string,
    string,
    string,
    string,
    string?,
  ];
  const kept = query
    .split('&')
    .filter((pair) => allowed.includes(pair.split('=', 1)[0]!))
    .join('&');
  const masked = (text: string) => maskSigned(maskEncodedEmail(maskEmail(text)));
  return (scheme + host).toLowerCase() + masked(path || '/') + (kept && `?${kept}`) + masked(route);
}
