// A stretch of a session: the session as if it had begun and ended there. Called for whoever comes with a share link of one, and by exports.
import { clipEvents, clipGaps, clipRecord, type Range } from '../analysis/clip.ts';
import type { Fields } from '../format/field.ts';
import { FormatError } from '../format/format-error.ts';
import { EventLog } from './event-log.ts';
import type { WholeSession } from './read-session.ts';

export function clipSession(whole: WholeSession, range: Range): WholeSession {
  if (range.from === null && range.to === null) return whole;
  const inside = clipEvents(whole.events.events(), range);
  const events = new EventLog();
  events.add([{ page_id: 'range', seq: 0, accepted: inside.length, rejected: 0, events: inside }]);
  return { session: clipRecord(whole.session, inside, range), events, gaps: clipGaps(whole.gaps, range) };
}

/** What a client says of a stretch; a bound may be null or left out. Throws FormatError. */
export function parseRange({ from, to }: Fields): Range {
  const range = { from: boundOf(from, 'from'), to: boundOf(to, 'to') };
  if (range.from !== null && range.to !== null && range.from >= range.to)
    throw new FormatError('to', 'must be later than from');
  return range;
}

function boundOf(value: unknown, field: string): number | null {
  if (value === undefined || value === null) return null;
  if (!Number.isSafeInteger(value) || Math.abs(value as number) > 8.64e15)
    throw new FormatError(field, 'must be a time in epoch ms');
  return value as number;
}
