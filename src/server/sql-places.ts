// The ids of session_facts: in the order of a list, so that the index of facets is read in that order. Used by the files of SQL beside it.
import type { ListFilter } from './list-filter.ts';

/** Sessions that begin in the same ms have this many ids. */
export const PLACES = 2048;
/** Epoch ms within which ids are whole numbers that JavaScript can hold. */
const MS_MAX = Math.floor(Number.MAX_SAFE_INTEGER / PLACES) - 1;

/** The first id of those that begin at this ms. */
export const idFrom = (startedAt: number): number => Math.min(MS_MAX, Math.max(-MS_MAX, startedAt)) * PLACES;

/** Epoch ms at which the session of an id begins. */
export const msOf = (id: unknown): number => Math.floor(Number(id) / PLACES);

/** Ids of the facts between which the sessions lie that are asked for. */
export function boundsOf({ from, to }: ListFilter): [low: number, high: number] {
  const low = from === undefined ? -Number.MAX_SAFE_INTEGER : idFrom(from);
  return [low, to === undefined ? Number.MAX_SAFE_INTEGER : idFrom(to) + PLACES - 1];
}
