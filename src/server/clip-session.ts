// What a share link of a stretch shows: the session as if it had begun and ended there. Called by the API for whoever comes with such a link.
import { clipEvents, clipGaps, clipRecord, type Range } from '../analysis/clip.ts';
import { EventLog } from './event-log.ts';
import type { WholeSession } from './read-session.ts';

export function clipSession(whole: WholeSession, range: Range): WholeSession {
  if (range.from === null && range.to === null) return whole;
  const inside = clipEvents(whole.events.events(), range);
  const events = new EventLog();
  events.add([{ page_id: 'range', seq: 0, accepted: inside.length, rejected: 0, events: inside }]);
  return { session: clipRecord(whole.session, inside, range), events, gaps: clipGaps(whole.gaps, range) };
}
