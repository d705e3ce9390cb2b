// A button that copies a text and says so; where the browser does not allow it, it says what to do instead.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Icon, type IconName } from './icons.tsx';

/** ms for which the button tells what came of it. */
const TOLD_MS = 2000;

export function CopyButton(props: {
  text: () => string;
  name: string;
  icon?: IconName;
  refused?: string;
}): JSX.Element {
  const told = useSignal('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text());
      told.value = 'Copied';
    } catch {
      told.value = props.refused ?? 'Select and copy it';
    }
    setTimeout(() => {
      told.value = '';
    }, TOLD_MS);
  };
  return (
    <button class="button" type="button" title={props.name} onClick={copy}>
      {told.value === 'Copied' ? <Icon name="check" /> : props.icon && <Icon name={props.icon} />}
      <span class="button-text" role="status">
        {told.value || props.name}
      </span>
    </button>
  );
}
