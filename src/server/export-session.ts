// One session as NDJSON: a header line, then its events, oldest first. Called by the CLI; importing it gives the same text again.
import type { SessionEvent } from '../format/event.ts';
import type { WholeSession } from './read-session.ts';

/** The lines without their line ends. */
export function* exportSession({ session, events, gaps }: WholeSession): Generator<string> {
  const viewport = session.viewport ?? firstViewport(events.texts());
  yield JSON.stringify({
    kind: 'session',
    format: 1,
    session_id: session.session_id,
    visitor_id: session.visitor_id,
    page: session.entry_page,
    viewport,
    document: session.document,
    started_at: session.started_at,
    ended_at: session.ended_at,
    duration: session.duration,
    event_count: events.count,
    page_count: session.page_count,
    engagement_score: session.engagement_score,
    country: session.country,
    country_estimated: session.country_estimated,
    browser: session.browser,
    os: session.os,
    device: session.device,
    context: session.context,
    source: session.source,
    gaps: gaps.length > 0 ? gaps : undefined,
    urls: 'final',
  });
  yield* events.texts();
}

function firstViewport(texts: Iterable<string>): { width: number; height: number } | undefined {
  for (const text of texts) {
    if (!text.includes('"viewport_width"')) continue;
    const event = JSON.parse(text) as SessionEvent;
    if (!('viewport_width' in event)) continue;
    const { viewport_width: width, viewport_height: height } = event;
    if (width !== undefined && height !== undefined) return { width, height };
  }
  return undefined;
}
