// What the list is asked for just now, in step with the address. The fields, chips and menus set it, session-list.ts loads what it says.
import { batch, computed, effect, signal } from '@preact/signals';
import type { Sort } from '../format/list.ts';
import { apiKey } from './access.ts';
import { store } from './browser-storage.ts';
import { EVERYTHING, type Filters, type View, viewText } from './filters.ts';
import { SORT, viewAt } from './first-asked.ts';
import { isAddressRead, writeList } from './location.ts';

export const searchText = signal('');
export const visitorFilter = signal('');
export const filters = signal<Filters>({});
export const sort = signal<Sort>(EVERYTHING.sort);
/** Least first. */
export const isReversed = signal(false);

export const view = computed<View>(() => ({
  text: searchText.value,
  visitor: visitorFilter.value,
  filters: filters.value,
  sort: sort.value,
  reversed: isReversed.value,
}));

/** Browsers allow few address changes in a short time. */
const ADDRESS_MS = 250;

/** Goes where the address says, now and whenever it changes, and keeps it in step. */
export function keepView(): void {
  const goToAddress = () => show(viewAt(location.hash), false);
  addEventListener('hashchange', goToAddress);
  goToAddress();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const text = addressText(view.value);
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (isAddressRead()) writeList(text, false);
    }, ADDRESS_MS);
  });
}

/** `step`: a step of its own in the history, so that Back leads to the list as it was. */
export function show(next: View, step = true): void {
  batch(() => {
    searchText.value = next.text;
    visitorFilter.value = next.visitor;
    filters.value = next.filters;
    sort.value = next.sort;
    isReversed.value = next.reversed;
    if (step) writeList(addressText(next), true);
  });
}

export function setFilters(next: Filters): void {
  show({ ...view.peek(), filters: next });
}

/** Remembered, for lists whose address does not say. */
export function setSort(next: Sort): void {
  store(SORT, next);
  sort.value = next;
}

/** Every session, in the present order. */
export function showAll(): void {
  show({ ...view.peek(), text: '', visitor: '', filters: {} });
}

/** A key that was pasted into the wrong field stays out of the address. */
function addressText(of: View): string {
  const kept = (typed: string) => (typed.trim() === apiKey.peek() ? '' : typed);
  return viewText({ ...of, text: kept(of.text), visitor: kept(of.visitor) });
}
