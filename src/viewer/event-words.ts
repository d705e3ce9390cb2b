// Each thing that happened as two lines of English: what it was, and what came of it. The list of events shows them.
import type { Happening } from '../player/happening.ts';
import { SIGNAL_WORDS } from './signal-words.ts';
import { gapText, lengthText, shareText, sourceText, standingName } from './transcript-words.ts';
import { addressText, countText, isolated, pathText } from './words.ts';

export type EventFilter = 'clicks' | 'pages' | 'signals' | 'errors';

/** `count`: how many of them a row stands for, as the controls and the list of sessions count them; 0: it is none. */
export const EVENT_FILTERS: Record<EventFilter, { name: string; count: (one: Happening) => number }> = {
  clicks: { name: 'Clicks', count: (one) => (one.kind === 'click' ? one.last - one.first + 1 : 0) },
  pages: { name: 'Pages', count: ({ kind }) => Number(kind === 'page' || kind === 'return') },
  signals: { name: 'Signals', count: (one) => (one.finding === null ? 0 : 1 + othersOf(one)) },
  errors: { name: 'Errors', count: (one) => (one.kind === 'error' ? one.count : 0) },
};

function othersOf(one: Happening): number {
  return one.kind === 'click' ? one.others : 0;
}

export function eventName(one: Happening): string {
  switch (one.kind) {
    case 'page':
    case 'return':
      return pathText(one.page);
    case 'click':
      return one.last > one.first
        ? `${isolated(standingName(one.element) || 'Click')} × ${one.last - one.first + 1}`
        : standingName(one.element) || 'Click';
    case 'focus':
      return standingName(one.element) || 'Field';
    case 'scroll':
      if (one.nested) return 'Scrolled a part of the page';
      return `Scrolled ${one.furthest < one.start ? 'back ' : ''}to ${shareText(one.furthest)}`;
    case 'signal':
      return SIGNAL_WORDS[one.signal].one;
    case 'error':
      return `Error: ${one.name}`;
    case 'custom':
      return one.name;
    case 'resize':
      return `${Math.round(one.width)} × ${Math.round(one.height)}`;
    case 'away':
      return `Left the tab for ${lengthText(one.to - one.from)}`;
    case 'gap':
      return `${lengthText(one.to - one.from)} missing`;
  }
}

/** For who points at it: the name in full. */
export function eventTitle(one: Happening): string {
  if (one.kind === 'page' || one.kind === 'return') return addressText(one.page);
  return one.kind === 'click' || one.kind === 'focus' ? one.element : eventName(one);
}

/** Empty where nothing is known of it. `found`: what was found here, of the session's findings. */
export function eventOutcome(
  one: Happening,
  found: { signal: keyof typeof SIGNAL_WORDS; reason: string } | undefined,
  referrer: string | null,
): string {
  if (found) {
    const others = othersOf(one) > 0 ? `; ${countText(othersOf(one), 'more signal')}` : '';
    return one.kind === 'signal' ? found.reason : `${SIGNAL_WORDS[found.signal].one}: ${found.reason}${others}`;
  }
  switch (one.kind) {
    case 'page': {
      const tab = one.switched ? `in tab ${one.tab}` : '';
      if (referrer !== null) return `arrived${sourceText(referrer, one.page)}`;
      return [tab, one.again ? 'seen before' : ''].filter(Boolean).join(', ');
    }
    case 'return':
      return `came back to tab ${one.tab}`;
    case 'click':
      if (one.led !== null) return `moved on after ${lengthText(one.led)}`;
      if (one.idle) return 'nothing happened';
      if (one.effect === null) return '';
      return one.effect < AT_ONCE ? 'reacted at once' : `reacted after ${lengthText(one.effect)}`;
    case 'scroll':
      if (one.nested || Math.abs(one.furthest - one.end) < BACK) return '';
      return `${one.furthest < one.start ? 'then' : 'and back'} to ${shareText(one.end)}`;
    case 'focus':
      return 'went into it';
    case 'error':
      return one.count > 1 ? countText(one.count, 'time') : '';
    case 'custom':
      if (one.name === 'identify') return 'the site said who the visitor is';
      return `reported by the site${one.count > 1 ? `, ${countText(one.count, 'time')}` : ''}`;
    case 'resize':
      return 'new size of the window';
    case 'gap':
      return gapText(one.reason);
    default:
      return '';
  }
}

/** ms in which nobody sees a delay. */
const AT_ONCE = 100;
/** Share of a page by which one has to turn back for it to be told. */
const BACK = 0.05;
