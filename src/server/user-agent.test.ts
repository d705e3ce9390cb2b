// The families and the bots that user agents are taken for.
import { expect, test } from 'vitest';
import { parseUserAgent } from './user-agent.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1';

test('a browser becomes families', () => {
  expect(parseUserAgent(CHROME)).toEqual({ browser: 'Chrome', os: 'Linux', device: 'desktop', bot: false });
  expect(parseUserAgent(IPHONE)).toEqual({ browser: 'Safari', os: 'iOS', device: 'mobile', bot: false });
});

test.each([
  CHROME.replace('Chrome/', 'HeadlessChrome/'),
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0)',
  'facebookexternalhit/1.1',
  'meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)',
  'Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)',
  `${CHROME} (compatible; GoogleOther)`,
  'Mediapartners-Google',
  'ia_archiver (+http://www.alexa.com/site/help/webmasters)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ChatGPT-User/1.0; +https://openai.com/gptbot)',
])('%s is a bot', (text) => {
  expect(parseUserAgent(text).bot).toBe(true);
});

test.each(['', 'node', 'curl/8.5.0', 'Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36'])(
  '%j is none',
  (text) => {
    expect(parseUserAgent(text).bot).toBe(false);
  },
);
