// Families out of a user agent: browser, system, kind of device; and whether it says it is a bot. The text itself is not kept. Called by collect.
import Bowser from 'bowser';

export interface UserAgent {
  browser: string | null;
  os: string | null;
  device: 'desktop' | 'mobile' | 'tablet' | null;
  bot: boolean;
}

/** Crawlers and robots that name themselves. Plain programs (curl, a test) are none: they have no page to record. */
const BOT =
  /(?<!cu)bot\b|bots\b|crawl|spider|slurp|headless|phantomjs|lighthouse|pagespeed|pingdom|facebookexternalhit|externalagent|preview|prerender|archiver|mediapartners|google-?(inspectiontool|other|read-aloud)|chatgpt-user/i;

const KEPT = 2000;
const known = new Map<string, UserAgent>();

export function parseUserAgent(text: string): UserAgent {
  const before = known.get(text);
  if (before) return before;
  const agent = parse(text.slice(0, 512));
  if (known.size >= KEPT) known.clear();
  known.set(text, agent);
  return agent;
}

function parse(text: string): UserAgent {
  if (!text) return { browser: null, os: null, device: null, bot: false };
  const { browser, os, platform } = Bowser.parse(text);
  const device = platform.type;
  return {
    // Bowser takes the first word of what it does not know for a name.
    browser: os.name ? (browser.name ?? null) : null,
    os: os.name ?? null,
    device: device === 'desktop' || device === 'mobile' || device === 'tablet' ? device : null,
    bot: BOT.test(text),
  };
}
