// What a share link of a stretch shows: the session as if it had begun and ended there. Called by the API for whoever comes with such a link.
import { clipEvents, clipGaps, type Range } from '../analysis/clip.ts';
import { digestOf } from '../analysis/digest.ts';
import { summarize } from '../analysis/summary.ts';
import { EventLog } from './event-log.ts';
import type { WholeSession } from './read-session.ts';

/** Counts, pages, times and findings are those of the range. */
export function clipSession(whole: WholeSession, range: Range): WholeSession {
  const { from, to } = range;
  if (from === null && to === null) return whole;
  const { session, events, gaps } = whole;
  const inside = clipEvents(events.events(), range);
  const log = new EventLog();
  log.add([{ page_id: 'range', seq: 0, accepted: inside.length, rejected: 0, events: inside }]);
  const started_at = Math.max(session.started_at, from ?? session.started_at);
  // Nothing more comes into a stretch that is over.
  const status = to !== null && session.ended_at > to ? 'ended' : session.status;
  const findings = session.findings.filter(
    (finding) => finding.to >= started_at && finding.from >= (from ?? finding.from) && finding.to <= (to ?? finding.to),
  );
  return {
    session: summarize({ ...session, started_at }, digestOf(inside), status, findings),
    events: log,
    gaps: clipGaps(gaps, range),
  };
}
