// The country that a time zone tells, and the zones that tell none.
import { expect, test } from 'vitest';
import { countryOfZone } from './country.ts';

test.each([
  ['Asia/Kolkata', 'IN'],
  ['Asia/Calcutta', 'IN'],
  ['Europe/Berlin', 'DE'],
  ['America/New_York', 'US'],
  ['Europe/Kyiv', 'UA'],
  ['Australia/Sydney', 'AU'],
  ['UTC', null],
  ['Nowhere/Atlantis', null],
  [undefined, null],
])('the zone %s lies in %s', (zone, country) => {
  expect(countryOfZone(zone)).toBe(country);
});
