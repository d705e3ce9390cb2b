// Content-Security-Policy: whether a page's policies let the tracker load and send. Called by page.ts and policy-checks.ts.
// https://www.w3.org/TR/CSP3/

export interface Policy {
  where: 'header' | 'meta tag';
  /** Directive to its sources, both as written but for the directive's case. */
  directives: Map<string, string[]>;
}

/** One header, or one meta tag, may hold several policies; each of them must allow. */
export function parsePolicies(text: string, where: Policy['where']): Policy[] {
  return text
    .split(',')
    .map((policy) => {
      const directives = new Map<string, string[]>();
      for (const part of policy.split(';')) {
        const [name, ...sources] = part.trim().split(/\s+/);
        // Of two with a name the first counts.
        if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
      }
      return { where, directives };
    })
    .filter(({ directives }) => directives.size > 0);
}

/** What a page does that a policy may forbid. */
export interface Deed {
  kind: 'script' | 'connect';
  page: URL;
  /** Where it is asked for, and where that was redirected to. */
  urls: URL[];
  /** Of the script tag; '': none. */
  nonce: string;
  integrity: string;
  /** Another script adds the tag, so that nobody knows its nonce. */
  isAdded: boolean;
}

export interface Ruling {
  answer: 'allows' | 'blocks' | 'unknown';
  /** The directive that decides, and its sources; null: none does, so all is allowed. */
  directive: string | null;
  sources: string[];
  /** `blocks` and `unknown`: what decided it. */
  reason: 'source' | 'dynamic' | 'nonce' | 'hash' | null;
}

const FALLBACKS = {
  script: ['script-src-elem', 'script-src', 'default-src'],
  connect: ['connect-src', 'default-src'],
} as const;

export function rule({ directives }: Policy, deed: Deed): Ruling {
  const directive = FALLBACKS[deed.kind].find((name) => directives.has(name)) ?? null;
  const sources = directive === null ? [] : directives.get(directive)!;
  const give = (answer: Ruling['answer'], reason: Ruling['reason'] = null) => ({ answer, directive, sources, reason });
  if (directive === null) return give('allows');
  const has = (pattern: RegExp) => sources.some((source) => pattern.test(source));
  const matches = deed.urls.every((url, hop) => sources.some((source) => fits(source, url, deed.page, hop > 0)));
  if (deed.kind === 'connect') return matches ? give('allows') : give('blocks', 'source');

  const nonces = sources.map((source) => /^'nonce-(.+)'$/i.exec(source)?.[1]).filter(Boolean);
  if (deed.nonce !== '' && nonces.includes(deed.nonce)) return give('allows');
  const hashes = deed.integrity.split(/\s+/).filter(Boolean);
  if (hashes.some((hash) => sources.includes(`'${hash}'`))) return give('unknown', 'hash');
  const isDynamic = has(/^'strict-dynamic'$/i);
  if (matches && !isDynamic) return give('allows');
  if (deed.isAdded && (isDynamic || nonces.length > 0)) return give('unknown', isDynamic ? 'dynamic' : 'nonce');
  return give('blocks', isDynamic ? 'dynamic' : nonces.length > 0 ? 'nonce' : 'source');
}

/** `isRedirected`: then the path of the source does not count. */
function fits(source: string, url: URL, page: URL, isRedirected: boolean): boolean {
  if (/^'self'$/i.test(source)) {
    const isUpgraded =
      url.hostname === page.hostname && url.protocol === 'https:' && url.port === '' && page.port === '';
    return url.origin === page.origin || isUpgraded;
  }
  if (source === '*') return true;
  if (/^[a-z][a-z\d+.-]*:$/i.test(source)) return schemeFits(source.toLowerCase(), url);
  const parts = /^(?:([a-z][a-z\d+.-]*:)\/\/)?(\*|(?:\*\.)?[\w.-]+)(?::(\d+|\*))?(\/[^?#]*)?$/i.exec(source);
  if (!parts) return false;
  const [, scheme, host, port, path] = parts;
  return (
    schemeFits(scheme?.toLowerCase() ?? page.protocol, url) &&
    hostFits(host!.toLowerCase(), url.hostname) &&
    portFits(port, url) &&
    (isRedirected || pathFits(path ?? '', url.pathname))
  );
}

/** What allows http: allows https: as well. */
function schemeFits(scheme: string, { protocol }: URL): boolean {
  return scheme === protocol || (scheme === 'http:' && protocol === 'https:');
}

function hostFits(host: string, hostname: string): boolean {
  if (host === '*') return true;
  return host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host;
}

function portFits(port: string | undefined, url: URL): boolean {
  const own = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (port === undefined) return url.port === '';
  return port === '*' || port === own || (port === '80' && own === '443');
}

function pathFits(path: string, pathname: string): boolean {
  if (path === '' || path === '/') return true;
  return path.endsWith('/') ? pathname.startsWith(path) : pathname === path;
}
