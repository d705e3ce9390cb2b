// A transcript in English: every word of it stands here, all else are names of elements, addresses and numbers. The panel shows it, the export writes it.
import type { Busy, Fact, Line } from '../player/transcript-line.ts';
import { SIGNAL_WORDS } from './signal-words.ts';
import { addressText, clockText, countText, hostText, pathText, queryText, shortText } from './words.ts';

/** A piece of a line: words of ours, or a name that the recording holds, to be shown apart from them; `full`: of a page, its whole address. */
export type Part = string | { readonly name: string; readonly full?: string };

const NAME_MAX = 80;

/** What a tag is called where it does not say it itself. */
const ROLES: Record<string, string> = {
  A: 'link',
  INPUT: 'field',
  TEXTAREA: 'field',
  SELECT: 'choice',
  IMG: 'picture',
  PICTURE: 'picture',
  SVG: 'picture',
  USE: 'picture',
  PATH: 'picture',
};

const TIMES = ['', 'once', 'twice', 'three times', 'four times', 'five times', 'six times'];

const GAPS = {
  lost: 'they never arrived',
  damaged: 'what was stored of them cannot be read',
  dropped: 'the visitor’s browser gave them up',
};

export function lineParts({ fact, to, at }: Line): Part[] {
  // As the times beside the lines have it.
  const length = to - at < 2950 ? to - at : (Math.floor(to / 1000) - Math.floor(at / 1000)) * 1000;
  switch (fact.kind) {
    case 'arrived': {
      const { window, from } = fact;
      const size = window && `, window ${Math.round(window.width)} × ${Math.round(window.height)}`;
      return ['arrived on ', page(fact.page), ...source(from, fact.page), size ?? ''];
    }
    case 'page': {
      const again = fact.again ? ' again' : '';
      if (fact.switched) return [`tab ${fact.tab}: opened `, page(fact.page, fact.before), again];
      return ['went to ', page(fact.page, fact.before), again];
    }
    case 'return':
      return [`tab ${fact.tab}: came back to `, page(fact.page, fact.before)];
    case 'click':
      return clickParts(fact);
    case 'focus':
      return ['went into ', ...elementParts(fact.element)];
    case 'fields': {
      const [first, last] = [fact.elements[0] ?? '', fact.elements.at(-1) ?? ''];
      const taken = length < 1000 ? '' : ` in ${lengthText(length)}`;
      return [
        `went through ${fact.elements.length} fields${taken}, from `,
        elementName(first),
        ' to ',
        elementName(last),
      ];
    }
    case 'stay':
      return stayParts(fact, length);
    case 'idle':
      return [`idle for ${lengthText(length)}`];
    case 'away':
      return [fact.last ? 'left the tab and did not come back' : `left the tab for ${lengthText(length)}`];
    case 'gap':
      return [`${lengthText(fact.ms)} of events are missing: ${GAPS[fact.reason]}`];
    case 'error':
      return [name(fact.name), ` on the page${timesText(fact.count)}`];
    case 'custom':
      if (fact.name === 'identify') return ['the site said who the visitor is'];
      return ['the site reported ', name(fact.name), timesText(fact.count)];
    case 'resize':
      return [`changed the window to ${Math.round(fact.width)} × ${Math.round(fact.height)}`];
    case 'signal': {
      const what = SIGNAL_WORDS[fact.signal].one.toLowerCase();
      const moved = fact.waited > 0 && fact.element !== null ? waitedParts(fact.element, fact.waited, fact.moved) : [];
      const before = moved.length > 0 ? [...moved, ', then '] : [];
      return [...before, `${what}: `, ...reasonParts(fact.reason, fact.element)];
    }
    case 'busy':
      return busyParts(fact);
    case 'end':
      if (fact.page === '') return ['nothing was recorded'];
      return [fact.live ? 'the session is still running, on ' : 'the session ends on ', page(fact.page)];
  }
}

/** The whole line as text, on one line. */
export function lineText(line: Line): string {
  return textOf(lineParts(line));
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.name)).join('');
}

/** As a file: `0:12  went to /checkout`. */
export function transcriptText(lines: readonly Line[]): string {
  const wide = Math.max(0, ...lines.slice(-1).map(({ at }) => clockText(at).length));
  return lines.map((line) => `${clockText(line.at).padStart(wide)}  ${lineText(line)}\n`).join('');
}

/** `0.4 s`, `12 s`, `1:20`. */
export function lengthText(ms: number): string {
  if (ms < 2950) return `${Math.max(0, Math.round(ms / 100) / 10)} s`;
  return ms < 59_500 ? `${Math.round(ms / 1000)} s` : clockText(ms + 500);
}

export function shareText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function clickParts(fact: Fact & { kind: 'click' }): Part[] {
  const { element, count, waited, moved, ms, idle, touch } = fact;
  const verb = touch ? 'tapped' : 'clicked';
  const often = count > 1 ? `${timesText(count)} in ${lengthText(ms)}` : '';
  const outcome = idle ? '; nothing happened' : '';
  if (waited > 0)
    return [
      ...waitedParts(element, waited, moved),
      `, ${verb} ${GROUND.test(element) ? 'there' : 'it'}${often}${outcome}`,
    ];
  return [`${verb} `, ...elementParts(element), `${often}${outcome}`];
}

function waitedParts(element: string, ms: number, moved: boolean): Part[] {
  // Who is on the page has not moved to it.
  if (GROUND.test(element)) return [`waited ${lengthText(ms)} over the page itself`];
  if (moved) return ['moved to ', ...elementParts(element), `, waited ${lengthText(ms)}`];
  return [`waited ${lengthText(ms)} on `, ...elementParts(element)];
}

function stayParts({ scroll, moved, rest }: Fact & { kind: 'stay' }, ms: number): Part[] {
  // Of what took no time only that it was done.
  const taken = ms < 1000 ? '' : lengthText(ms);
  const stayed = scroll
    ? `${scrollText(scroll)}${taken && ` in ${taken}`}`
    : `${moved ? 'moved about' : 'stayed'} for ${lengthText(ms)}`;
  if (!rest) return [stayed];
  const on = rest.element === null ? [REST_ON[rest.what ?? 'text']] : elementParts(rest.element);
  const part = rest.ms < ms * NEARLY_ALL ? ` for ${lengthText(rest.ms)} of it` : '';
  return [`${stayed}, the pointer on `, ...on, part];
}

const NEARLY_ALL = 0.9;
const REST_ON = { text: 'a text', picture: 'a picture', control: 'a control' };

function scrollText({ start, furthest, end, nested }: NonNullable<(Fact & { kind: 'stay' })['scroll']>): string {
  if (nested) return 'scrolled a part of the page';
  const [far, last] = [shareText(furthest), shareText(end)];
  const turned = Math.abs(furthest - end) >= BACK;
  if (turned && furthest < start) return `scrolled back to ${far}, then to ${last}`;
  if (turned) return `scrolled to ${far} and back to ${last}`;
  return end < start ? `scrolled back to ${last}` : `scrolled to ${last}`;
}

/** Share of a page by which one has to turn back for it to be told. */
const BACK = 0.05;

function busyParts({ ms, clicks, elements, pages, scroll, errors, away, missing }: Busy): Part[] {
  const told: Part[][] = [];
  if (clicks > 0) {
    const [first, second] = elements as [string, string?];
    const others = elements.length - 2;
    const and: Part[] = second === undefined ? [] : [others > 0 ? ', ' : ' and ', elementName(second)];
    const more = others > 0 ? ` and ${countText(others, 'other')}` : '';
    told.push(['clicked ', elementName(first), ...and, more, clicks > elements.length ? timesText(clicks) : '']);
  }
  const last = pages.at(-1);
  if (last !== undefined)
    told.push([pages.length > 1 ? `went through ${pages.length} pages to ` : 'went to ', page(last)]);
  if (scroll !== null) told.push([`scrolled to ${shareText(scroll)}`]);
  if (errors > 0) told.push([countText(errors, 'error')]);
  if (away > 0) told.push([`${lengthText(away)} in another tab`]);
  if (missing > 0) told.push([`${lengthText(missing)} missing`]);
  if (told.length === 0) return [`moved about for ${lengthText(ms)}`];
  return told.flatMap((parts, i) => (i === 0 ? parts : [', ', ...parts]));
}

/** `A#help` says little to who has not built the page: `link A#help`; a tag alone says nothing more than its role. */
function elementParts(element: string): Part[] {
  if (GROUND.test(element)) return ['the page itself'];
  // Of a path as some tools write it the last is what was hit.
  const role = ROLES[/(?:^|\s)([A-Z]+)[^\s]*$/i.exec(element)?.[1]?.toUpperCase() ?? ''];
  if (!role) return [elementName(element)];
  return /^[A-Z]+$/i.test(element) ? [`a ${role}`] : [`${role} `, elementName(element)];
}

/** The element where it stands alone: `Picture` for a `PATH`, as the transcript calls it. */
export function standingName(element: string): string {
  const [first, more] = elementParts(element);
  if (typeof first !== 'string' || more) return element;
  const role = first.replace(/^a /, '');
  return role.charAt(0).toUpperCase() + role.slice(1);
}

const GROUND = /^(?:BODY|HTML)\b/i;

/** `BUTTON#pay`: beside an id the classes say little. */
function elementName(element: string): Part {
  return name(/^[^.#]*#[^.]+/.exec(element)?.[0] ?? element);
}

/** The element's name within it stands apart like everywhere else. */
function reasonParts(reason: string, element: string | null): Part[] {
  const place = element === null || element === '' ? -1 : reason.indexOf(element);
  if (element === null || place < 0) return [name(reason, Number.POSITIVE_INFINITY)];
  return [reason.slice(0, place), name(element), reason.slice(place + element.length)];
}

/** `before`: the page that was seen before, on whose site it lies where it says nothing else. */
function page(address: string, before = address): Part {
  const host = hostText(address) === hostText(before) ? '' : hostText(address);
  return { ...name(host + pathText(address) + queryText(address)), full: addressText(address) };
}

export function gapText(reason: keyof typeof GAPS): string {
  return GAPS[reason];
}

/** ` from google.com`; empty where nobody knows. */
export function sourceText(from: string, to: string): string {
  return textOf(source(from, to));
}

/** Where the visitor came from: another site by its host, the same one by its page. */
function source(from: string | null, to: string): Part[] {
  const host = from === null ? '' : hostText(from);
  if (from === null || host === '') return [];
  return [' from ', host === hostText(to) ? page(from) : name(host)];
}

/** On one line, and without characters that turn the text around it. */
function name(text: string, most = NAME_MAX): { name: string } {
  const plain = text.replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
  return { name: plain === '' ? '“”' : shortText(plain, most) };
}

function timesText(count: number): string {
  return count > 1 ? ` ${TIMES[count] ?? `${countText(count, 'time')}`}` : '';
}
