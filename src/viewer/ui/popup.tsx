// A button that opens a small panel beside itself: menus and short forms. On a phone the panel lies at the lower edge.
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  id: string;
  /** Of the panel; for screen readers. */
  name: string;
  /** What the button shows. */
  label: ComponentChildren;
  /** Of the button, where it is more than what it shows. */
  title?: string;
  class?: string;
  kind?: string | undefined;
  children: () => ComponentChildren;
}

/** px between button and panel, and between panel and the edge of the page. */
const GAP = 6;

export function Popup({ id, name, label, title, class: className = 'button', kind, children }: Props): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const isOpen = useSignal(false);
  const place = () => {
    if (!isOpen.value || !panel.current || !button.current) return;
    placeBeside(panel.current, button.current.getBoundingClientRect());
    chosenIn(panel.current)?.focus();
  };
  useEffect(() => {
    const opens = (event: Event) => {
      if ((event as ToggleEvent).newState !== 'open') return;
      isOpen.value = true;
      // Only then it is on the page and has a size; nothing was painted in between.
      requestAnimationFrame(place);
    };
    panel.current?.addEventListener('beforetoggle', opens);
    return () => panel.current?.removeEventListener('beforetoggle', opens);
  }, []);
  return (
    <>
      <button
        ref={button}
        class={className}
        data-kind={kind}
        type="button"
        title={title}
        aria-expanded={isOpen.value}
        aria-haspopup="dialog"
        popovertarget={id}
      >
        {label}
      </button>
      <div
        ref={panel}
        class="popup"
        id={id}
        popover="auto"
        role="dialog"
        aria-label={name}
        onToggle={(event) => {
          // Once the browser gave the focus back: it does not where what had it is gone.
          if (event.newState === 'closed') isOpen.value = false;
        }}
      >
        {isOpen.value && children()}
      </div>
    </>
  );
}

/** What is chosen in it just now, or else what comes first. */
export function chosenIn(panel: HTMLElement): HTMLElement | null {
  return (
    panel.querySelector<HTMLElement>('[aria-current="true"], input:checked') ?? panel.querySelector('button, input')
  );
}

export function closePopup(id: string): void {
  document.getElementById(id)?.hidePopover();
}

/** For a press on a radio button: what changes is told after the press, and a button that is gone by then tells nothing. */
export function closeAfterChoice(id: string): void {
  requestAnimationFrame(() => closePopup(id));
}

/** Below it, or above where there is more room; within the page. */
export function placeBeside(panel: HTMLElement, beside: DOMRect): void {
  const { offsetWidth: width, scrollHeight: wanted } = panel;
  const { clientWidth, clientHeight } = document.documentElement;
  const start = getComputedStyle(panel).direction === 'rtl' ? beside.right - width : beside.left;
  const below = clientHeight - beside.bottom - GAP * 2;
  const above = beside.top - GAP * 2;
  const isBelow = below >= Math.min(wanted, above);
  const most = isBelow ? below : above;
  const height = Math.min(wanted + 2, most);
  panel.style.setProperty('--popup-left', `${Math.max(GAP, Math.min(start, clientWidth - width - GAP))}px`);
  panel.style.setProperty('--popup-top', `${isBelow ? beside.bottom + GAP : beside.top - GAP - height}px`);
  panel.style.setProperty('--popup-most', `${most}px`);
}
