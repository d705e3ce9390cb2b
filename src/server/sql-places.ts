// The ids of session_facts: in the order of a list, so that the index of facets is read in that order. Used by sql-rows.ts and sql-narrowed.ts.

/** Sessions that begin in the same ms have this many ids. */
export const PLACES = 2048;
/** Epoch ms within which ids are whole numbers that JavaScript can hold. */
const MS_MAX = Math.floor(Number.MAX_SAFE_INTEGER / PLACES) - 1;

/** The first id of those that begin at this ms. */
export const idFrom = (startedAt: number): number => Math.min(MS_MAX, Math.max(-MS_MAX, startedAt)) * PLACES;
