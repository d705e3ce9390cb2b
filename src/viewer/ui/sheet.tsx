// A dialog over the page, with a title and a button that closes it. Used by help.tsx, share.tsx and erase.tsx.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';

export function Sheet(props: {
  /** Of elements: `{name}-title`. */
  name: string;
  title: string;
  isOpen: boolean;
  close: () => void;
  /** A press beside it closes it. */
  isLight?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const { name, title, isOpen, close } = props;
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) sheet.current?.showModal();
    else sheet.current?.close();
  }, [isOpen]);
  return (
    <dialog
      class={`sheet ${name}`}
      ref={sheet}
      aria-labelledby={`${name}-title`}
      onClose={close}
      closedby={props.isLight ? 'any' : 'closerequest'}
    >
      {isOpen && (
        <div class="sheet-content">
          <header class="sheet-head">
            <h2 id={`${name}-title`}>{title}</h2>
            <button class="button" data-kind="icon" type="button" title="Close (Esc)" onClick={close}>
              <Icon name="close" />
              <span class="unseen">Close</span>
            </button>
          </header>
          <div class={`sheet-body ${name}-body`}>{props.children}</div>
        </div>
      )}
    </dialog>
  );
}
