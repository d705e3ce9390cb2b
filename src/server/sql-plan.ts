// By which of its facets a list is looked for, and how far back in one go, so that no combination of them takes long. Called by sql-narrowed.ts.
import { type FacetGroup, facetGroups, queryOf } from './facets.ts';
import type { Asked } from './list-place.ts';
import type { SqlDatabase } from './sql-database.ts';
import { boundsOf, PLACES } from './sql-places.ts';

/** Microseconds for each session of the index that a filter costs where several are intersected; measured with values that a third of the sessions have. */
const ONE_VALUE = 0.01;
const ANY_VALUE = 0.06;
/** More steps than these hold most of what a range has: that is looked at in the facts. */
const STEPS_MAX = 6;

export interface Limits {
  /** Microseconds, by these figures, for which facets are intersected. */
  work: number;
  /** So few are read and looked at one by one: of those that a facet finds, and of those that a person has watched or that have a word. */
  rare: number;
  few: number;
  /** Where more match, an order by a number is read along its index. */
  many: number;
  /** Rows that are read there and looked at, for one page. */
  read: number;
}

export const LIMITS: Limits = { work: 20_000, rare: 1000, few: 2000, many: 10_000, read: 1000 };

export interface Plan {
  /** A query of FTS5 that finds at least all that fit. */
  match: string;
  /** It finds so few that nothing else needs to be asked of the index. */
  isRare: boolean;
  /** Nothing is asked of the index: what the person has watched is all there is to look at. */
  isOfWatched: boolean;
  /** How many ids may lie between the first and the last that are looked at in one go. */
  reach: number;
}

export async function planOf(
  db: SqlDatabase,
  { filter, visitor_id, person = '' }: Asked,
  limits: Limits,
): Promise<Plan> {
  const groups = facetGroups(filter, visitor_id);
  const [low, high] = boundsOf(filter);
  const all = { match: queryOf(groups), isRare: false, isOfWatched: false, reach: Number.POSITIVE_INFINITY };
  if (groups.length === 0 && filter.watched) {
    const [marks] = await db.all('SELECT count(*) AS count FROM (SELECT 1 FROM watched WHERE person = ? LIMIT ?)', [
      person,
      limits.many + 1,
    ]);
    return { ...all, isOfWatched: Number(marks?.count) <= limits.many };
  }
  if (costOf(groups) === 0) return all;
  const [facts] = await db.all(
    `SELECT (SELECT min(id) FROM session_facts) AS first, (SELECT max(id) FROM session_facts) AS last,
(SELECT value FROM catalog_state WHERE name = 'sessions') AS sessions`,
    [],
  );
  const sessions = Number(facts?.sessions ?? 0);
  if (costOf(groups) * sessions <= limits.work) return all;
  const count = `SELECT count(*) AS count FROM (SELECT 1 FROM session_facets
WHERE session_facets MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?)`;
  for (const group of groups) {
    const match = queryOf([group]);
    const [row] = await db.all(count, [match, low, high, limits.rare + 1]);
    if (Number(row?.count) <= limits.rare) return { ...all, match, isRare: true };
  }
  const kept = groups.filter(({ isRange, words }) => !isRange || words.length <= STEPS_MAX);
  const each = (Number(facts?.last) - Number(facts?.first)) / sessions;
  const most = limits.work / costOf(kept);
  const reach = most >= sessions ? Number.POSITIVE_INFINITY : Math.max(PLACES, Math.floor(most * each));
  return { ...all, match: queryOf(kept), reach };
}

/** Of one session. Of a single filter nothing is passed over: as much is read of it as is found. */
function costOf(groups: FacetGroup[]): number {
  if (groups.length <= 1) return 0;
  return groups.reduce((sum, { words }) => sum + (words.length > 1 ? ANY_VALUE : ONE_VALUE), 0);
}
