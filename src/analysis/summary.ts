// Digest → SessionRecord: the row a list shows and the words a search finds. Called at seal, at reindex and for running sessions on read.
import type { SessionOrigin, SessionRecord } from '../format/session.ts';
import type { Finding } from '../format/signal.ts';
import { type Digest, SLOT_MS } from './digest.ts';
import { engagementScore } from './engagement.ts';
import { countSignals, headlineOf, worthOf } from './worth.ts';

/** Everything known of a session beside its events. A session without events has its start as its only time. */
export function summarize(
  origin: SessionOrigin,
  digest: Digest,
  status: 'live' | 'ended',
  findings: readonly Finding[] = [],
): SessionRecord {
  const byFirst = [...digest.pages].sort(([a, x], [b, y]) => x.first - y.first || (a < b ? -1 : 1));
  const exit = byFirst.reduce((last, page) => (page[1].last >= last[1].last ? page : last), byFirst[0]!);
  const ended_at = Math.max(origin.started_at, digest.last_at ?? origin.started_at);
  const duration = ended_at - origin.started_at;
  const active_ms = Math.min(digest.slots.size * SLOT_MS, duration);
  const facts = {
    active_ms,
    click_count: digest.click_count,
    scroll_depth: digest.scroll_depth,
    page_count: byFirst.length,
  };
  const engagement_score = engagementScore(facts);
  const signals = countSignals(findings);
  return {
    ...origin,
    entry_page: byFirst[0]?.[0] ?? '',
    exit_page: exit?.[0] ?? '',
    duration,
    ended_at,
    engagement_score,
    event_count: digest.event_count,
    error_count: digest.error_count,
    ...facts,
    identity: digest.identity?.id ?? null,
    status,
    signals,
    worth: worthOf({ engagement_score, signals }),
    headline: headlineOf(findings),
    pages: byFirst.map(([page]) => page),
    findings: [...findings],
  };
}

/** What a search looks in, without case: every page from its host on, elements, visitor, identity, country, and `error` before the name of one. One a line. */
export function searchText(origin: SessionOrigin, digest: Digest): string {
  const pages = [...digest.pages.keys()].map((page) => page.replace(/^https?:\/\//, ''));
  const words = [
    origin.session_id,
    origin.visitor_id,
    digest.identity?.id ?? '',
    origin.country ?? '',
    ...pages.sort(),
    ...[...digest.elements].sort(),
    ...[...digest.errors].sort().map((name) => `error ${name}`),
  ];
  return words.map(asWritten).join('\n');
}

/** SQL knows the lower case of ASCII alone: what has other letters is lower case already. */
function asWritten(word: string): string {
  return /[^ -~]/.test(word) ? word.toLowerCase() : word;
}
