// Keys and what they do, as a list to read. The help sheet shows all, the first screen the most useful ones.
import type { JSX } from 'preact';
import type { Command } from '../commands.ts';
import { keyText } from '../key-text.ts';

export function KeyList({ of }: { of: readonly Command[] }): JSX.Element {
  return (
    <dl class="keys">
      {of.map(({ keys, does }) => (
        <div key={does}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{keyText(key)}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
