// Cuts a page's address down to what may leave the browser. Used by the tracker, and again by the parser for what a client should have cut.
import { maskEmail } from './mask.ts';

const ADDRESS = /^(https?:\/\/)(?:[^/?#\s]*@)?([^/?#@\s]+)([^?#\s]*)\??([^#\s]*)(#!?\/[^?\s]*)?\S*$/i;

/**
 * The address without user, password, query and fragment, e-mail addresses in its path replaced by `*`.
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
  return (scheme + host).toLowerCase() + maskEmail(path || '/') + (kept && `?${kept}`) + maskEmail(route);
}
