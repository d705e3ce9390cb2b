// Refusals as values: a use case throws a Problem, app.ts alone turns it into application/problem+json (RFC 9457).
import { StoreUnavailable } from './ports.ts';
import { StartError } from './start-error.ts';

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'A valid API key is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Too many',
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
  /** Members of the answer beside those of RFC 9457. */
  readonly more: object;

  constructor(status: number, reason: string, detail: string, retryAfter?: number, more: object = {}) {
    super(detail);
    this.status = status;
    this.reason = reason;
    this.retryAfter = retryAfter;
    this.more = more;
  }

  /** Body and headers of the answer. */
  toAnswer(): { body: string; headers: Record<string, string> } {
    const { status, message: detail, more } = this;
    const title = TITLES[status] ?? 'Error';
    const body = JSON.stringify({ type: 'about:blank', title, status, detail, ...more });
    const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
    if (this.retryAfter !== undefined) headers['retry-after'] = String(this.retryAfter);
    if (status === 401) headers['www-authenticate'] = 'Bearer';
    return { body, headers };
  }
}

/** What was thrown, as an answer. A fault of the program is told to nobody but the log. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable) {
    return error.full
      ? new Problem(507, 'full', 'the disk cannot take more', 60)
      : new Problem(503, `store_${error.store}`, error.message, 5);
  }
  // A Worker has no start that could fail.
  if (error instanceof StartError) return new Problem(503, 'settings', error.message, 60);
  return new Problem(503, 'internal', 'something failed here; it was logged', 5);
}
