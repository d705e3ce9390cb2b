// The first page of the list as it was asked for by first-request.ts, a script before the viewer's own: the global that hands it over. Used by both scripts.
import { SORTS } from '../format/list.ts';
import { stored } from './browser-storage.ts';
import { EVERYTHING, readView, type View } from './filters.ts';

export interface FirstAsked {
  key: string;
  /** Of the address that it was asked for. */
  hash: string;
  answer: Promise<Response>;
}

/** Under which name the order is remembered, for lists whose address does not say. */
export const SORT = 'sort';

const place = globalThis as { firstAsked?: FirstAsked | null };

export function keepAsked(asked: FirstAsked): void {
  place.firstAsked = asked;
}

/** Once, and only what was asked with this key where the address is the same; null: there is none. */
export function takeAsked(key: string): Promise<Response> | null {
  const asked = place.firstAsked;
  place.firstAsked = null;
  return asked?.key === key && asked.hash === location.hash ? asked.answer : null;
}

/** What the address asks for, in the order that is remembered where it does not say. */
export function viewAt(hash: string): View {
  const said = readView(hash);
  return { ...said, sort: said.sort ?? SORTS.find((known) => known === stored(SORT)) ?? EVERYTHING.sort };
}
