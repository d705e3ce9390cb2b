// Hears the keys of the whole page, and says what buttons tell of theirs. What a focused control does with a key itself stays with it.
import { tinykeys } from 'tinykeys';
import { COMMANDS, type Command, type CommandName } from './commands.ts';
import { isCharacter, keyName, keyText } from './key-text.ts';
import { recording } from './playback.ts';
import { oneKeys } from './preferences.ts';

/** What a control says of the key that does the same; nothing of a key that is switched off. */
export function keyed(name: string, command: CommandName, which = 0): { title: string; 'aria-keyshortcuts'?: string } {
  const key = (COMMANDS[command] as Command).keys[which] ?? '';
  if (isCharacter(key) && !oneKeys.value) return { title: name };
  return { title: `${name} (${keyText(key)})`, 'aria-keyshortcuts': keyName(key) };
}

export function keepKeys(): void {
  const handlers: Record<string, (event: KeyboardEvent) => void> = {};
  for (const { keys, run, always, repeats } of Object.values<Command>(COMMANDS)) {
    for (const [which, key] of keys.entries()) {
      handlers[key] = (event) => {
        // Without a session the page keeps its keys, those that scroll it.
        if ((isCharacter(key) && !oneKeys.peek()) || !(always || recording.peek())) return;
        event.preventDefault();
        if (repeats || !event.repeat) run(which);
      };
    }
  }
  tinykeys(window, handlers, { ignore: belongsToControl });
}

/** Typing takes every key; a button or link takes Space, a radio group Space and arrows. */
function belongsToControl(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return true;
  const control = event.target instanceof Element ? event.target : null;
  if (!control) return false;
  if (control.closest('dialog, [popover]')) return true;
  const radio = control.matches('input[type="radio"]');
  if (control.matches('input, textarea, select, [contenteditable]') && !radio) return true;
  const pressing = event.key === ' ';
  const arrow = event.key.startsWith('Arrow');
  return (radio && (pressing || arrow)) || (pressing && control.closest('button, a, summary') !== null);
}
