// What every answer that is no file says of itself: not to be kept, guessed at, run, framed or read by another site. Used by app.ts, collect-route.ts and platforms that answer by themselves.

export const ANSWER_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};
