// Named lists: a few that everyone has, and those a person saved on this browser. The menu above the list shows them.
import { computed, signal } from '@preact/signals';
import { store, stored } from './browser-storage.ts';
import { EVERYTHING, readView, viewText } from './filters.ts';
import { show, view } from './list-view.ts';

export interface SavedFilter {
  name: string;
  /** As in the address, see filters.ts. */
  text: string;
}

export const BUILT_IN: readonly SavedFilter[] = [
  { name: 'Every session', text: '' },
  { name: 'Worth watching', text: 'sort=worth' },
  { name: 'Unwatched', text: 'watched=false&sort=worth' },
  { name: 'Rage clicks', text: 'signal=rage_click&sort=worth' },
  { name: 'Errors', text: 'error=any' },
];

const NAME = 'filters';
const NAME_MAX = 60;
const SAVED_MAX = 50;

/** Latest last. */
export const saved = signal<readonly SavedFilter[]>(recall());

/** The one that the list shows just now; null: none of them. */
export const shown = computed<SavedFilter | null>(() => {
  const text = viewText(view.value);
  return [...BUILT_IN, ...saved.value].find((one) => one.text === text) ?? null;
});

export function showSaved({ text }: SavedFilter): void {
  const said = readView(text);
  show({ ...said, sort: said.sort ?? EVERYTHING.sort });
}

/** Keeps what the list shows now; a name that is taken already is given anew. */
export function save(name: string): void {
  const called = name.trim().slice(0, NAME_MAX);
  if (called === '') return;
  keep([...saved.value.filter((one) => one.name !== called), { name: called, text: viewText(view.peek()) }]);
}

export function rename(which: SavedFilter, name: string): void {
  const called = name.trim().slice(0, NAME_MAX);
  if (called === '') return;
  const others = saved.value.filter((one) => one === which || one.name !== called);
  keep(others.map((one) => (one === which ? { ...one, name: called } : one)));
}

export function forget(which: SavedFilter): void {
  keep(saved.value.filter((one) => one !== which));
}

/** What another tab kept meanwhile is seen here too. */
export function keepSaved(): void {
  addEventListener('storage', () => {
    saved.value = recall();
  });
}

function keep(next: readonly SavedFilter[]): void {
  saved.value = next.slice(-SAVED_MAX);
  store(NAME, JSON.stringify(saved.value));
}

function recall(): SavedFilter[] {
  try {
    const kept: unknown = JSON.parse(stored(NAME) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept
      .filter((one) => typeof one?.name === 'string' && typeof one.text === 'string' && one.name.trim() !== '')
      .map(({ name, text }) => ({ name: name.slice(0, NAME_MAX), text: cleaned(text) }))
      .slice(-SAVED_MAX);
  } catch {
    return [];
  }
}

function cleaned(text: string): string {
  const said = readView(text);
  return viewText({ ...said, sort: said.sort ?? EVERYTHING.sort });
}
