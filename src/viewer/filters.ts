// What the list of sessions is asked for: filters and order, in the address and as parameters of the API. Pure; `list-view.ts` holds the present one.
import { CHOICES, type Choice, RANGE_NAMES, type Range, SORTS, type Sort } from '../format/list.ts';

/** One value: `live` or `ended`, `true` or `false`. */
export const SWITCHES = ['status', 'watched', 'identified'] as const;
/** `last`: one of SPANS, told anew at each question. `from` and `to`: days of this machine's calendar, both included, as `2026-11-28`. */
export const TIMES = ['last', 'from', 'to'] as const;

export type Switch = (typeof SWITCHES)[number];
export type Bound = `${'min' | 'max'}_${Range}`;
export type FilterName = Choice | Switch | Bound | (typeof TIMES)[number];

export const BOUNDS = RANGE_NAMES.flatMap((range) => [`min_${range}`, `max_${range}`] as const) as Bound[];
export const FILTER_NAMES: readonly FilterName[] = [...TIMES, ...SWITCHES, ...CHOICES, ...BOUNDS];

export type Filters = Readonly<Partial<Record<FilterName, readonly string[]>>>;

const DAY = 24 * 60 * 60_000;
export const SPANS: Readonly<Record<string, number>> = {
  '1h': DAY / 24,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
};

/** All that a list is asked for. */
export interface View {
  /** Empty: everything. */
  text: string;
  visitor: string;
  filters: Filters;
  sort: Sort;
  /** Least first. */
  reversed: boolean;
}

export const EVERYTHING: View = { text: '', visitor: '', filters: {}, sort: 'started_at', reversed: false };

/** Characters of one value, and values of one filter, that are taken from an address. */
const VALUE_MAX = 300;
const VALUES_MAX = 50;

export function isNarrowed({ text, visitor, filters }: View): boolean {
  return text.trim() !== '' || visitor.trim() !== '' || Object.keys(filters).length > 0;
}

/** With other values of one filter; none: without it. */
export function withFilter(filters: Filters, name: FilterName, values: readonly string[]): Filters {
  const { [name]: _, ...rest } = filters;
  return values.length === 0 ? rest : { ...rest, [name]: values };
}

/** With the value if it was not among them, else without. */
export function toggled(filters: Filters, name: FilterName, value: string): Filters {
  const values = filters[name] ?? [];
  const isMany = (CHOICES as readonly string[]).includes(name);
  if (values.includes(value)) {
    return withFilter(
      filters,
      name,
      values.filter((other) => other !== value),
    );
  }
  return withFilter(filters, name, isMany ? [...values, value] : [value]);
}

/** What an address says after `#`; a name or value that makes no sense is left out. `sort` null: it does not say. */
export function readView(hash: string): Omit<View, 'sort'> & { sort: Sort | null } {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const filters: Partial<Record<FilterName, string[]>> = {};
  for (const name of FILTER_NAMES) {
    const values = [...new Set(parameters.getAll(name))].filter((value) => isValue(name, value)).slice(0, VALUES_MAX);
    const one = (CHOICES as readonly string[]).includes(name) ? values : values.slice(0, 1);
    if (one.length > 0) filters[name] = one;
  }
  return {
    text: (parameters.get('q') ?? '').slice(0, VALUE_MAX),
    visitor: (parameters.get('visitor_id') ?? '').slice(0, VALUE_MAX),
    filters,
    sort: SORTS.find((sort) => sort === parameters.get('sort')) ?? null,
    reversed: parameters.get('order') === 'asc',
  };
}

/** The same as a part of an address, without `#`; empty for everything, newest first. */
export function viewText({ text, visitor, filters, sort, reversed }: View): string {
  const parameters = new URLSearchParams();
  if (text.trim()) parameters.set('q', text.trim());
  if (visitor.trim()) parameters.set('visitor_id', visitor.trim());
  for (const name of FILTER_NAMES) for (const value of filters[name] ?? []) parameters.append(name, value);
  if (sort !== EVERYTHING.sort) parameters.set('sort', sort);
  if (reversed) parameters.set('order', 'asc');
  return parameters.toString();
}

/** The part of an address that tells of the list, whatever else stands there. */
export function viewPart(hash: string): string {
  const view = readView(hash);
  return viewText({ ...view, sort: view.sort ?? EVERYTHING.sort });
}

/** As the API wants it, without a page's `limit` and `cursor`. `now`: epoch ms. */
export function apiParameters({ text, visitor, filters, sort, reversed }: View, now: number): URLSearchParams {
  const parameters = new URLSearchParams();
  if (text.trim()) parameters.set('q', text.trim());
  if (visitor.trim()) parameters.set('visitor_id', visitor.trim());
  for (const name of [...SWITCHES, ...CHOICES, ...BOUNDS]) {
    const values = filters[name];
    if (values) parameters.set(name, values.map((value) => value.replace(/[\\,]/g, '\\$&')).join(','));
  }
  const span = SPANS[filters.last?.[0] ?? ''];
  const [from, to] = [dayStart(filters.from?.[0]), dayStart(filters.to?.[0], 1)];
  if (span !== undefined) parameters.set('from', String(now - span));
  if (from !== null) parameters.set('from', String(from));
  if (to !== null) parameters.set('to', String(to - 1));
  if (sort !== EVERYTHING.sort) parameters.set('sort', sort);
  if (reversed) parameters.set('order', 'asc');
  return parameters;
}

/** Epoch ms at which a day begins here, or the one `later` days after it; null where it is none. */
function dayStart(day: string | undefined, later = 0): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '');
  if (!parts) return null;
  const [, year, month, date] = parts.map(Number) as [number, number, number, number];
  return new Date(year, month - 1, date + later).getTime();
}

function isValue(name: FilterName, value: string): boolean {
  if (value === '' || value.length > VALUE_MAX) return false;
  if (name === 'status') return value === 'live' || value === 'ended';
  if (name === 'watched' || name === 'identified') return value === 'true' || value === 'false';
  if (name === 'last') return Object.hasOwn(SPANS, value);
  if (name === 'from' || name === 'to') return dayStart(value) !== null;
  return !(BOUNDS as readonly string[]).includes(name) || /^\d{1,12}$/.test(value);
}
