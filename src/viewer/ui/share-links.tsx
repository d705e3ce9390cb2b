// The part of the share dialog that makes, lists and revokes share links: one session or a stretch of it, without a key, for some days.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { duration, position, recording } from '../playback.ts';
import { listShares, makeShare, revokeShare, type ShareLink } from '../share/ask.ts';
import { chosenRange, isStretch, stretch } from '../share/choice.ts';
import { clockText, untilText } from '../words.ts';
import { LinkField } from './link-field.tsx';
import { useWork } from './share-work.ts';

const DAYS = [
  { days: 1 / 24, name: '1 hour' },
  { days: 1, name: '1 day' },
  { days: 7, name: '7 days' },
  { days: 30, name: '30 days' },
  { days: 90, name: '90 days' },
];

export function ShareLinks(): JSX.Element {
  const days = useSignal(7);
  const made = useSignal('');
  const links = useSignal<ShareLink[]>([]);
  const heading = useRef<HTMLHeadingElement>(null);
  const { work, failure, isBusy } = useWork();
  const id = recording.value?.session.session_id ?? '';
  useEffect(() => {
    void work(async (signal) => {
      links.value = await listShares(id, signal);
    });
  }, [id]);
  const make = () =>
    work(async (signal) => {
      // A stretch is short enough to begin at its beginning, and nobody wants to begin at the end.
      const isThere = !isStretch.peek() && position.peek() < duration.peek();
      const seconds = isThere ? Math.floor(position.peek() / 1000) : 0;
      const address = await makeShare(id, chosenRange(), days.value, signal);
      made.value = seconds > 0 ? `${address}&t=${seconds}` : address;
      links.value = await listShares(id, signal);
    });
  const revoke = (link: ShareLink) =>
    work(async (signal) => {
      await revokeShare(link.id, signal);
      links.value = links.value.filter((other) => other.id !== link.id);
      // The button is gone with its row.
      heading.current?.focus();
    });
  return (
    <section class="share-part" aria-labelledby="share-links">
      <h4 id="share-links" tabIndex={-1} ref={heading}>
        A share link
      </h4>
      <p class="share-text">
        Whoever has it sees {isStretch.value ? 'this stretch' : 'this session'} and nothing else, until it ends or you
        revoke it.
      </p>
      <div class="share-row">
        <label class="share-time">
          <span>Valid for</span>
          <select class="input" onChange={(event) => (days.value = Number(event.currentTarget.value))}>
            {DAYS.map((choice) => (
              <option key={choice.name} value={choice.days} selected={choice.days === days.value}>
                {choice.name}
              </option>
            ))}
          </select>
        </label>
        <button
          class="button"
          data-kind="main"
          type="button"
          aria-disabled={isBusy.value || !stretch.value}
          onClick={() => stretch.value && void make()}
        >
          Make a share link
        </button>
      </div>
      {made.value && <LinkField name="Share link" text={made.value} />}
      <p class="share-text" role="status">
        {made.value && 'Made. Copy it now: it is not shown again.'}
      </p>
      <p class="share-problem" role="alert">
        {failure}
      </p>
      {links.value.length > 0 && (
        <ul class="share-list" aria-label="Share links of this session">
          {links.value.map((link) => (
            <li key={link.id}>
              <span>
                <b>{stretchText(link)}</b> until {untilText(link.expires)}, made by <bdi>{link.by}</bdi>
              </span>
              <button class="button" data-kind="small" type="button" onClick={() => void revoke(link)}>
                Revoke
                <span class="unseen"> the link valid until {untilText(link.expires)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function stretchText({ from, to }: ShareLink): string {
  const { started_at = 0 } = recording.peek()?.session ?? {};
  const clock = (time: number) => clockText(Math.max(0, time - started_at));
  if (from === null && to === null) return 'Whole session';
  return `${from === null ? '0:00' : clock(from)} to ${to === null ? 'its end' : clock(to)}`;
}
