// What a page's HTML says of the tracker: where it is, what it leads to and what it switches off.
import { describe, expect, it } from 'vitest';
import { ago } from './owner-checks.ts';
import { readPage } from './page.ts';
import { refusalsOf } from './refusal-words.ts';
import { addressChecks, attributeChecks, foundChecks } from './tag-checks.ts';
import type { Verdict } from './verdict.ts';

const SHOP = 'https://shop.example/a/b';
const pageOf = (html: string, url = SHOP, policy: string | null = null) => readPage(html, new URL(url), policy);
const problems = (verdicts: Verdict[]) => verdicts.filter(({ level }) => level === 'problem').map(({ text }) => text);

/** All that is said of a page with this tag. */
function saidOf(tag: string, url = SHOP, policy: string | null = null): Verdict[] {
  const page = pageOf(tag, url, policy);
  const [tracker] = page.trackers;
  return [
    ...foundChecks(page, true),
    ...(tracker ? [...addressChecks(page, [tracker.script, tracker.endpoint]), ...attributeChecks(tracker)] : []),
  ];
}

describe('readPage', () => {
  it.each([
    [
      '<script src="https://r.example/tracker.js"></script>',
      'https://r.example/tracker.js',
      'https://r.example/collect',
    ],
    [
      '<script src="/in/tracker.js?v=2"></script>',
      'https://shop.example/in/tracker.js',
      'https://shop.example/in/collect',
    ],
    [
      '<base href="https://cdn.example/x/"><script src=tracker.js></script>',
      'https://cdn.example/x/tracker.js',
      'https://cdn.example/x/collect',
    ],
    [
      '<script src=//r.example/tracker.js data-endpoint=/c></script>',
      'https://r.example/tracker.js',
      'https://shop.example/c',
    ],
    ['<script src=/s.js data-silhouette=off></script>', 'https://shop.example/s.js', 'https://shop.example/collect'],
    [
      '<script>s.src = "https:\\/\\/r.example\\/tracker.js"</script>',
      'https://r.example/tracker.js',
      'https://r.example/collect',
    ],
  ])('finds the tracker of %s', (html, script, endpoint) => {
    const [tracker] = pageOf(html).trackers;
    expect(tracker?.script.href.split('?')[0]).toBe(script);
    expect(tracker?.endpoint.href).toBe(endpoint);
  });

  it.each([
    '',
    '<script src=/app.js></script>',
    '<script src="data:,tracker.js"></script>',
    '<script src="http://["></script>',
  ])('finds none in %j', (html) => {
    expect(pageOf(html).trackers).toEqual([]);
  });

  it('takes policies of the header and of the head, and for the script those before it', () => {
    const csp = (text: string) => `<meta http-equiv=Content-Security-Policy content="${text}">`;
    const html = `<head>${csp('script-src a')}<script src=/tracker.js></script>${csp('connect-src b')}</head><p>${csp('img-src c')}`;
    const page = pageOf(html, SHOP, "default-src 'self'");
    expect(page.policies.map(({ where }) => where)).toEqual(['header', 'meta tag', 'meta tag']);
    expect(page.trackers[0]?.policies).toHaveLength(2);
  });
});

describe('what is said of a tag', () => {
  it('is no problem where it is as the README has it', () => {
    expect(problems(saidOf('<script defer src="https://replay.example.com/tracker.js"></script>'))).toEqual([]);
  });

  it.each([
    ['', 'no script tag of the tracker'],
    ['<script src="https://www.googletagmanager.com/gtm.js?id=1"></script>', 'loads Google Tag Manager'],
    ['<script src="http://r.example/tracker.js"></script>', 'browsers block that'],
    [
      '<script src="https://r.example/tracker.js" data-endpoint="http://r.example/collect"></script>',
      'browsers block that',
    ],
    ['<script src="http://127.0.0.1:8787/tracker.js"></script>', "each visitor's own machine"],
    ['<script type="text/plain" src="/tracker.js"></script>', 'type="text/plain": no browser runs it'],
    ['<script data-src="/tracker.js"></script>', 'data-src in place of src'],
    ['<script nomodule src="/tracker.js"></script>', 'nomodule'],
    ['<script crossorigin=use-credentials src="/tracker.js"></script>', 'use-credentials'],
    ['<script data-sample=0 src="/tracker.js"></script>', 'records no session'],
    ['<script data-sample src="/tracker.js"></script>', 'records no session'],
  ])('is a problem: %s', (tag, words) => {
    const found = problems(saidOf(tag));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(words);
  });

  it.each([
    ['<script data-sample=0.25 src="/tracker.js"></script>', '0.25 of the sessions'],
    ['<script data-sample=25 src="/tracker.js"></script>', 'no share from 0 to 1'],
    ['<script data-consent=required src="/tracker.js"></script>', 'silhouette.start()'],
    ['<script data-silhouette=off src="/tracker.js"></script>', 'without the outline'],
    ['<script data-privacy-signals=ignore src="/tracker.js"></script>', 'RESPECT_PRIVACY_SIGNALS=off'],
    ['<script src="/tracker.js"></script>', 'DNT or GPC'],
    ['<script src="https://10.0.0.7/tracker.js"></script>', 'private network'],
    ['<script src="/tracker.js"></script><script src="/tracker.js"></script>', 'twice'],
    ['<script>load("/tracker.js")</script>', 'may add it'],
  ])('is a note: %s', (tag, words) => {
    const said = saidOf(tag);
    expect(problems(said)).toEqual([]);
    expect(said.filter(({ level }) => level === 'note').some(({ text }) => text.includes(words))).toBe(true);
  });

  it('takes http from a page that makes https of it, and from the own machine', () => {
    const tag = '<script src="http://r.example/tracker.js"></script>';
    expect(problems(saidOf(tag, SHOP, 'upgrade-insecure-requests'))).toEqual([]);
    expect(problems(saidOf('<script src="http://127.0.0.1:8787/tracker.js"></script>', 'http://localhost/'))).toEqual(
      [],
    );
  });
});

it('says what was refused in words, and leaves out what is of reading', () => {
  expect(refusalsOf({ wrong_key: 3, bot: 2, origin: 1, query: 4 })).toEqual([
    expect.stringMatching(/^1 × batches .*ALLOWED_ORIGINS/),
    expect.stringMatching(/^2 × batches .*RECORD_BOTS/),
  ]);
});

it.each([
  [-500, '0 seconds ago'],
  [1500, '1 second ago'],
  [119_000, '119 seconds ago'],
  [180_000, '3 minutes ago'],
  [7_300_000, '2 hours ago'],
  [200_000_000, '2 days ago'],
])('tells %s ms as %s', (ms, words) => {
  expect(ago(ms)).toBe(words);
});
