// The part of the share dialog that puts the session itself into a link: nothing is stored, and how long it gets is said.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Failure } from '../failure.ts';
import { recording } from '../playback.ts';
import { fetchCarried } from '../share/ask.ts';
import { cut } from '../share/carried.ts';
import { chosenRange, fromText, isStretch, stretch, toText } from '../share/choice.ts';
import { pack } from '../share/pack.ts';
import { LINK_BOUNDS, LINK_MAX } from '../share/unpack.ts';
import { numberText } from '../words.ts';
import { LinkField } from './link-field.tsx';
import { useWork } from './share-work.ts';

/** Characters of an address that mail and chat take, and that some of them take. */
const TAKEN_BY_ALL = 2000;
const TAKEN_BY_SOME = 8000;

export function Carry(): JSX.Element {
  const link = useSignal('');
  const withOutlines = useSignal(true);
  const { work, failure, isBusy } = useWork();
  // What was made is of another choice.
  useEffect(() => {
    link.value = '';
  }, [isStretch.value, fromText.value, toText.value, withOutlines.value]);
  const make = () =>
    work(async (signal) => {
      link.value = '';
      const { session } = recording.peek()!;
      const carried = cut(await fetchCarried(session, signal), chosenRange(), withOutlines.peek());
      if (carried.events.length > LINK_BOUNDS.events) throw tooLong();
      const packed = await pack(carried, signal);
      const address = `${location.origin}${location.pathname}#recording=${packed}`;
      if (packed.length > LINK_MAX) throw tooLong(packed.length);
      link.value = address;
    });
  return (
    <section class="share-part" aria-labelledby="share-carry">
      <h4 id="share-carry">The session in a link</h4>
      <p class="share-text">
        The link itself is the recording: nothing is stored, it cannot be revoked, and it plays as long as a viewer like
        this one is there.
      </p>
      <div class="share-row">
        <label class="share-option">
          <input
            class="toggle"
            type="checkbox"
            checked={withOutlines.value}
            onChange={(event) => {
              withOutlines.value = event.currentTarget.checked;
            }}
          />
          With the outline of the pages
        </label>
        <button
          class="button"
          type="button"
          aria-disabled={isBusy.value || !stretch.value}
          onClick={() => stretch.value && void make()}
        >
          {isBusy.value ? 'Packing…' : 'Make the link'}
        </button>
      </div>
      {link.value && <LinkField name="Link with the session" text={link.value} />}
      <p class="share-text" role="status">
        {link.value && lengthText(link.value.length, withOutlines.value)}
      </p>
      <p class="share-problem" role="alert">
        {failure}
      </p>
    </section>
  );
}

function lengthText(length: number, withOutlines: boolean): string {
  const said = `${numberText(length)} characters: `;
  if (length <= TAKEN_BY_ALL) return `${said}short enough for mail and chat.`;
  const shorter = withOutlines
    ? 'A stretch, or leaving out the outlines, makes it shorter.'
    : 'A stretch makes it shorter.';
  if (length <= TAKEN_BY_SOME) return `${said}some mail and chat programs cut it off. ${shorter}`;
  return `${said}too long for most mail and chat programs; put it into a document or a file. ${shorter}`;
}

function tooLong(length?: number): Failure {
  const said =
    length === undefined ? 'It has too many events for a link' : `It would be ${numberText(length)} characters`;
  return new Failure(
    'unreadable',
    `${said}; browsers take ${numberText(LINK_MAX)}. Choose a stretch, leave out the outlines, or save a file instead.`,
  );
}
