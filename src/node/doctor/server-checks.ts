// The server that a tag names, asked as a browser on the page would ask it; nothing is stored by it. Called by examine.ts.
import { createHash } from 'node:crypto';
import { type Answer, ask, jsonOf, textOf } from './ask.ts';
import { shown } from './tag-checks.ts';
import { note, ok, problem, type Verdict } from './verdict.ts';

/** What stands in every version of the tracker, whatever its variables are called. */
const MARKS = ['_silhouette', 'optOut', 'privacySignals'];
const SCRIPT_TYPE = /^(text|application)\/(x-)?(java|ecma)script\b/i;
/** No batch: the server judges it, and cannot keep anything of it. */
const NO_BATCH = '{"v":1,"events":[]}';
const HASH = /^(sha256|sha384|sha512)-(.+)$/;

export function isOurs(answer: Answer | string): boolean {
  return typeof answer !== 'string' && answer.status === 200 && MARKS.every((mark) => textOf(answer).includes(mark));
}

/** `answer`: to a request for the script. */
export function scriptChecks(script: URL, answer: Answer | string, integrity: string): Verdict[] {
  if (typeof answer === 'string') return [problem(`${script.href} cannot be fetched: ${answer}.`)];
  const type = answer.headers.get('content-type') ?? '';
  if (answer.status !== 200)
    return [problem(`${script.href} answers ${answer.status}: the script is not there. Is it the server's address?`)];
  if (!isOurs(answer)) {
    const what = /html/i.test(type) ? 'a page, not a script' : 'something else, not the tracker';
    return [problem(`${script.href} is ${what} (${shown(type) || 'without a type'}): write the server's own address.`)];
  }
  if (!SCRIPT_TYPE.test(type))
    return [problem(`${script.href} comes as ${shown(type) || 'no type at all'}: browsers run only text/javascript.`)];
  const verdicts = [ok(`${script.href} is the tracker.`)];
  if (integrity !== '') verdicts.push(integrityCheck(integrity, answer.body));
  return verdicts;
}

function integrityCheck(integrity: string, body: Uint8Array): Verdict {
  const known = integrity.split(/\s+/).map((hash) => HASH.exec(hash));
  const fits = known.some((hash) => hash && createHash(hash[1]!).update(body).digest('base64') === hash[2]);
  if (fits || known.every((hash) => hash === null))
    return note('The tag has an integrity hash: at the next version of the server browsers will refuse its script.');
  return problem("The tag's integrity is not the hash of this script: browsers refuse it. Remove the attribute.");
}

/** Whether it is up. */
export async function healthCheck(endpoint: URL): Promise<Verdict> {
  if (!endpoint.pathname.endsWith('/collect'))
    return note(`${endpoint.href} does not end in /collect, so where the server's /health is cannot be told.`);
  const url = new URL('health', endpoint);
  const answer = await ask(url, {});
  if (typeof answer === 'string') return problem(`The server cannot be reached at ${url.href}: ${answer}.`);
  const said = jsonOf(answer);
  if (answer.status === 200 && said?.status === 'ok') return ok('The server is up: /health says ok.');
  if (answer.status === 503 && typeof said?.detail === 'string')
    return problem(
      `The server is in trouble: ${shown(said.detail)}. See "When something is down" in docs/operations.md.`,
    );
  return problem(
    `${url.href} answers ${answer.status}, as no Silhouette does: a proxy must pass /health, /collect and /tracker.js on.`,
  );
}

/** Whether batches of this origin are taken. */
export async function collectCheck(endpoint: URL, origin: string): Promise<Verdict> {
  const asks = { origin, 'access-control-request-method': 'POST' };
  const preflight = await ask(endpoint, { method: 'OPTIONS', headers: asks });
  // So an origin that is refused is not counted.
  if (typeof preflight !== 'string' && preflight.status === 204 && !opensTo(preflight, origin)) return refused(origin);
  const headers = { origin, 'content-type': 'text/plain;charset=UTF-8' };
  const answer = await ask(endpoint, { method: 'POST', headers, body: NO_BATCH });
  if (typeof answer === 'string') return problem(`${endpoint.href} cannot be reached: ${answer}.`);
  const { status } = answer;
  if (status >= 300 && status < 400) {
    const to = URL.parse(answer.headers.get('location') ?? '', endpoint.href)?.href ?? 'elsewhere';
    return problem(
      `${endpoint.href} is redirected to ${to}: batches do not survive that. Write that address in the tag.`,
    );
  }
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json');
  const detail = isProblem ? String(jsonOf(answer)?.detail) : '';
  if (status === 403 && /origin/.test(detail)) return refused(origin);
  if ((status === 429 || status === 503 || status === 507) && isProblem)
    return problem(
      `The server takes no batch just now (${status}: ${shown(detail)}); trackers send theirs again later.`,
    );
  if (status !== 400 || !isProblem)
    return problem(
      `A POST to ${endpoint.href} is answered ${status}, as no Silhouette does: see what a proxy or firewall makes of it.`,
    );
  if (!opensTo(answer, origin))
    return problem(
      `Batches arrive, but browsers may not read the answer: access-control-allow-origin is "${shown(answer.headers.get('access-control-allow-origin') ?? '')}". A proxy must leave Origin and this header as they are.`,
    );
  return ok(`Batches of ${origin} are taken at ${endpoint.href}.`);
}

function opensTo({ headers }: Answer, origin: string): boolean {
  const allowed = headers.get('access-control-allow-origin');
  return allowed === '*' || allowed === origin;
}

function refused(origin: string): Verdict {
  return problem(
    `The server does not record ${origin}: add it to the setting ALLOWED_ORIGINS, exactly so, and start it anew.`,
  );
}
