// One session in the list: where it went, how much it is worth watching, from where, how long it took, what went wrong, when.
import type { JSX } from 'preact';
import type { Sort } from '../../format/list.ts';
import { valueText } from '../filter-words.ts';
import type { ListedSession } from '../list-api.ts';
import { sort } from '../list-view.ts';
import { now } from '../now.ts';
import { recording } from '../playback.ts';
import { isWatched } from '../watched.ts';
import { agoText, clockText, countryName, countText, momentText, pathText } from '../words.ts';
import { Worth } from './worth.tsx';

interface Props {
  session: ListedSession;
  index: number;
  /** Sessions in all, loaded or not. */
  count: number;
  /** px from the list's beginning. */
  top: number;
  isActive: boolean;
  isOpen: boolean;
}

export function SessionOption({ session: listed, index, count, top, isActive, isOpen }: Props): JSX.Element {
  const opened = isOpen ? recording.value?.session : undefined;
  // Of one that runs more is known once it is open: what went wrong in it, too.
  const session = opened?.session_id === listed.session_id ? { ...listed, ...opened } : listed;
  const entry = pathText(session.entry_page);
  const exit = pathText(session.exit_page);
  const path = entry === exit ? entry : `${entry} → ${exit}`;
  const watched = isWatched(session);
  const visitor = session.identity ?? session.visitor_id;
  const fact = sortedText(session, sort.value);
  const device = session.device ? valueText('device', session.device) : session.os;
  const system = [session.browser, device].filter((name) => name !== null).join(' · ');
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
      data-watched={watched || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span class="option-dot" title={watched ? 'Mark as not watched (M)' : 'Mark as watched (M)'}>
        <span class="unseen">{watched ? 'Watched' : 'Unwatched'}</span>
      </span>
      <span class="option-path" title={path}>
        {session.status === 'live' && <span class="live">Live</span>}
        <bdi>{entry}</bdi>
        {entry !== exit && (
          <>
            {' → '}
            <bdi>{exit}</bdi>
          </>
        )}
      </span>
      <span class="option-worth" title="Why it is worth watching (Y)">
        <Worth session={session} />
      </span>
      <span class="option-facts">
        <Country code={session.country} estimated={session.country_estimated} />
        {system && <span>{system}</span>}
        <span>{fact ?? countText(session.event_count, 'event')}</span>
      </span>
      <span class="option-duration" title="Duration">
        {clockText(session.duration)}
      </span>
      {session.headline ? (
        <span class="option-note headline" title={session.headline}>
          {session.headline}
        </span>
      ) : (
        <bdi class="option-note option-visitor" title={`Visitor ${session.visitor_id}`}>
          {visitor}
        </bdi>
      )}
      <time class="option-time" title={momentText(session.started_at)}>
        {agoText(session.started_at, now.value)}
      </time>
      <span class="unseen">
        {session.headline && `Visitor ${visitor}, `}
        {fact && `${countText(session.event_count, 'event')}, `}
        engagement score {session.engagement_score}
      </span>
    </div>
  );
}

/** By what the list is ordered, where a row would not show it otherwise. */
function sortedText(session: ListedSession, order: Sort): string | null {
  switch (order) {
    case 'active_ms':
      return `${clockText(session.active_ms)} active`;
    case 'page_count':
      return countText(session.page_count, 'page');
    case 'click_count':
      return countText(session.click_count, 'click');
    case 'error_count':
      return countText(session.error_count, 'error');
    case 'engagement_score':
      return `engagement ${session.engagement_score}`;
    default:
      return null;
  }
}

/** The two letters everywhere: not every system has flags. A country concluded from the time zone is marked. */
export function Country({ code, estimated }: { code: string | null; estimated: boolean }): JSX.Element | null {
  if (code === null) return null;
  const name = `${countryName(code)}${estimated ? ', by time zone' : ''}`;
  return (
    <span class="country" title={name}>
      <span aria-hidden="true">
        {estimated ? '~' : ''}
        {code.slice(0, 12)}
      </span>
      <span class="unseen">{name}</span>
    </span>
  );
}
