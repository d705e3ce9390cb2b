// How the row of controls is arranged: in the richest way that fits, whatever letters, numbers and fingers need. `controls.tsx` calls it.

/** All words; fewer; those of switches; signs alone; narrower ones; all words in two rows; signs in two, also without the trail's (the sheet of keys has it); three rows. The style sheet knows them by `data-room`. */
const ONE_ROW = ['wide', 'middle', 'words', 'small', 'bare'];
const TWO_ROWS = ['rows', 'narrow', 'narrow slim'];
const THREE_ROWS = 'tiny';

/** Arranges the row anew where its width or what is in it changes; returns stop. */
export function keepArranged(row: HTMLElement): () => void {
  const observed = [row, ...row.children];
  let arranged = '';
  const arrange = () => {
    // An observer also tells of what it finds: that was arranged just now.
    if (arranged === widths(observed)) return;
    const room = row.clientWidth;
    row.dataset.measured = '';
    row.dataset.room = [...ONE_ROW, ...TWO_ROWS].find((name) => needed(row, name) <= room) ?? THREE_ROWS;
    delete row.dataset.measured;
    arranged = widths(observed);
  };
  // At once, so that nothing is painted that then moves.
  arrange();
  const observer = new ResizeObserver(arrange);
  for (const element of observed) observer.observe(element);
  return () => observer.disconnect();
}

function widths(elements: readonly Element[]): string {
  return elements.map((element) => element.getBoundingClientRect().width).join();
}

/** CSS px that the arrangement is wide. */
function needed(row: HTMLElement, name: string): number {
  row.dataset.room = name;
  const gap = Number.parseFloat(getComputedStyle(row).columnGap);
  const [play = 0, set = 0, go = 0, more = 0] = Array.from(
    row.children,
    (group) => group.getBoundingClientRect().width,
  );
  return ONE_ROW.includes(name) ? play + set + go + more + 3 * gap : Math.max(play + go, set + more) + gap;
}
