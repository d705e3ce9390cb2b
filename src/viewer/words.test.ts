// Numbers and times as the viewer says them.
import { expect, test } from 'vitest';
import {
  addressText,
  agoText,
  clockText,
  countryName,
  countText,
  hostText,
  momentText,
  pathText,
  shortText,
} from './words.ts';

test('positions read like those of a video', () => {
  expect([0, 999, 12_000, 300_000, 3_723_000, -5].map(clockText)).toEqual([
    '0:00',
    '0:00',
    '0:12',
    '5:00',
    '1:02:03',
    '0:00',
  ]);
});

test('times ago grow coarser, and end in a date', () => {
  const now = Date.UTC(2026, 1, 22, 12);
  const minute = 60_000;
  const ago = [0, 4 * minute, 180 * minute, 3 * 1440 * minute, 30 * 1440 * minute].map((ms) => agoText(now - ms, now));
  expect(ago).toEqual(['now', '4 min ago', '3 h ago', '3 d ago', '23 Jan 2026']);
  expect(agoText(now + minute, now)).toBe('now');
  expect(momentText(1e300)).toBe('unknown time');
});

test('counts and countries have words', () => {
  expect(countText(1, 'event')).toBe('1 event');
  expect(countText(1204, 'match', 'matches')).toBe('1,204 matches');
  expect(['IN', 'QX', '<b>', ''].map(countryName)).toEqual(['India', 'QX', '<b>', '']);
});

test('only http addresses are shown, and never with a password', () => {
  expect(addressText('https://shop.example/a?b=1')).toBe('https://shop.example/a?b=1');
  const encoded = 'https://shop.example/%22%3E%20%E2%80%AEgnp.exe/%E2%80%83/%C3?b=%26';
  expect(addressText(encoded)).toBe(encoded);
  expect(addressText('https://shop.example/%C3%A9%D7%A9?b=%26')).toBe('https://shop.example/éש?b=%26');
  expect(addressText('https://user:secret@shop.example/')).toBe('https://shop.example/');
  for (const page of ['javascript:alert(1)', 'file:///etc/passwd', 'vbscript:x', 'nonsense', '']) {
    expect(addressText(page)).toBe('Unknown page');
    expect(pathText(page)).toBe('Unknown page');
    expect(hostText(page)).toBe('');
  }
});

test('a path is what distinguishes a page, its hash route included', () => {
  const paths = ['https://e.x/', 'https://e.x/caf%C3%A9?q=1#top', 'https://e.x/#/cart', 'https://e.x/%E0%A4%A'].map(
    pathText,
  );
  expect(paths).toEqual(['/', '/café', '/#/cart', '/%E0%A4%A']);
});

test('a long text is cut between characters', () => {
  expect(shortText('short', 10)).toBe('short');
  expect(shortText('a longer text', 6)).toBe('a lon…');
  expect(shortText('😀😀😀😀', 3)).toBe('😀😀…');
});
