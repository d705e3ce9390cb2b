// Quick back: a page is left for the one before it almost at once: not what was looked for. Called by find.ts.
import type { Finding } from '../../format/signal.ts';
import type { OrderedActs, View } from './acts.ts';
import { indexAfter } from './presses.ts';
import { pathOf, seconds } from './reason.ts';
import type { ThresholdsOf } from './thresholds.ts';

/** Ways through which one is led, and comes out where one went in. */
const PASSAGE = /log-?(?:in|out)|sign-?(?:in|out|on)|auth|sso|callback|redirect/i;

export function quickBacks({ views, clicks }: OrderedActs, limits: ThresholdsOf<'quick_back'>): Finding[] {
  const visits: View[] = [];
  for (const view of views) if (view.page !== visits.at(-1)?.page) visits.push(view);
  return visits.flatMap((away, i): Finding[] => {
    const before = visits[i - 1];
    const back = visits[i + 1];
    if (!before || !back || before.page !== back.page) return [];
    // One looks once more at where one came from, and goes on.
    if (visits[i - 2]?.page === away.page) return [];
    const stay = back.at - away.at;
    if (stay < limits.min_ms || stay > limits.ms || PASSAGE.test(pathOf(away.page))) return [];
    // A picture that is opened and closed, a tab and back: a click inside of the same page load.
    const isOverlay = !away.load || !back.load;
    const own = clicks.slice(indexAfter(clicks, away.at), indexAfter(clicks, back.at));
    if (isOverlay && own.some(({ page }) => page === away.page)) return [];
    const reason = `left ${pathOf(away.page)} after ${seconds(stay)}, back to ${pathOf(back.page)}`;
    return [{ signal: 'quick_back', from: away.at, to: back.at, page: away.page, element: null, reason }];
  });
}
