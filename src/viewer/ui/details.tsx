// Who was here: the line above the stage with all that is known of the visitor and of the recording itself.
import type { JSX } from 'preact';
import type { SessionRecord } from '../../format/session.ts';
import { valueText } from '../filter-words.ts';
import { visitorFilter } from '../list-view.ts';
import { now } from '../now.ts';
import { recording } from '../playback.ts';
import { leave } from '../session-open.ts';
import { guest } from '../share/guest.ts';
import { agoText, countryName, countText, hostText, momentText } from '../words.ts';
import { focusNext } from './focus.ts';
import { Icon } from './icons.tsx';
import { LiveButton } from './live-button.tsx';
import { Country } from './session-option.tsx';
import { SIDEBAR_ID } from './sidebar.tsx';
import { NextUnwatched, WatchedToggle } from './watched-toggle.tsx';
import { WorthButton } from './worth.tsx';

export function Details(): JSX.Element {
  const loaded = recording.value;
  return (
    <header class="details">
      <button class="button details-back" type="button" onClick={back}>
        <Icon name="list" />
        <span class="details-back-text">All sessions</span>
      </button>
      {loaded ? <Facts session={loaded.session} /> : <span class="details-wait" />}
      {loaded && loaded.skipped > 0 && (
        <span class="fact" data-kind="warning" title="They do not have the form of an event and are left out.">
          {countText(loaded.skipped, 'event')} unreadable
        </span>
      )}
      {loaded?.viewportGuessed && (
        <span class="fact" data-kind="warning" title="The recording does not say how large the visitor’s window was.">
          Window size guessed
        </span>
      )}
    </header>
  );
}

function back(): void {
  leave();
  focusNext(() => document.querySelector(`#${SIDEBAR_ID} [role="listbox"]`));
}

function Facts({ session }: { session: SessionRecord }): JSX.Element {
  const device = session.device && valueText('device', session.device);
  const system = [session.browser, session.os, device].filter((name) => name !== null).join(' · ');
  const { language, referrer } = session.context;
  return (
    <>
      {session.status === 'live' && <LiveButton />}
      <span class="details-visitor" title={`Visitor ${session.visitor_id}`}>
        <Icon name="visitor" />
        <bdi>{session.identity ?? session.visitor_id}</bdi>
      </span>
      <VisitorButton session={session} />
      <span class="facts">
        {session.country !== null && (
          <span class="fact">
            <Country code={session.country} estimated={session.country_estimated} />
            <span class="fact-long" aria-hidden="true">
              {countryName(session.country)}
            </span>
          </span>
        )}
        {system && <span class="fact">{system}</span>}
        {language && <span class="fact">{language.slice(0, 12)}</span>}
        {referrer && (
          <span class="fact" title={referrer}>
            from {hostText(referrer) || 'elsewhere'}
          </span>
        )}
        <time class="fact" title={momentText(session.started_at)}>
          {agoText(session.started_at, now.value)}
        </time>
      </span>
      <WorthButton session={session} />
      <WatchedToggle />
      <NextUnwatched />
    </>
  );
}

export function VisitorButton({ session }: { session: SessionRecord }): JSX.Element | null {
  if (guest.value) return null;
  const isOnly = visitorFilter.value === session.visitor_id;
  const showOnly = () => {
    visitorFilter.value = isOnly ? '' : session.visitor_id;
    if (matchMedia('(max-width: 760px), (max-height: 500px)').matches) leave();
  };
  return (
    <button class="button" data-kind="quiet" type="button" onClick={showOnly}>
      {isOnly ? 'Show all visitors' : 'Show only this visitor'}
    </button>
  );
}
