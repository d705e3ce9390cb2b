// The demo site as files: links that resolve, the tracker on every page, nothing that a strict policy would forbid.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Lamp {
  id: string;
  kind: string;
  finishes: string[];
}

const site = join(import.meta.dirname, 'site');
const files = new Map(
  readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(site.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
);
const pages = [...files].filter(([path]) => path.endsWith('.html'));
const { lamps, kinds, finishes, addressOf, artOf } = await import(join(site, 'shop/lamps.js'));

/** What the server itself answers, beside the demo's files. */
const ofTheServer = new Set(['/tracker.js', '/replay']);

const shopAddresses = new Set(['', ...Object.keys(kinds), ...lamps.map((lamp: Lamp) => `${lamp.kind}/${lamp.id}`)]);

/** The file that answers an address below /demo/, by the one rule of the shop: what is no file there is its page. */
function fileFor(path: string): string | undefined {
  const name = path.slice('/demo/'.length);
  if (path.startsWith('/demo/shop/') && shopAddresses.has(name.slice('shop/'.length))) return 'shop/index.html';
  return [name, `${name}index.html`].find((candidate) => files.has(candidate));
}

function addressesIn(markup: string): string[] {
  return [...markup.matchAll(/\s(?:href|src)="([^"$]*)"/g)].map(([, address]) => address!);
}

function expectToResolve(address: string, from: string): void {
  const { origin, pathname, hash } = new URL(address, `http://demo.test/demo/${from.replace(/index\.html$/, '')}`);
  expect(origin, `${from} → ${address}`).toBe('http://demo.test');
  if (ofTheServer.has(pathname)) return;
  const file = fileFor(pathname);
  expect(file, `${from} → ${address}`).toBeDefined();
  if (hash) expect(files.get(file!), `${from} → ${address}`).toContain(`id="${hash.slice(1)}"`);
}

describe('the demo site', () => {
  it('has several pages, one of them the shop', () => {
    expect(pages.map(([path]) => path)).toEqual(
      expect.arrayContaining(['index.html', 'shop/index.html', 'journal/index.html', 'checkout/index.html']),
    );
  });

  it.each(pages)('links on %s lead to a file, a route of the shop or a route of the server', (path, markup) => {
    for (const address of addressesIn(markup)) expectToResolve(address, path);
  });

  it.each(pages)('%s carries the tracker in its head, as a site owner would paste it', (_, markup) => {
    expect(markup.slice(0, markup.indexOf('</head>'))).toContain('<script defer src="/tracker.js"></script>');
  });

  it.each(pages)('%s has nothing inline that a strict content security policy forbids', (_, markup) => {
    expect(markup).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(markup).not.toMatch(/<style/);
    expect(markup).not.toMatch(/\s(?:style|on[a-z]+)=/);
    expect(markup).not.toMatch(/javascript:/);
  });

  it.each(pages)(
    '%s has a language, a title, a description, one main heading and the bar about the recording',
    (_, markup) => {
      expect(markup).toMatch(/<html lang="en">/);
      expect(markup).toMatch(/<title>[^<]*Gloam[^<]*<\/title>/);
      expect(markup).toMatch(/<meta name="description" content="[^"]+"/);
      expect(markup.match(/<h1[ >]/g)).toHaveLength(1);
      expect(markup).toMatch(/<aside class="recording"[\s\S]*class="replay-link" href="\/replay"/);
    },
  );

  it('repeats header, footer and bar without a difference from page to page', () => {
    const parts = (markup: string) => [
      markup.slice(markup.indexOf('<header class="top">'), markup.indexOf('<main')),
      markup.slice(markup.indexOf('<footer class="foot">')),
    ];
    expect(new Set(pages.map(([, markup]) => parts(markup).join('\n'))).size).toBe(1);
  });

  it('gives every page a title of its own', () => {
    const titles = pages.map(([, markup]) => /<title>(.*)<\/title>/.exec(markup)![1]);
    expect(new Set(titles).size).toBe(pages.length);
  });

  it('asks nothing of any other origin', () => {
    for (const [path, text] of files) {
      const outside = text.replaceAll('http://www.w3.org/2000/svg', '').match(/(?:https?:)?\/\/[a-z0-9-]+\.[a-z]/i);
      expect(outside, path).toBeNull();
      expect(text, path).not.toMatch(/@import|\burl\((?!#)/);
    }
  });

  it('imports only modules that are there', () => {
    for (const [path, text] of files) {
      for (const [, from] of text.matchAll(/import (?:[^']* from )?'([^']+)'/g)) {
        expect(files.has(join(path, '..', from!).replaceAll('\\', '/')), `${path} → ${from}`).toBe(true);
      }
    }
  });

  it('has a drawing, a known kind and known finishes for every lamp', () => {
    for (const lamp of lamps as Lamp[]) {
      for (const address of addressesIn(artOf(lamp))) expectToResolve(address, 'shop/index.html');
      expectToResolve(addressOf(lamp), 'shop/index.html');
      for (const finish of lamp.finishes) expect(Object.keys(finishes)).toContain(finish);
    }
  });

  it('is at most 150 kB in all', () => {
    const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeLessThanOrEqual(150_000);
  });
});
