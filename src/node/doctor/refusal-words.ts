// Counters of /health → what was refused and why, in words. Called by owner-checks.ts.

/** What concerns reading alone is left out. */
const WORDS: [string, string][] = [
  ['origin', 'batches from origins that ALLOWED_ORIGINS does not list'],
  ['privacy_signal', 'batches from browsers with DNT or GPC, not kept (RESPECT_PRIVACY_SIGNALS)'],
  ['bot', 'batches from known bots and headless browsers, not kept (RECORD_BOTS)'],
  ['full', 'batches that found the disk full; trackers send them again'],
  ['store_hot', 'requests that found the hot store away; trackers send again'],
  ['store_catalog', 'requests that found the catalog away; trackers send again'],
  ['store_objects', 'requests that found the objects away'],
  ['internal', 'requests that failed by a fault of the server; its log says more'],
  ['settings', 'requests while a setting was wrong; the log of the server says more'],
  [
    'client_rate',
    'batches beyond what one address may send (RATE_LIMITS; behind a proxy TRUST_PROXY); trackers send them again',
  ],
  [
    'session_rate',
    'batches beyond what one session, or new sessions beyond what one address, may send (RATE_LIMITS; behind a proxy TRUST_PROXY); trackers send them again',
  ],
  ['busy', 'requests put off because the server had too much to do'],
  ['bodies', 'batches put off because too many came at once'],
  ['connections', 'connections put off because there were too many'],
  ['format', 'batches that are none by the format (each run of this command adds one)'],
  ['json', 'batches that are no JSON'],
  ['gzip', 'batches that are no gzip'],
  ['media_type', 'batches of a type or an encoding that is not taken'],
  ['body_size', 'batches that are too large'],
  ['broken_off', 'requests that broke off in the middle'],
  ['too_slow', 'requests that were too slow and were cut off'],
  ['session_events', 'batches for sessions that are full; their trackers begin others'],
  ['session_bytes', 'batches for sessions that are full; their trackers begin others'],
  ['erased', 'batches for sessions that were erased'],
  ['event_rejected', 'events, in batches that were kept, that could not be taken'],
  ['tracker_dropped', 'batches of trackers that had given something up before, mostly for want of a connection'],
];

/** Each with its number, the most telling first. */
export function refusalsOf(counters: Record<string, number>): string[] {
  return WORDS.flatMap(([name, words]) => {
    const count = counters[name];
    return count ? [`${count} × ${words}`] : [];
  });
}
