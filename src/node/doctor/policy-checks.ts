// Rulings of a page's policies, in words. Called by examine.ts.
import { type Deed, type Policy, type Ruling, rule } from './content-policy.ts';
import { shown } from './tag-checks.ts';
import { note, ok, problem, type Verdict } from './verdict.ts';

/** `policies`: those that judge this deed. */
export function policyCheck(policies: Policy[], deed: Deed): Verdict {
  const what = deed.kind === 'script' ? 'lets the tracker load' : 'lets it send';
  if (policies.length === 0) return ok(`No Content-Security-Policy forbids it: the page ${what}.`);
  const rulings = policies.map((policy) => ({ ...rule(policy, deed), where: policy.where }));
  const blocking = rulings.find(({ answer }) => answer === 'blocks');
  const unknown = rulings.find(({ answer }) => answer === 'unknown');
  const one = blocking ?? unknown;
  if (!one) return ok(`The page's Content-Security-Policy ${what}.`);
  const is = `${one.directive} ${shown(one.sources.join(' '))}`.trim();
  if (blocking) {
    const deeds = deed.kind === 'script' ? 'does not let the tracker load' : 'does not let it send';
    return problem(
      `The page's Content-Security-Policy (${one.where}) ${deeds}: ${adviceOf(one, deed)}. Now it is: ${is}`,
    );
  }
  return note(
    `Whether the page's Content-Security-Policy (${one.where}) lets the tracker load cannot be told: ${doubtOf(one)}. It is: ${is}`,
  );
}

function adviceOf({ directive, reason }: Ruling, { kind, urls, page, nonce }: Deed): string {
  const origins = [...new Set(urls.map(({ origin }) => (origin === page.origin ? "'self'" : origin)))].join(' ');
  const wanted = kind === 'script' ? 'script-src' : 'connect-src';
  const add =
    directive === 'default-src'
      ? `add a ${wanted} with what default-src has now, and ${origins}`
      : `add ${origins} to ${directive}`;
  const which = nonce === '' ? 'has none' : 'has another';
  if (reason === 'dynamic') return `with 'strict-dynamic' a tag needs the nonce of the page, and this one ${which}`;
  if (reason === 'nonce') return `${add}, or give the tag the nonce of the page: it ${which}`;
  return add;
}

function doubtOf({ reason }: Ruling): string {
  if (reason === 'hash')
    return 'it names the hash of the tag, which not every browser takes for a script from elsewhere';
  if (reason === 'dynamic') return "'strict-dynamic' allows what an allowed script adds in its own way";
  return 'it depends on the nonce that the script which adds the tag gives it';
}
