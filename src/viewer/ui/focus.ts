// Where the focus goes when what had it is gone. What takes a control off the page calls it.

/** To what is there once the change is on the page. */
export function focusNext(find: () => HTMLElement | null | undefined): void {
  requestAnimationFrame(() => find()?.focus());
}

/** For a button over the stage, which is gone after its press: to the one that plays, unless something else has the focus. */
export const passing = (act: () => void) => (event: Event) => {
  const { activeElement } = document;
  if (activeElement === event.currentTarget || activeElement === document.body)
    document.querySelector<HTMLElement>('.controls [data-kind="play"]')?.focus({ preventScroll: true });
  act();
};
