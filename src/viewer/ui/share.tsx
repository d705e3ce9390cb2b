// The button that shares the open session, and its dialog: links for those with a key and without, the session in a link, files. The player shows both.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { placeLink } from '../copy-link.ts';
import { keyed } from '../keyboard.ts';
import { position, recording } from '../playback.ts';
import { fromText, isShareOpen, isStretch, stretch, toText } from '../share/choice.ts';
import { guest } from '../share/guest.ts';
import { clockText } from '../words.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icons.tsx';
import { LinkField } from './link-field.tsx';
import { Carry } from './share-carry.tsx';
import { Files } from './share-files.tsx';
import { ShareLinks } from './share-links.tsx';
import { Sheet } from './sheet.tsx';

/** Whoever came without a key hands on what he has. */
export function ShareButton(): JSX.Element | null {
  if (guest.value)
    return guest.value.kind === 'file' ? null : (
      <CopyButton name="Copy link" icon="link" text={placeLink} refused="Copy the address above" />
    );
  const show = () => {
    if (recording.peek()) isShareOpen.value = true;
  };
  return (
    <button
      class="button"
      type="button"
      {...keyed('Share this session', 'share')}
      aria-haspopup="dialog"
      aria-disabled={!recording.value}
      onClick={show}
    >
      <Icon name="share" />
      <span class="button-text">Share</span>
    </button>
  );
}

export function ShareDialog(): JSX.Element {
  const close = () => {
    isShareOpen.value = false;
  };
  return (
    <Sheet name="share" title="Share this session" isOpen={isShareOpen.value && recording.value !== null} close={close}>
      <Moment />
      <Choice />
      <ShareLinks />
      <Carry />
      <Files />
    </Sheet>
  );
}

/** The address of this moment, for those who have a key themselves. */
function Moment(): JSX.Element {
  return (
    <section class="share-part" aria-labelledby="share-moment">
      <h3 id="share-moment">For those who have a key</h3>
      <p class="share-text">Opens this session at {clockText(position.value)}, for whoever has a key of this server.</p>
      <LinkField name="Link to this moment" text={placeLink()} />
    </section>
  );
}

/** All of it, or what lies between two times; for everything below. */
function Choice(): JSX.Element {
  const was = useSignal(false);
  const choose = (wanted: boolean) => {
    if (wanted && !was.value) {
      const at = position.peek();
      const duration = recording.peek()?.duration ?? 0;
      fromText.value = clockText(Math.max(0, at - 15_000));
      toText.value = clockText(Math.min(duration, at + 45_000) + 999);
      was.value = true;
    }
    isStretch.value = wanted;
  };
  return (
    <section class="share-part" aria-labelledby="share-choice">
      <h3 id="share-choice">For everyone else</h3>
      <fieldset class="share-choice">
        <legend class="unseen">What is shared</legend>
        <label class="share-option">
          <input type="radio" name="share-what" checked={!isStretch.value} onChange={() => choose(false)} />
          The whole session
        </label>
        <label class="share-option">
          <input type="radio" name="share-what" checked={isStretch.value} onChange={() => choose(true)} />
          Only a stretch
        </label>
        {isStretch.value && (
          <span class="share-times">
            <Time name="From" value={fromText} />
            <Time name="To" value={toText} />
          </span>
        )}
      </fieldset>
      <p class="share-problem" role="alert">
        {stretch.value ? '' : 'From must be earlier than To and within the session; both are times such as 1:23.'}
      </p>
    </section>
  );
}

function Time({ name, value }: { name: string; value: { value: string } }): JSX.Element {
  return (
    <span class="share-time">
      <label class="share-time">
        {name}
        <input
          class="input"
          type="text"
          autocomplete="off"
          value={value.value}
          aria-invalid={!stretch.value}
          onInput={(event) => {
            value.value = event.currentTarget.value;
          }}
        />
      </label>
      <button
        class="button"
        data-kind="small"
        type="button"
        title={`${name}: where the playhead is`}
        onClick={() => {
          value.value = clockText(position.peek());
        }}
      >
        <span class="unseen">{name}: </span>now
      </button>
    </span>
  );
}
