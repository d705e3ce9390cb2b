// Refusals as values: a use case throws a Problem, app.ts alone turns it into application/problem+json (RFC 9457).

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'A valid API key is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  410: 'Erased',
  413: 'Too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  503: 'Temporarily unavailable',
  507: 'Storage is full',
};

/** An answer that is not 2xx. `detail` never repeats what was sent. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** Seconds after which the same request may succeed. */
  readonly retryAfter: number | undefined;
  /** What the counters call it. */
  readonly reason: string;

  constructor(status: number, reason: string, detail: string, retryAfter?: number) {
    super(detail);
    this.status = status;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  toResponse(): Response {
    const { status, message: detail } = this;
    const body = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail };
    const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    if (this.retryAfter !== undefined) headers.set('retry-after', String(this.retryAfter));
    return new Response(JSON.stringify(body), { status, headers });
  }
}
