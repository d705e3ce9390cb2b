// Erases the open session or all of its visitor: the buttons, at the end of what is known of it, and the dialog that asks first and tells what went.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SessionRecord } from '../../format/session.ts';
import { countOf, type Erasing, erase, erasing } from '../erase.ts';
import { facets } from '../session-list.ts';
import { guest } from '../share/guest.ts';
import { clockText, countText, momentText } from '../words.ts';
import { focusNext } from './focus.ts';
import { useWork } from './share-work.ts';
import { Sheet } from './sheet.tsx';

const ONE = 'Erase this session';
const ALL = 'Erase everything of this visitor';

export function EraseButtons({ session }: { session: SessionRecord }): JSX.Element | null {
  if (guest.value || !facets.value?.mayErase) return null;
  return (
    <section class="about-group erase-buttons" aria-label="Erase">
      {[false, true].map((isAll) => (
        <button
          class="button"
          key={isAll}
          type="button"
          aria-haspopup="dialog"
          onClick={() => {
            erasing.value = { session, isAll };
          }}
        >
          {isAll ? ALL : ONE}
        </button>
      ))}
    </section>
  );
}

export function EraseDialog(): JSX.Element {
  const asked = erasing.value;
  const close = () => {
    erasing.value = null;
    // The button that opened it is gone with the session.
    focusNext(() => {
      const isGone = document.activeElement === document.body;
      return isGone ? document.querySelector<HTMLElement>('[role="listbox"]') : null;
    });
  };
  return (
    <Sheet name="erase" title={asked?.isAll ? ALL : ONE} isOpen={asked !== null} close={close}>
      {asked && <Question asked={asked} close={close} />}
    </Sheet>
  );
}

function Question({ asked, close }: { asked: Erasing; close: () => void }): JSX.Element {
  const receipt = useSignal('');
  // A key that is refused takes the page away: who enters another one is not asked.
  useEffect(
    () => () => {
      erasing.value = null;
    },
    [],
  );
  const { work, failure, isBusy } = useWork();
  const start = () =>
    work(async () => {
      receipt.value = await erase(asked);
      focusNext(() => document.querySelector<HTMLElement>('.erase-body button'));
    });
  return (
    <>
      {!receipt.value && (
        <>
          <p>{asked.isAll ? <AllOf session={asked.session} /> : <One session={asked.session} />}</p>
          <p>
            All that was recorded goes from the server, and share links of it open nothing any more. Files, links that
            carry a session, and backups that were made of it are not reached.
            {asked.isAll
              ? ' In another browser the same person is another visitor.'
              : asked.session.status === 'live' && ' What the visitor does from now on is a session of its own.'}
          </p>
          <p>
            <b>It cannot be undone.</b>
          </p>
        </>
      )}
      <p role="status">{receipt}</p>
      <p class="share-problem" role="alert">
        {failure}
      </p>
      <div class="erase-actions">
        <button class="button" type="button" onClick={close}>
          {receipt.value ? 'Done' : 'Cancel'}
        </button>
        {!receipt.value && (
          <button
            class="button"
            data-kind="danger"
            type="button"
            aria-disabled={isBusy.value}
            onClick={() => void start()}
          >
            {isBusy.value ? 'Erasing …' : 'Erase'}
          </button>
        )}
      </div>
    </>
  );
}

function One({ session }: { session: SessionRecord }): JSX.Element {
  const { identity, visitor_id, started_at, duration, event_count } = session;
  return (
    <>
      The session of <bdi>{identity ?? visitor_id}</bdi> on {momentText(started_at)}: {clockText(duration)},{' '}
      {countText(event_count, 'event')}.
    </>
  );
}

function AllOf({ session: { identity, visitor_id } }: { session: SessionRecord }): JSX.Element {
  /** Until it is known, and where it cannot be, they are not counted. */
  const count = useSignal('all sessions');
  useEffect(() => {
    const stopping = new AbortController();
    countOf(visitor_id, stopping.signal).then(
      (text) => {
        count.value = text;
      },
      () => undefined,
    );
    return () => stopping.abort();
  }, [visitor_id]);
  return (
    <>
      All that is kept of <bdi>{identity ?? visitor_id}</bdi>: {count}, running ones included.
    </>
  );
}
