// What the right side says while no session is open: how to record the first one, or how to choose one.
import type { JSX } from 'preact';
import { KEYS } from '../keyboard.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icons.tsx';

/** Nothing was ever recorded. */
export function FirstSteps(): JSX.Element {
  const snippet = `<script defer src="${location.origin}/tracker.js"></script>`;
  return (
    <div class="blank-card">
      <Icon name="trail" />
      <h1>No sessions yet</h1>
      <p>Paste this line into the pages you want to record, before the closing head tag:</p>
      <div class="snippet">
        <code>{snippet}</code>
        <CopyButton text={() => snippet} name="Copy" />
      </div>
      <p>
        Or visit the <a href="/demo/">demo site</a>, move and click around: you will find yourself in the list within
        seconds.
      </p>
    </div>
  );
}

export function Choose(): JSX.Element {
  return (
    <div class="blank-card">
      <Icon name="play" />
      <h1>Choose a session</h1>
      <p>It opens here, at its beginning.</p>
      <dl class="keys">
        {KEYS.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
