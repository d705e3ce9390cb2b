// Filters and orders as a user reads them: chips, menus and fields take their texts from here.
import { CHOICES, type Choice, RANGE_NAMES, type Range, type Sort } from '../format/list.ts';
import type { Signal } from '../format/signal.ts';
import { type FilterName, type Filters, SWITCHES } from './filters.ts';
import { SIGNAL_WORDS } from './signal-words.ts';
import { clockText, countryName, pathText, shortText } from './words.ts';

export const CHOICE_WORDS: Record<Choice, string> = {
  signal: 'What went wrong',
  entry_page: 'Entry page',
  page: 'Any page',
  element: 'Clicked element',
  error: 'Error',
  country: 'Country',
  device: 'Device',
  browser: 'Browser',
  os: 'System',
  source: 'Came from',
};

export const RANGE_WORDS: Record<Range, string> = {
  duration: 'Duration',
  active: 'Active time',
  pages: 'Pages',
  score: 'Engagement score',
  worth: 'Worth watching',
};

/** Most first, and least first. */
export const SORT_WORDS: Record<Sort, readonly [string, string]> = {
  started_at: ['Newest', 'Oldest'],
  worth: ['Worth watching', 'Least worth watching'],
  duration: ['Longest', 'Shortest'],
  active_ms: ['Most active', 'Least active'],
  page_count: ['Most pages', 'Fewest pages'],
  event_count: ['Most events', 'Fewest events'],
  click_count: ['Most clicks', 'Fewest clicks'],
  error_count: ['Most errors', 'Fewest errors'],
  engagement_score: ['Most engaged', 'Least engaged'],
};

export const SPAN_WORDS: Record<string, string> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
};

const SWITCH_WORDS: Record<string, string> = {
  'status live': 'Live',
  'status ended': 'Ended',
  'watched true': 'Watched',
  'watched false': 'Unwatched',
  'identified true': 'Identified visitors',
  'identified false': 'Anonymous visitors',
};

const TEXT_MAX = 40;

/** One value of a choice. */
export function valueText(name: Choice, value: string): string {
  if (name === 'signal') return SIGNAL_WORDS[value as Signal]?.many ?? value;
  if (name === 'country') return countryName(value);
  if (name === 'entry_page' || name === 'page') return value.startsWith('/') ? value : pageText(value);
  if (name === 'error' && value === 'any') return 'Any error';
  if (name === 'source' && value === 'direct') return 'Direct';
  return name === 'device' ? value.charAt(0).toUpperCase() + value.slice(1) : value;
}

/** With its host: the same path may be a page of two sites. */
function pageText(address: string): string {
  try {
    return new URL(address).host + pathText(address);
  } catch {
    return address;
  }
}

/** What a bound or a score is told as; ms as `5:00`. */
export function boundText(range: Range, value: string): string {
  return range === 'duration' || range === 'active' ? clockText(Number(value)) : value;
}

export interface Chip {
  /** The filters it stands for. */
  names: readonly FilterName[];
  text: string;
}

/** A chip for each thing that is filtered by, but for the days and what has a button of its own. */
export function chipsOf(filters: Filters): Chip[] {
  const switches = SWITCHES.filter((name) => name !== 'status' || filters[name]?.[0] !== 'live');
  return [
    ...switches.flatMap((name) => chip([name], SWITCH_WORDS[`${name} ${filters[name]?.[0]}`])),
    ...CHOICES.filter((name) => name !== 'signal').flatMap((name) => {
      const values = filters[name]?.map((value) => valueText(name, value));
      return chip([name], values && `${CHOICE_WORDS[name]}: ${shortText(values.join(', '), TEXT_MAX)}`);
    }),
    ...RANGE_NAMES.flatMap((range) => {
      const text = rangeText(range, filters);
      return chip([`min_${range}`, `max_${range}`], text && `${RANGE_WORDS[range]} ${text}`);
    }),
  ];
}

function chip(names: readonly FilterName[], text: string | undefined): Chip[] {
  return text ? [{ names, text }] : [];
}

function rangeText(range: Range, filters: Filters): string {
  const [least, most] = [filters[`min_${range}`]?.[0], filters[`max_${range}`]?.[0]];
  if (least !== undefined && most !== undefined) return `${boundText(range, least)} – ${boundText(range, most)}`;
  if (least !== undefined) return `at least ${boundText(range, least)}`;
  return most === undefined ? '' : `at most ${boundText(range, most)}`;
}

/** When: `Last 7 days`, `From 2026-11-01`, `Any time`. */
export function timeText({ last, from, to }: Filters): string {
  if (last?.[0]) return SPAN_WORDS[last[0]] ?? '';
  if (from?.[0] && to?.[0]) return from[0] === to[0] ? from[0] : `${from[0]} – ${to[0]}`;
  if (from?.[0]) return `From ${from[0]}`;
  return to?.[0] ? `Until ${to[0]}` : 'Any time';
}

/** What a person typed of a range as the API wants it: `90` and `1:30` are 90 s; null where it makes no sense, empty for no bound. */
export function boundOf(range: Range, typed: string): string | null {
  const text = typed.trim();
  if (text === '') return '';
  if (range !== 'duration' && range !== 'active') return /^\d{1,9}$/.test(text) ? text : null;
  if (!/^\d{1,6}(:\d{1,2}){0,2}$/.test(text)) return null;
  return String(text.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0) * 1000);
}
