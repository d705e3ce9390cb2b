// How much a session is worth watching, as a badge that tells its reasons. In the list and beside an open session.
import type { JSX } from 'preact';
import { type WorthReason, worthReasons } from '../../analysis/worth.ts';
import type { SessionSummary } from '../../format/session.ts';
import { WORTH_ID } from '../commands.ts';
import { keyed } from '../keyboard.ts';
import { SIGNAL_WORDS } from '../signal-words.ts';
import { Popup } from './popup.tsx';

const HIGH = 60;
const MIDDLE = 30;

export function Worth({ session }: { session: SessionSummary }): JSX.Element {
  const { worth } = session;
  return (
    <span class="score" data-level={worth >= HIGH ? 'high' : worth >= MIDDLE ? 'middle' : 'low'}>
      <span class="unseen">Worth watching </span>
      {worth}
    </span>
  );
}

/** The badge as a button that opens the reasons. */
export function WorthButton({ session }: { session: SessionSummary }): JSX.Element {
  return (
    <Popup
      id={WORTH_ID}
      name="Why it is worth watching"
      title={keyed('Why it is worth watching', 'why').title}
      class="worth-button"
      label={<Worth session={session} />}
    >
      {() => <WorthReasons session={session} />}
    </Popup>
  );
}

export function WorthReasons({ session }: { session: SessionSummary }): JSX.Element {
  const reasons = worthReasons(session);
  const sum = reasons.reduce((all, { points }) => all + points, 0);
  return (
    <div class="worth-reasons">
      <h2>Worth watching: {session.worth} of 100</h2>
      {session.headline && <p class="headline">{session.headline}</p>}
      <dl>
        {reasons.map((reason) => (
          <div key={reason.what}>
            <dt>{reasonText(reason, session)}</dt>
            <dd>+{Math.round(reason.points)}</dd>
          </div>
        ))}
      </dl>
      {reasons.length === 0 && <p>Nothing went wrong, and hardly anything happened.</p>}
      {sum > 100 && <p>More than 100 counts as 100.</p>}
      {session.status === 'live' && !('findings' in session) && (
        <p>It is still running: what went wrong is counted once it has ended, or is open.</p>
      )}
    </div>
  );
}

function reasonText({ what, count }: WorthReason, session: SessionSummary): string {
  if (what === 'engagement') return `Engagement score ${session.engagement_score}`;
  return count === 1 ? SIGNAL_WORDS[what].one : `${count} × ${SIGNAL_WORDS[what].many.toLowerCase()}`;
}
