// Filters in an address and as the API wants them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  apiParameters,
  EVERYTHING,
  FILTER_NAMES,
  readView,
  toggled,
  type View,
  viewPart,
  viewText,
} from './filters.ts';

const view = (more: Partial<View>): View => ({ ...EVERYTHING, ...more });

test('everything, newest first, is no word in an address', () => {
  expect(viewText(EVERYTHING)).toBe('');
  expect(viewPart('#session=abc&t=12')).toBe('');
});

test('an address brings filters and order back, beside the open session', () => {
  const text = viewText(view({ text: 'pay', filters: { country: ['IN', 'DE'], min_worth: ['50'] }, sort: 'worth' }));
  expect(text).toBe('q=pay&country=IN&country=DE&min_worth=50&sort=worth');
  expect(readView(`#session=abc&t=1&${text}`)).toEqual(
    view({ text: 'pay', filters: { country: ['IN', 'DE'], min_worth: ['50'] }, sort: 'worth' }),
  );
  expect(viewPart(`#session=abc&t=1&${text}`)).toBe(text);
});

test('what makes no sense in an address is left out', () => {
  const hash = '#key=secret&min_worth=lots&status=asleep&last=ever&from=yesterday&country=&sort=luck&order=up';
  expect(readView(hash)).toEqual({ ...EVERYTHING, sort: null });
  expect(viewPart(hash)).toBe('');
});

test('any values come back from an address', () => {
  const filters = fc.record({ element: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1 }) });
  fc.assert(
    fc.property(filters, (filters) => {
      expect(readView(`#${viewText(view({ filters }))}`).filters).toEqual(filters);
    }),
  );
});

test('several values of a filter mean any of them, and a switch has one', () => {
  const both = toggled(toggled({}, 'country', 'IN'), 'country', 'DE');
  expect(apiParameters(view({ filters: both }), 0).get('country')).toBe('IN,DE');
  const odd = view({ filters: { element: ['A.of-[1fr,2fr]', 'B.c\\d'] } });
  expect(apiParameters(odd, 0).get('element')).toBe('A.of-[1fr\\,2fr],B.c\\\\d');
  expect(toggled(both, 'country', 'IN')).toEqual({ country: ['DE'] });
  expect(toggled(toggled({}, 'watched', 'true'), 'watched', 'false')).toEqual({ watched: ['false'] });
  expect(toggled({ watched: ['false'] }, 'watched', 'false')).toEqual({});
});

test('spans count from now, days are whole ones of this machine’s calendar', () => {
  const now = Date.UTC(2026, 10, 28, 12);
  expect(apiParameters(view({ filters: { last: ['24h'] } }), now).get('from')).toBe(String(now - 86_400_000));
  const days = apiParameters(view({ filters: { from: ['2026-11-01'], to: ['2026-11-02'] } }), now);
  expect(Number(days.get('from'))).toBe(new Date(2026, 10, 1).getTime());
  expect(Number(days.get('to'))).toBe(new Date(2026, 10, 3).getTime() - 1);
});

test('every filter reaches the API under its own name', () => {
  for (const name of FILTER_NAMES.filter((name) => name !== 'last')) {
    const value = { status: 'live', watched: 'false', identified: 'true', from: '2026-01-01', to: '2026-01-01' }[
      name as string
    ];
    expect([...apiParameters(view({ filters: { [name]: [value ?? '5'] } }), 0).keys()]).toEqual([name]);
  }
});
