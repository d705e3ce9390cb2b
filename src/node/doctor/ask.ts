// One request of the doctor, bounded in time, size and redirects; what fails is a sentence. Called by examine.ts, server-checks.ts and owner-checks.ts.

/** ms for one request, its body included. */
const PATIENCE = 10_000;
const REDIRECTS_MAX = 5;
/** Bytes of a body that are read. */
const BYTES_MAX = 2 * 1024 * 1024;
const AGENT = 'Mozilla/5.0 (compatible; SilhouetteDoctor/1.0)';

export interface Answer {
  status: number;
  headers: Headers;
  body: Uint8Array;
  /** False: there was more than was read. */
  isWhole: boolean;
  /** Where it was asked for, then where that was redirected to. */
  urls: URL[];
}

export interface Asked {
  method?: 'GET' | 'POST' | 'OPTIONS';
  headers?: Record<string, string>;
  body?: string;
  /** Only what needs no key goes after redirects. */
  follow?: boolean;
}

/** A text: why there is no answer. */
export async function ask(
  url: URL,
  { method = 'GET', headers = {}, body, follow = false }: Asked,
): Promise<Answer | string> {
  const urls = [url];
  try {
    for (;;) {
      const response = await fetch(urls.at(-1)!, {
        method,
        headers: { 'user-agent': AGENT, ...headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE),
        ...(body !== undefined && { body }),
      });
      const next = follow ? locationOf(response, urls.at(-1)!) : null;
      if (!next) return { status: response.status, headers: response.headers, urls, ...(await read(response)) };
      await response.body?.cancel();
      if (!/^https?:$/.test(next.protocol)) return `it is redirected to an address with ${next.protocol}`;
      if (urls.push(next) > REDIRECTS_MAX + 1) return `it is redirected more than ${REDIRECTS_MAX} times`;
    }
  } catch (error) {
    return reasonOf(error as Error);
  }
}

export function textOf({ body }: Answer): string {
  return new TextDecoder().decode(body);
}

/** Null: it is no JSON object. */
export function jsonOf(answer: Answer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(textOf(answer));
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function locationOf({ status, headers }: Response, url: URL): URL | null {
  const location = headers.get('location');
  return [301, 302, 303, 307, 308].includes(status) && location !== null ? URL.parse(location, url.href) : null;
}

async function read(response: Response): Promise<{ body: Uint8Array; isWhole: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    length += part.length;
    // To leave the loop ends the request.
    if (length > BYTES_MAX) break;
  }
  return { body: Buffer.concat(parts).subarray(0, BYTES_MAX), isWhole: length <= BYTES_MAX };
}

function reasonOf(error: Error): string {
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  const code = cause?.code ?? cause?.message ?? error.message;
  if (error.name === 'TimeoutError') return `there was no answer within ${PATIENCE / 1000} s`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `no such name is known here (DNS: ${code})`;
  if (code === 'ECONNREFUSED') return 'nothing listens there (ECONNREFUSED)';
  if (/CERT|SIGNATURE|TLS|SSL/.test(code)) return `its certificate is not valid, or it does not speak TLS (${code})`;
  return `the connection failed (${code})`;
}
