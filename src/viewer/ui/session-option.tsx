// One session in the list: where it went, from where, how much happened, how long it took, when.
import type { JSX } from 'preact';
import type { SessionSummary } from '../../format/session.ts';
import { now } from '../now.ts';
import { agoText, clockText, countryName, countText, momentText, pathText } from '../words.ts';

interface Props {
  session: SessionSummary;
  index: number;
  /** Sessions in all, loaded or not. */
  count: number;
  /** px from the list's beginning. */
  top: number;
  isActive: boolean;
  isOpen: boolean;
}

export function SessionOption({ session, index, count, top, isActive, isOpen }: Props): JSX.Element {
  const entry = pathText(session.entry_page);
  const exit = pathText(session.exit_page);
  const path = entry === exit ? entry : `${entry} → ${exit}`;
  return (
    <div
      class="option"
      role="option"
      id={`option-${index}`}
      tabIndex={-1}
      aria-selected={isOpen}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-index={index}
      data-active={isActive || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span class="option-path" title={path}>
        {session.status === 'live' && <span class="live">Live</span>}
        <bdi>{path}</bdi>
      </span>
      <Score score={session.engagement_score} />
      <span class="option-facts">
        <Country code={session.country} estimated={session.country_estimated} />
        <span>{countText(session.event_count, 'event')}</span>
        <span>{countText(session.page_count, 'page')}</span>
      </span>
      <span class="option-duration" title="Duration">
        {clockText(session.duration)}
      </span>
      <bdi class="option-visitor" title={`Visitor ${session.visitor_id}`}>
        {session.identity ?? session.visitor_id}
      </bdi>
      <time class="option-time" title={momentText(session.started_at)}>
        {agoText(session.started_at, now.value)}
      </time>
    </div>
  );
}

export function Score({ score }: { score: number }): JSX.Element {
  const level = score >= 70 ? 'high' : score >= 40 ? 'middle' : 'low';
  return (
    <span class="score" data-level={level} title={`Engagement score ${score} of 100`}>
      <span class="unseen">Engagement score </span>
      {score}
    </span>
  );
}

/** The two letters everywhere: not every system has flags. A country concluded from the time zone is marked. */
export function Country({ code, estimated }: { code: string | null; estimated: boolean }): JSX.Element {
  if (code === null) {
    return (
      <span class="country" title="Country unknown">
        –
      </span>
    );
  }
  const name = countryName(code);
  return (
    <span class="country" title={estimated ? `${name}, by time zone` : name}>
      {estimated ? '~' : ''}
      {code.slice(0, 12)}
    </span>
  );
}
