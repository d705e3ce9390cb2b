// The tracker cuts addresses by a shorter rule than the parser: of what a browser calls an address, both leave the same.
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { cutUrl } from '../format/url.ts';
import { readOptions } from './options.ts';
import { cut } from './place.ts';

beforeAll(() => {
  const script = { src: 'https://example.com/tracker.js', dataset: { params: 'a, utm_source' } };
  Object.assign(globalThis, { document: { currentScript: script } });
  readOptions();
});

it('leaves of an address what the parser would', () => {
  const urls = fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ['http', 'https'] });
  const tails = fc.constantFrom(
    '',
    '?a=1&b=2',
    '?utm_source=x&token=y',
    '#/route?id=1',
    '#!/route',
    '#part',
    '/a@b.c/d',
  );
  fc.assert(
    fc.property(urls, tails, (url, tail) => {
      const { href } = new URL(url + tail);
      expect(cut(href)).toBe(cutUrl(href, ['a', 'utm_source']));
    }),
    { numRuns: 1000 },
  );
});

it.each(['about:blank', 'data:text/javascript,secret', 'blob:https://example.com/1', 'file:///etc/passwd', ''])(
  'leaves nothing of %j',
  (address) => {
    expect(cut(address)).toBeUndefined();
  },
);
