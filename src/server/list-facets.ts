// GET /replay/facets: what the sessions of a list have in common, counted among the newest. Called by app.ts.
import type { Thresholds } from '../analysis/signals/thresholds.ts';
import { SIGNALS, type Signal } from '../format/signal.ts';
import type { App } from './context.ts';
import { elementsOf, errorsOf, sourceOf } from './list-filter.ts';
import { parseQuery } from './list-query.ts';
import type { CatalogRow } from './ports.ts';
import { thresholdsOf } from './signals-setting.ts';

/** Sessions that are looked at. */
const NEWEST = 1000;
/** Values told of each kind. */
const VALUES = 20;

export interface FacetCount {
  value: string;
  count: number;
}

/** Each most first; of a session every value counts once. */
export interface Facets {
  countries: FacetCount[];
  devices: FacetCount[];
  browsers: FacetCount[];
  systems: FacetCount[];
  sources: FacetCount[];
  entry_pages: FacetCount[];
  elements: FacetCount[];
  errors: FacetCount[];
  signals: Partial<Record<Signal, number>>;
  /** By the person who asks. */
  unwatched: number;
  live: number;
  /** How many sessions were looked at: the newest. */
  of: number;
  /** No others match. */
  is_all: boolean;
  thresholds: Thresholds;
}

export async function listFacets({ ports, keptSince }: App, params: URLSearchParams, person: string): Promise<Facets> {
  const { limit: _, after: __, ...query } = parseQuery(params, person);
  const time = { sort: 'started_at', ascending: false, offset: 0, kept_since: keptSince() } as const;
  const { rows, isAll } = await ports.catalog.newest({ ...query, ...time, limit: NEWEST });
  const ids = rows.map(({ record }) => record.session_id);
  const watched = await ports.catalog.watchedOf(person, ids);
  const signals = SIGNALS.map(
    (signal) => [signal, rows.filter(({ record }) => record.signals[signal]).length] as const,
  );
  const of = (values: (row: CatalogRow) => (string | null)[]) => counted(rows, values);
  return {
    countries: of(({ record }) => [record.country]),
    devices: of(({ record }) => [record.device]),
    browsers: of(({ record }) => [record.browser]),
    systems: of(({ record }) => [record.os]),
    sources: of(({ record }) => [sourceOf(record)]),
    entry_pages: of(({ record }) => [record.entry_page]),
    elements: of(elementsOf),
    errors: of(errorsOf),
    signals: Object.fromEntries(signals.filter(([, count]) => count > 0)),
    unwatched: rows.length - watched.size,
    live: rows.filter(({ record }) => record.status === 'live').length,
    of: rows.length,
    is_all: isAll,
    thresholds: thresholdsOf(ports),
  };
}

/** What differs by case alone is one value, as it is to a filter; of how it is written a row of an earlier version knows the lower case only. */
function counted(rows: CatalogRow[], valuesOf: (row: CatalogRow) => (string | null)[]): FacetCount[] {
  const counts = new Map<string, FacetCount>();
  for (const row of rows) {
    const seen = new Set<string>();
    for (const value of valuesOf(row)) {
      const key = value?.toLowerCase();
      if (!value || !key || seen.has(key)) continue;
      seen.add(key);
      const one = counts.get(key);
      if (!one) counts.set(key, { value, count: 1 });
      else {
        one.count++;
        if (one.value === key) one.value = value;
      }
    }
  }
  const most = [...counts.values()].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return most.slice(0, VALUES);
}
