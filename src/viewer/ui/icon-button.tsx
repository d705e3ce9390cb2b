// A button that shows a sign alone: its name is for those who point at it, and for screen readers.
import type { JSX } from 'preact';
import type { CommandName } from '../commands.ts';
import { keyed } from '../keyboard.ts';
import { Icon, type IconName } from './icons.tsx';

export function IconButton(props: {
  name: string;
  icon: IconName;
  /** Of the same effect, whose key is told: the first one, or another. */
  command?: CommandName;
  which?: number;
  class?: string;
  off?: boolean;
  run: () => void;
}): JSX.Element {
  const { name, icon, command, which, off, run } = props;
  return (
    <button
      class={props.class ? `button ${props.class}` : 'button'}
      data-kind="icon"
      type="button"
      {...(command ? keyed(name, command, which) : { title: name })}
      aria-disabled={off}
      onClick={run}
    >
      <Icon name={icon} />
      <span class="unseen">{name}</span>
    </button>
  );
}
