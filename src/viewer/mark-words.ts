// What a mark of the timeline stands for, in words. The preview over the timeline shows them.
import type { Lanes } from '../player/lanes.ts';
import type { Recording } from '../player/recording.ts';
import type { Mark } from './draw/timeline-marks.ts';
import { countText } from './words.ts';

/** Clicks of one mark that are looked at for their names. */
const SEEN_MAX = 100;

export function markText(mark: Mark, recording: Recording, lanes: Lanes): string {
  switch (mark.lane) {
    case 'signals':
      return andMore(lanes.signals[mark.from]?.finding.reason ?? '', mark.count);
    case 'clicks':
      return clicksText(mark, recording);
    case 'scrolls':
      return 'Scrolled';
    case 'others': {
      const first = lanes.others[mark.from];
      return andMore(first?.kind === 'error' ? `Error: ${first.label}` : (first?.label ?? ''), mark.count);
    }
  }
}

function andMore(text: string, count: number): string {
  return count > 1 ? `${text} · and ${count - 1} more` : text;
}

/** `4 clicks on BUTTON#pay · nothing happened`. */
function clicksText({ from, to, count }: Mark, { clicks }: Recording): string {
  const seen = Math.min(to, from + SEEN_MAX);
  const names = new Set(clicks.element.slice(from, seen));
  const isIdle = clicks.idle.subarray(from, seen).every((idle) => idle === 1);
  const [name = ''] = names;
  const many = count === 1 ? 'Click' : countText(count, 'click');
  const on = names.size > 1 ? `, first on ${name}` : name ? ` on ${name}` : '';
  return `${many}${on}${isIdle ? ' · nothing happened' : ''}`;
}
