// The help sheet: every key, and the few things that can be set. Opened by `?` and by a button, closed by Escape.
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { commandsOf, GROUPS, isHelpOpen } from '../commands.ts';
import { oneKeys, playsNext, showTrail, skipIdle } from '../preferences.ts';
import { guest } from '../share/guest.ts';
import { KeyList } from './key-list.tsx';
import { Sheet } from './sheet.tsx';

export function Help(): JSX.Element {
  const close = () => {
    isHelpOpen.value = false;
  };
  return (
    <Sheet name="help" title="Keys and settings" isOpen={isHelpOpen.value} close={close} isLight>
      <section class="settings" aria-label="Settings">
        <Setting name="Skip idle time" of={skipIdle}>
          Playing jumps over stretches without activity; reading and films are not idle.
        </Setting>
        <Setting name="Trail" of={showTrail}>
          Shows where the cursor came from.
        </Setting>
        {!guest.value && (
          <Setting name="Play the next one" of={playsNext}>
            At the end of a session the next one of the list begins, after five seconds.
          </Setting>
        )}
        <Setting name="Single-key shortcuts" of={oneKeys}>
          Letters, digits and signs do what is said below; Space, arrows, Home and End always do.
        </Setting>
      </section>
      <div class="sheet-keys">
        {GROUPS.map((group) => (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`}>{group}</h3>
            <KeyList of={commandsOf(group)} />
          </section>
        ))}
      </div>
    </Sheet>
  );
}

function Setting(props: { name: string; of: Signal<boolean>; children: string }): JSX.Element {
  const id = `setting-${props.name.replaceAll(' ', '-')}`;
  return (
    <div class="setting">
      <label class="setting-name">
        <input
          class="toggle"
          type="checkbox"
          checked={props.of.value}
          aria-describedby={id}
          onChange={(event) => {
            props.of.value = event.currentTarget.checked;
          }}
        />
        {props.name}
      </label>
      <p class="setting-text" id={id}>
        {props.children}
      </p>
    </div>
  );
}
