// The doctor: looks at a page of a site from outside, as a visitor's browser would, and says why nothing of it is recorded. Called by cli.ts.
import { type Answer, ask, textOf } from './ask.ts';
import { type OwnServer, ownerChecks } from './owner-checks.ts';
import { type Page, readPage, type Tracker } from './page.ts';
import { policyCheck } from './policy-checks.ts';
import { collectCheck, healthCheck, isOurs, scriptChecks } from './server-checks.ts';
import { addressChecks, attributeChecks, foundChecks, shown } from './tag-checks.ts';
import { note, ok, problem, type Verdict } from './verdict.ts';

/** Trackers of a page that are looked at: others may be called tracker.js, too. */
const TRACKERS_MAX = 5;

/** One verdict after the other. `server` null: nobody said which server is the owner's. */
export async function* examine(address: URL, server: OwnServer | null): AsyncGenerator<Verdict> {
  const answer = await ask(address, { follow: true, headers: { accept: 'text/html' } });
  yield pageCheck(address, answer);
  if (isPage(answer)) {
    const url = answer.urls.at(-1)!;
    const page = readPage(textOf(answer), url, answer.headers.get('content-security-policy'));
    const { tracker, script } = await chooseTracker(page);
    yield* foundChecks(tracker ? { ...page, trackers: [tracker, ...others(page, tracker)] } : page, answer.isWhole);
    if (tracker) {
      yield* trackerChecks(page, tracker, script);
      yield* serverChecks(reached(tracker.endpoint, page), url.origin);
    } else if (server) yield* serverChecks(new URL('/collect', server.origin), url.origin);
    if (tracker && server && !isSame(tracker.endpoint, server))
      yield note(`The page sends to ${tracker.endpoint.origin}; what follows is of ${server.origin}. Are they one?`);
  }
  const { origin, pathname } = isPage(answer) ? answer.urls.at(-1)! : address;
  if (server) yield* await ownerChecks(server, origin + pathname, Date.now());
  else
    yield note(
      'What was refused and when something was recorded last is told with the key: set SILHOUETTE_SERVER and API_KEY, or run this where the server runs.',
    );
}

function isPage(answer: Answer | string): answer is Answer {
  return typeof answer !== 'string' && answer.status === 200 && isHtml(answer);
}

function isHtml({ headers }: Answer): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(headers.get('content-type') ?? '');
}

function pageCheck(address: URL, answer: Answer | string): Verdict {
  if (typeof answer === 'string') return problem(`The page ${address.href} cannot be fetched: ${answer}.`);
  const { status, urls } = answer;
  const where = urls.length > 1 ? `${address.href} leads to ${urls.at(-1)!.href}, which` : `The page ${address.href}`;
  if (status === 401 || status === 403)
    return problem(`${where} answers ${status}: name a page that everybody may see and no firewall guards.`);
  if (status !== 200) return problem(`${where} answers ${status}: name a page that is there.`);
  const type = shown(answer.headers.get('content-type') ?? '') || 'without a type';
  return isHtml(answer) ? ok(`${where} can be fetched.`) : problem(`${where} is ${type}, not HTML.`);
}

/** The first whose script is ours; else the first. */
async function chooseTracker(page: Page): Promise<{ tracker: Tracker | undefined; script: Answer | string }> {
  let first: Answer | string = '';
  for (const [i, tracker] of page.trackers.slice(0, TRACKERS_MAX).entries()) {
    const script = await ask(reached(tracker.script, page), { follow: true, headers: { origin: page.url.origin } });
    if (isOurs(script)) return { tracker, script };
    if (i === 0) first = script;
  }
  return { tracker: page.trackers[0], script: first };
}

function others({ trackers }: Page, chosen: Tracker): Tracker[] {
  return trackers.filter((tracker) => tracker !== chosen);
}

function* trackerChecks(page: Page, tracker: Tracker, script: Answer | string): Generator<Verdict> {
  const { attributes, found, policies } = tracker;
  const redirects = typeof script === 'string' ? [] : script.urls.slice(1);
  yield* addressChecks(page, [tracker.script, ...redirects, tracker.endpoint]);
  const integrity = attributes.get('integrity') ?? '';
  yield* scriptChecks(tracker.script, script, integrity);
  const deed = { page: page.url, nonce: attributes.get('nonce') ?? '', integrity, isAdded: found === 'text' };
  const urls = typeof script === 'string' ? [reached(tracker.script, page)] : script.urls;
  const load = policyCheck(policies, { ...deed, kind: 'script', urls });
  const send = policyCheck(page.policies, { ...deed, kind: 'connect', urls: [reached(tracker.endpoint, page)] });
  yield* [load, send];
  yield* attributeChecks(tracker);
}

/** As a browser asks for it from this page. */
function reached(url: URL, { isUpgrading }: Page): URL {
  return isUpgrading && url.protocol === 'http:' ? new URL(url.href.replace(/^http:/, 'https:')) : url;
}

async function* serverChecks(endpoint: URL, origin: string): AsyncGenerator<Verdict> {
  yield await healthCheck(endpoint);
  yield await collectCheck(endpoint, origin);
}

function isSame({ origin }: URL, server: OwnServer): boolean {
  return origin === server.origin;
}
