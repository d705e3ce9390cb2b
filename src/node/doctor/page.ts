// A page's HTML and headers → where its tracker is, and its policies. Called by examine.ts.
import { type Policy, parsePolicies } from './content-policy.ts';
import { type Tag, tagsOf } from './page-tags.ts';

/** The tracker as the page has it. */
export interface Tracker {
  /** `text`: another script of the page names its address; its attributes are unknown. */
  found: 'tag' | 'text';
  attributes: Map<string, string>;
  script: URL;
  /** As the tracker concludes it. */
  endpoint: URL;
  /** Those that stand before the script; others come too late for it. */
  policies: Policy[];
}

export interface Page {
  url: URL;
  trackers: Tracker[];
  policies: Policy[];
  /** The tag manager that the page loads; null: none that is known. */
  tagManager: string | null;
  /** Plain http of this page becomes https in every browser. */
  isUpgrading: boolean;
}

const TAG_MANAGERS: [string, RegExp][] = [
  ['Google Tag Manager', /googletagmanager\.com\/(gtm|gtag)/i],
  ['Tealium', /\btiqcdn\.com/i],
  ['Adobe Launch', /assets\.adobedtm\.com/i],
  ['Matomo Tag Manager', /\/container_\w+\.js/i],
];
/** Attributes that no other script has; one of them tells a tracker under another name. */
const OWN_ATTRIBUTES = ['data-silhouette', 'data-privacy-signals'];
const IN_TEXT = /["'`]((?:https?:)?\\?\/(?:[^"'`\s<>]*\/)?tracker\.js)\\?["'`]/;

/** `policy`: of the header; null: it has none. */
export function readPage(html: string, url: URL, policy: string | null): Page {
  const tags = tagsOf(html);
  const policies = parsePolicies(policy ?? '', 'header');
  const trackers: Tracker[] = [];
  const base = baseOf(tags, url);
  for (const { name, attributes, text, inHead } of tags) {
    if (name === 'meta' && inHead && /^content-security-policy$/i.test(attributes.get('http-equiv') ?? ''))
      policies.push(...parsePolicies(attributes.get('content') ?? '', 'meta tag'));
    if (name !== 'script') continue;
    const src = attributes.get('src') ?? attributes.get('data-src') ?? IN_TEXT.exec(text)?.[1]?.replaceAll('\\', '');
    const script = src === undefined ? null : URL.parse(src.trim(), base);
    const isTag = attributes.has('src') || attributes.has('data-src');
    if (!script || !/^https?:$/.test(script.protocol) || !(isOurs(script, attributes) || !isTag)) continue;
    const endpoint = URL.parse(attributes.get('data-endpoint') ?? new URL('collect', script).href, base);
    if (endpoint)
      trackers.push({ found: isTag ? 'tag' : 'text', attributes, script, endpoint, policies: [...policies] });
  }
  return {
    url,
    trackers: trackers.sort((a, b) => Number(a.found === 'text') - Number(b.found === 'text')),
    policies,
    tagManager: TAG_MANAGERS.find(([, pattern]) => pattern.test(html))?.[0] ?? null,
    isUpgrading: policies.some(({ directives }) => directives.has('upgrade-insecure-requests')),
  };
}

function isOurs({ pathname }: URL, attributes: Map<string, string>): boolean {
  return pathname.endsWith('/tracker.js') || OWN_ATTRIBUTES.some((name) => attributes.has(name));
}

function baseOf(tags: Tag[], url: URL): string {
  const href = tags.find(({ name, attributes }) => name === 'base' && attributes.has('href'))?.attributes.get('href');
  return ((href !== undefined && URL.parse(href, url.href)) || url).href;
}
