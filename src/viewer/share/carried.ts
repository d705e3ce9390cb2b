// A session that is carried along, in a link or a file: read whole from the server, cut to what is wanted, and told as a body of the API again. Used by pack.ts, unpack.ts and the share dialog.
import { clipEvents, clipGaps, clipRecord, type Range } from '../../analysis/clip.ts';
import type { SessionEvent } from '../../format/event.ts';
import type { Gap, SessionRecord } from '../../format/session.ts';

export interface Carried {
  session: SessionRecord;
  events: SessionEvent[];
  gaps: Gap[];
}

/** Ids made by the server are `{page_id}.{seq}.{index}`: the page load is what the player reads of them. */
const SERVER_ID = /^([\w-]+)\.\d+\.\d+$/;

/** Empty where nothing can be concluded from the id. */
export function loadOf({ event_id }: SessionEvent): string {
  return SERVER_ID.exec(event_id)?.[1] ?? '';
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
