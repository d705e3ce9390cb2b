// All that is known of the open session: who, with what, from where, how much, what was found, and what the recording lacks. A tab of the panel.
import type { ComponentChildren, JSX } from 'preact';
import type { SessionRecord } from '../../format/session.ts';
import { type Finding, SIGNALS, type Signal } from '../../format/signal.ts';
import { placeOf, type Recording } from '../../player/recording.ts';
import { valueText } from '../filter-words.ts';
import { recording, seekTo } from '../playback.ts';
import { facets } from '../session-list.ts';
import { SIGNAL_WORDS } from '../signal-words.ts';
import { thresholdText } from '../threshold-words.ts';
import { gapText, lengthText } from '../transcript-words.ts';
import { addressText, clockText, countryName, countText, hostText, momentText, numberText, utcText } from '../words.ts';
import { CopyButton } from './copy-button.tsx';
import { VisitorButton } from './details.tsx';
import { EraseButtons } from './erase.tsx';
import { Worth, WorthReasons } from './worth.tsx';

export function About(): JSX.Element {
  const loaded = recording.value;
  if (!loaded) return <div class="panel-tab about" />;
  const { session } = loaded;
  return (
    <div class="panel-tab about">
      <Visitor session={session} />
      <Visit session={session} />
      <Found loaded={loaded} />
      <Made loaded={loaded} />
      <EraseButtons session={session} />
    </div>
  );
}

function Visitor({ session }: { session: SessionRecord }): JSX.Element {
  const { identity, visitor_id, country, country_estimated, browser, os, device, context } = session;
  const { language, timezone, screen_width: width, screen_height: height } = context;
  return (
    <Group name="Visitor">
      {identity !== null && <Fact name="Identified as" value={<bdi>{identity}</bdi>} />}
      <Fact name="Visitor" value={<code>{visitor_id}</code>} />
      <Fact
        name="Country"
        value={country === null ? null : `${countryName(country)}${country_estimated ? ', by time zone' : ''}`}
      />
      <Fact name="Language" value={language} />
      <Fact name="Time zone" value={timezone} />
      <Fact name="Browser" value={browser} />
      <Fact name="System" value={os} />
      <Fact name="Device" value={device && valueText('device', device)} />
      <Fact name="Screen" value={width && height ? `${width} × ${height}` : null} />
      <div class="about-actions">
        <VisitorButton session={session} />
      </div>
    </Group>
  );
}

function Visit({ session }: { session: SessionRecord }): JSX.Element {
  const { referrer } = session.context;
  const active = session.duration > 0 ? `, ${Math.round((session.active_ms / session.duration) * 100)} %` : '';
  return (
    <Group name="Visit">
      <Fact
        name="Started"
        value={
          <>
            {momentText(session.started_at)}
            <small>{utcText(session.started_at)}</small>
          </>
        }
      />
      <Fact
        name="Came from"
        value={referrer ? <bdi title={addressText(referrer)}>{hostText(referrer) || 'elsewhere'}</bdi> : null}
      />
      <Fact
        name="Duration"
        value={`${clockText(session.duration)}${session.status === 'live' ? ', still running' : ''}`}
      />
      <Fact name="Active" value={`${clockText(session.active_ms)}${active}`} />
      <Fact name="Pages" value={numberText(session.page_count)} />
      <Fact name="Clicks" value={numberText(session.click_count)} />
      <Fact name="Errors" value={numberText(session.error_count)} />
      <Fact name="Scrolled to" value={`${Math.round(session.scroll_depth)} %`} />
      <Fact name="Engagement" value={`${session.engagement_score} of 100`} />
      <details class="about-more">
        <summary>What engagement is</summary>
        <p>
          How much the visitor did, from 0 to 100: up to 45 for active time, 20 for clicks, 15 for further pages and 20
          for scroll depth. The first minute counts more than the second, and doing more never lowers it.
        </p>
      </details>
      <Fact name="Worth watching" value={<Worth session={session} />} />
      <details class="about-more">
        <summary>Why it is worth that</summary>
        <WorthReasons session={session} />
      </details>
    </Group>
  );
}

function Found({ loaded }: { loaded: Recording }): JSX.Element {
  const { findings, status } = loaded.session;
  const kinds = SIGNALS.filter((signal) => findings.some((finding) => finding.signal === signal));
  return (
    <section class="about-group">
      <h2>Signals</h2>
      {findings.length === 0 && (
        <p>{status === 'live' ? 'None so far: it is still running.' : 'Nothing that looks like trouble.'}</p>
      )}
      {kinds.map((signal) => (
        <div key={signal}>
          <h3>{SIGNAL_WORDS[signal].one}</h3>
          <Threshold signal={signal} />
          <ul class="about-findings">
            {findings
              .filter((finding) => finding.signal === signal)
              .map((finding, i) => (
                <FindingRow key={i} finding={finding} at={placeOf(loaded, finding.from)} />
              ))}
          </ul>
        </div>
      ))}
      {kinds.some((signal) => thresholdText(signal, facets.value?.thresholds) !== '') && (
        <p class="about-threshold">What counts is set on the server, by its setting SIGNALS.</p>
      )}
    </section>
  );
}

function Threshold({ signal }: { signal: Signal }): JSX.Element | null {
  const text = thresholdText(signal, facets.value?.thresholds);
  return text === '' ? null : <p class="about-threshold">Counts: {text}.</p>;
}

function FindingRow({ finding, at }: { finding: Finding; at: number }): JSX.Element {
  return (
    <li>
      <button class="about-finding" type="button" onClick={() => seekTo(at)}>
        <span>{clockText(at)}</span>
        <bdi>{finding.reason}</bdi>
      </button>
    </li>
  );
}

function Made({ loaded }: { loaded: Recording }): JSX.Element {
  const { session, gaps, skipped, layouts, viewportGuessed, tabs } = loaded;
  const missing = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  const silhouettes = layouts.byTab.size > 0 || layouts.byPage.size > 0;
  return (
    <Group name="Recording">
      <Fact name="Events" value={numberText(session.event_count)} />
      <Fact name="Loaded" value={loaded.part ? null : loadedText(session)} />
      <Fact name="Tabs" value={tabs.length > 1 ? numberText(tabs.length) : null} />
      <Fact
        name="Silhouettes"
        value={silhouettes ? 'yes' : session.imported_at === undefined ? 'no, switched off' : 'no, imported'}
      />
      <Fact
        name="Gaps"
        value={gaps.length === 0 ? 'none' : `${numberText(gaps.length)}, ${lengthText(missing)} of events missing`}
      />
      <Fact
        name="Why"
        value={gaps.length === 0 ? null : [...new Set(gaps.map(({ reason }) => gapText(reason)))].join('; ')}
      />
      <Fact
        name="Unreadable"
        value={skipped > 0 ? `${countText(skipped, 'event')} without the form of one, left out` : null}
      />
      <Fact
        name="Window size"
        value={viewportGuessed ? 'guessed: the recording does not say how large the visitor’s window was' : null}
      />
      <Fact
        name="Imported"
        value={
          session.imported_at === undefined
            ? null
            : `${momentText(session.imported_at)}${session.source ? `, from ${session.source}` : ''}`
        }
      />
      <Fact name="Session" value={<code>{session.session_id}</code>} />
      <div class="about-actions">
        <CopyButton name="Copy session ID" icon="link" text={() => session.session_id} />
      </div>
    </Group>
  );
}

/** What the server sent of all of it; null: that was not told, or it came in parts while it ran. */
function loadedText({ session_id }: SessionRecord): string | null {
  const url = `${location.origin}/replay/sessions/${encodeURIComponent(session_id)}`;
  const all = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  const whole = all.filter(({ name }) => name === url || name.startsWith(`${url}?at=`)).at(-1);
  const bytes = whole?.encodedBodySize;
  if (!bytes || all.some(({ name }) => name.startsWith(`${url}?from=`))) return null;
  return `${numberText(Math.round(bytes / 100) / 10)} kB, gzipped`;
}

function Group({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="about-group">
      <h2>{name}</h2>
      <div class="about-facts">{children}</div>
    </section>
  );
}

/** Not shown where nothing is known. */
function Fact({ name, value }: { name: string; value: ComponentChildren }): JSX.Element | null {
  if (value === null || value === undefined || value === '') return null;
  return (
    <dl class="about-fact">
      <dt>{name}</dt>
      <dd>{typeof value === 'string' ? <bdi>{value}</bdi> : value}</dd>
    </dl>
  );
}
