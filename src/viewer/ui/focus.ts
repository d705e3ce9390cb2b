// Where the focus goes when the button that had it is gone after its press: to the one that plays. Buttons over the stage call it.

/** Nothing where something else has the focus. */
export function passFocus(event: Event): void {
  const { activeElement } = document;
  if (activeElement !== event.currentTarget && activeElement !== document.body) return;
  document.querySelector<HTMLElement>('.controls [data-kind="play"]')?.focus({ preventScroll: true });
}
