// What a list of sessions may be narrowed to and ordered by, as the parameters of the API name it. The server checks them, the viewer offers them.

/** Any of the values; compared without case. */
export const CHOICES = [
  'signal',
  'entry_page',
  'page',
  'element',
  'error',
  'country',
  'device',
  'browser',
  'os',
  'source',
] as const;
export type Choice = (typeof CHOICES)[number];

/** Numbers of a session by the name that `min_` and `max_` come before. */
export const RANGES = {
  duration: 'duration',
  active: 'active_ms',
  pages: 'page_count',
  score: 'engagement_score',
  worth: 'worth',
} as const;
export type Range = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as Range[];

export const SORTS = [
  'started_at',
  'worth',
  'duration',
  'active_ms',
  'page_count',
  'event_count',
  'click_count',
  'error_count',
  'engagement_score',
] as const;
export type Sort = (typeof SORTS)[number];
