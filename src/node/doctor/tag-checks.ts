// What the script tag itself says: whether browsers run it, where it leads them, and what it switches off. Called by examine.ts.
import type { Page, Tracker } from './page.ts';
import { note, ok, problem, type Verdict } from './verdict.ts';

/** Names and addresses that mean another machine to each visitor. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/;
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd])|\.(local|internal|lan)$/;
/** Types with which a browser runs a script. */
const RUN = /^(module|(text|application)\/(x-)?(java|ecma)script)?$/i;

/** Whether, and where, the page has a tracker. */
export function foundChecks({ trackers, tagManager }: Page, isWhole: boolean): Verdict[] {
  const [first] = trackers;
  if (!first) {
    const later = isWhole ? '' : ' in the first 2 MiB of it, which were read';
    const text = `The HTML of the page has no script tag of the tracker${later}.`;
    const paste = 'Paste the tag into the HTML of every page';
    const managed = tagManager
      ? `The page loads ${tagManager}: if the tag is added there, see in the browser's developer tools (Network) whether tracker.js is loaded and /collect is answered with 202. Otherwise paste the tag into the HTML.`
      : `${paste}. If a tag manager or another script adds it, that cannot be seen from here: look in the browser's developer tools (Network) for tracker.js and /collect.`;
    return [problem(`${text} ${managed}`)];
  }
  if (first.found === 'text')
    return [note(`The tag is not in the HTML; a script of the page names ${first.script.href} and may add it.`)];
  const verdicts = [ok(`The script tag is in the HTML: ${first.script.href}, which sends to ${first.endpoint.href}.`)];
  const twice = trackers.some(({ found, script }, i) => i > 0 && found === 'tag' && script.href === first.script.href);
  if (twice) verdicts.push(note('The tag is there twice: the second does nothing.'));
  return verdicts;
}

/** Where it leads browsers that stand on this page: `urls` are those of the script, its redirects, and of what is sent. */
export function addressChecks({ url: page, isUpgrading }: Page, urls: URL[]): Verdict[] {
  const verdicts: Verdict[] = [];
  if (page.protocol === 'https:') {
    const isPlain = ({ protocol, hostname }: URL) => protocol === 'http:' && !LOOPBACK.test(hostname);
    const plain = urls.find(isPlain);
    if (!plain) verdicts.push(ok('No mixed content: the page has https, and so has the server.'));
    else if (isUpgrading)
      verdicts.push(note(`${plain.origin} is written with http:; the page's policy makes https of it.`));
    else
      verdicts.push(
        problem(`The page has https, but ${plain.href} has http: browsers block that. Write https: in the tag.`),
      );
  }
  if (LOOPBACK.test(page.hostname)) return verdicts;
  for (const { hostname } of new Map(urls.map((url) => [url.hostname, url])).values()) {
    if (LOOPBACK.test(hostname))
      verdicts.push(
        problem(`${hostname} is each visitor's own machine: write the address under which visitors reach the server.`),
      );
    else if (PRIVATE.test(hostname))
      verdicts.push(note(`${hostname} is an address of a private network: visitors from elsewhere do not reach it.`));
  }
  return verdicts;
}

/** What its attributes switch off. */
export function attributeChecks({ attributes, found }: Tracker): Verdict[] {
  if (found === 'text') return [note("The tag's attributes cannot be seen from here.")];
  const verdicts: Verdict[] = [];
  const type = (attributes.get('type') ?? '').trim();
  if (!RUN.test(type) || !attributes.has('src')) {
    const which = attributes.has('src') ? `type="${shown(type)}"` : 'data-src in place of src';
    verdicts.push(
      problem(`The tag has ${which}: no browser runs it before a consent tool changes that. Is it known to that tool?`),
    );
  }
  if (attributes.has('nomodule'))
    verdicts.push(problem('The tag has nomodule: no present browser runs it. Remove it.'));
  if (attributes.get('crossorigin')?.toLowerCase() === 'use-credentials')
    verdicts.push(problem('The tag has crossorigin="use-credentials", which the server never allows. Remove it.'));
  const sample = attributes.get('data-sample');
  // As the tracker reads it: '' is 0, and what is no number leaves nobody out.
  const share = Number(sample ?? 1);
  if (share <= 0)
    verdicts.push(problem(`data-sample="${shown(sample!)}" records no session at all. Write a share such as 0.25.`));
  else if (!(share <= 1))
    verdicts.push(note(`data-sample="${shown(sample!)}" is no share from 0 to 1: every session is recorded.`));
  else if (share < 1)
    verdicts.push(note(`data-sample: ${shown(sample!)} of the sessions are recorded, yours perhaps not.`));
  if (attributes.get('data-consent') === 'required')
    verdicts.push(
      note('data-consent="required": nothing is recorded before the page calls silhouette.start(). Does it?'),
    );
  if (attributes.get('data-silhouette') === 'off')
    verdicts.push(note('data-silhouette="off": sessions are recorded without the outline of the page.'));
  verdicts.push(
    attributes.get('data-privacy-signals') === 'ignore'
      ? note('data-privacy-signals="ignore": the server must have RESPECT_PRIVACY_SIGNALS=off as well.')
      : note('Visitors whose browser sends DNT or GPC are not recorded: Brave does, others can. Does yours?'),
  );
  return verdicts;
}

/** What another wrote, for a terminal: without control signs, and short. */
export function shown(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys.
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, 200);
}
