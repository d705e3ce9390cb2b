// What the right side says while no session is open: how to record the first one, or how to choose one.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { FIRST_COMMANDS } from '../commands.ts';
import { listFailure, sessions } from '../session-list.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icons.tsx';
import { KeyList } from './key-list.tsx';
import { WorthFirst } from './worth-first.tsx';

/** Nothing was ever recorded. */
export function FirstSteps(): JSX.Element {
  const snippet = `<script defer src="${location.origin}/tracker.js"></script>`;
  const hasDemo = useSignal(false);
  useEffect(() => {
    // A server may have no demo site, and a link that leads nowhere is no help. Whoever does not answer has none.
    fetch('/demo/', { method: 'HEAD', credentials: 'omit' }).then(
      ({ ok }) => {
        hasDemo.value = ok;
      },
      () => undefined,
    );
  }, []);
  return (
    <div class="blank-card first-steps">
      <Icon name="trail" />
      <h1>No sessions yet</h1>
      <p>Paste this line into the pages you want to record, before the closing head tag:</p>
      <div class="snippet">
        <code>{snippet}</code>
        <CopyButton text={() => snippet} name="Copy" />
      </div>
      {hasDemo.value && (
        <p>
          Or visit the <a href="/demo/">demo site</a>, move and click around: you will find yourself in the list within
          seconds.
        </p>
      )}
    </div>
  );
}

/** Once a search found nothing, or the list cannot be had, there are only the keys to tell. */
export function Choose(): JSX.Element {
  const canChoose = sessions.value ? sessions.value.length > 0 : listFailure.value === null;
  return (
    <div class="blank-card">
      {canChoose && (
        <>
          <h1>Choose a session</h1>
          <WorthFirst />
        </>
      )}
      <KeyList of={FIRST_COMMANDS} />
    </div>
  );
}
