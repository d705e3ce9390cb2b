// Tags are found where a browser finds them, in whatever HTML.
import { describe, expect, it } from 'vitest';
import { tagsOf } from './page-tags.ts';

const found = (html: string) => tagsOf(html).map(({ name, attributes }) => [name, Object.fromEntries(attributes)]);

describe('tagsOf', () => {
  it.each([
    [
      '<script defer src="https://a.example/tracker.js"></script>',
      [['script', { defer: '', src: 'https://a.example/tracker.js' }]],
    ],
    [
      "<SCRIPT SRC = '/tracker.js'DATA-Sample=0.5></SCRIPT>",
      [['script', { src: '/tracker.js', 'data-sample': '0.5' }]],
    ],
    ['<script src=/tracker.js async></script>', [['script', { src: '/tracker.js', async: '' }]]],
    ['<script src="/a?b=1&amp;c=2&#38;d"></script>', [['script', { src: '/a?b=1&c=2&d' }]]],
    ['<script src=a src=b></script>', [['script', { src: 'a' }]]],
    ['<script data-x="a>b" src=c></script>', [['script', { 'data-x': 'a>b', src: 'c' }]]],
    [
      '<meta charset=utf-8 /><base href=/x/>',
      [
        ['meta', { charset: 'utf-8' }],
        ['base', { href: '/x/' }],
      ],
    ],
    ['<!-- <script src=a></script> --><script src=b></script>', [['script', { src: 'b' }]]],
    ['<!--><script src=b></script>', [['script', { src: 'b' }]]],
    ['<!-- <script src=a></script>', []],
    ['<template><script src=a></script></template><script src=b></script>', [['script', { src: 'b' }]]],
    ['<!doctype <script src=a>html></ <script src=a><script src=b>', [['script', { src: 'b' }]]],
    ['<noscript><script src=a></script></noscript>', []],
    ['<textarea><script src=a></script></textarea>', []],
    ['<title>a < b <script src=a></title><script src=b></script>', [['script', { src: 'b' }]]],
    [
      '<script>"<script src=a>"</script><script src=b></script>',
      [
        ['script', {}],
        ['script', { src: 'b' }],
      ],
    ],
    ['<script src="a', []],
    ['<script src=a', []],
    ['<scripts src=a></scripts>', []],
    ['', []],
  ])('finds in %s', (html, tags) => {
    expect(found(html)).toEqual(tags);
  });

  it('knows what stands in the head', () => {
    const tags = tagsOf('<head><meta a><script></script></head><body><meta b>');
    expect(tags.map(({ inHead }) => inHead)).toEqual([true, true, false]);
    expect(tagsOf('<link><meta a><p><meta b>').map(({ inHead }) => inHead)).toEqual([true, false]);
  });

  it.each([
    '<',
    '<!',
    '</',
    '<script ',
    '<!--',
    '<script src="',
    '<a b="',
    '</script',
    '<script>',
    '<template>',
    '= "',
    '<a =',
  ])('is done soon with a megabyte of %j', (piece) => {
    const began = performance.now();
    tagsOf(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
