// Keys that a control takes for itself while it has the focus. Lists, tabs and edges call it.

/** Nothing that makes another key of it is held. */
export function isPlain({ shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !(shiftKey || ctrlKey || metaKey || altKey);
}

/** The arrow keys go from row to row of a list that is one stop of the Tab key; null where the key is none of them. */
export function rowFor(key: string, row: number, count: number, page: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + page,
    PageUp: row - page,
    Home: 0,
    End: count - 1,
  };
  const wanted = steps[key];
  return wanted === undefined ? null : Math.min(count - 1, Math.max(0, wanted));
}
