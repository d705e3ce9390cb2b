// A session that is carried along, in a link or a file: read whole from the server, cut to what is wanted, and told as a body of the API again. Used by pack.ts, unpack.ts and the share dialog.
import { clipEvents, clipGaps, clipRecord, type Range } from '../../analysis/clip.ts';
import type { SessionEvent } from '../../format/event.ts';
import type { Gap, SessionRecord } from '../../format/session.ts';

export interface Carried {
  session: SessionRecord;
  events: SessionEvent[];
  gaps: Gap[];
}

/** The stretch alone, where one is wanted, and without outlines of pages where those are not. A copy does not run any more. */
export function cut({ session, events, gaps }: Carried, range: Range, outlines: boolean): Carried {
  const isWhole = range.from === null && range.to === null;
  const inside = isWhole ? events : clipEvents(events, range);
  return {
    session: { ...(isWhole ? session : clipRecord(session, inside, range)), status: 'ended' },
    events: outlines ? inside : inside.filter(({ event_type }) => event_type !== 'layout'),
    gaps: isWhole ? gaps : clipGaps(gaps, range),
  };
}
