// Sessions that have ended in the order of a number, read along its index: however many there are. Called by sql-narrowed.ts.
import { facetGroups } from './facets.ts';
import { type Asked, type Found, isAfter, type Place, placeBefore } from './list-place.ts';
import { conditionsOf } from './sql-conditions.ts';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { SCANNED_MAX, SPARE } from './sql-ended.ts';
import { fitting, rowsOf } from './sql-fitting.ts';
import { boundsOf, idFrom, msOf, PLACES } from './sql-places.ts';

/** The page that is asked for; fewer, and where it was stopped, where `SCANNED_MAX` were looked at in vain, or `read` where the index and the facts do not tell all. */
export async function byIndex(db: SqlDatabase, asked: Asked, someExpired: boolean, read: number): Promise<Found> {
  const { filter, after, offset, limit, visitor_id, words, ascending } = asked;
  const groups = facetGroups(filter, visitor_id).filter(({ isRange }) => !isRange);
  const isRead = groups.length > 0 || words.long.length > 0 || words.short.length > 0;
  const most = isRead ? read : SCANNED_MAX;
  const next = reader(db, asked, someExpired);
  const places: Place[] = [];
  // Those of one ms are in no order here: where a page begins, all of its ms are looked at again.
  let at = after ? { value: after.value ?? 0, id: edgeOf(after.started_at, ascending) } : null;
  let length = Math.min(offset + limit + SPARE, most);
  for (let scanned = 0; ; length = Math.min(length * 4, most)) {
    const rows = await next(at, length);
    scanned += rows.length;
    const last = rows.at(-1);
    const isLast = rows.length < length || last === undefined;
    const isOpen = (row: Scanned) => !isLast && row.value === last.value && msOf(row.id) === msOf(last.id);
    // Of the last ms there may be more.
    const whole = rows.filter((row) => !isOpen(row));
    const likely = whole.flatMap(({ fits, value, started_at, session_id }): Place[] => {
      const place: Place = [value, started_at, session_id];
      return fits && isAfter(asked, place) ? [place] : [];
    });
    places.push(...(isRead ? await fittingOf(db, asked, likely) : likely));
    if (isLast) return { places, stopped: null };
    if (places.length >= offset + limit || (scanned >= most && whole.length > 0)) {
      return { places, stopped: placeBefore(asked, msOf(last.id), last.value) };
    }
    if (whole.length > 0) at = { value: last.value, id: edgeOf(msOf(last.id), ascending) };
  }
}

interface Scanned {
  id: number;
  value: number;
  started_at: number;
  session_id: string;
  fits: boolean;
}

/** The first id of a ms, or the last, as one goes. */
function edgeOf(startedAt: number, ascending: boolean): number {
  return idFrom(startedAt) + (ascending ? 0 : PLACES - 1);
}

/** Gives the next so many of the order, those at a place first. */
function reader(db: SqlDatabase, asked: Asked, someExpired: boolean) {
  const { sort, ascending, filter } = asked;
  const [low, high] = boundsOf(filter);
  const conditions = [
    ...conditionsOf(asked, someExpired),
    { sql: '+f.id BETWEEN ? AND ?', params: [low, high] as SqlValue[] },
  ];
  const fits = conditions.map(({ sql }) => sql).join(' AND ');
  const params = conditions.flatMap((one) => one.params);
  const [direction, beyond] = ascending ? ['', '>'] : ['DESC', '<'];
  const range = filter.ranges[sort as keyof typeof filter.ranges];
  const inRange = range ? [`f.${sort} BETWEEN ? AND ?`] : [];
  const read = async (where: string[], more: SqlValue[], length: number): Promise<Scanned[]> => {
    const rows = await db.all(
      `SELECT f.id, f.${sort} AS value, f.started_at, f.session_id, ${fits} AS fits
FROM session_facts AS f INDEXED BY session_facts_by_${sort} WHERE ${[...where, ...inRange].join(' AND ') || '1'}
ORDER BY f.${sort} ${direction}, f.id ${direction} LIMIT ?`,
      [...params, ...more, ...(range ?? []), length],
    );
    return rows.map((row) => ({
      id: Number(row.id),
      value: Number(row.value),
      started_at: Number(row.started_at),
      session_id: String(row.session_id),
      fits: Boolean(row.fits),
    }));
  };
  return async (at: { value: number; id: number } | null, length: number): Promise<Scanned[]> => {
    if (!at) return read([], [], length);
    // Two questions: of one, SQLite would read all that have this number.
    const same = await read([`f.${sort} = ?`, `f.id ${beyond}= ?`], [at.value, at.id], length);
    if (same.length === length) return same;
    return [...same, ...(await read([`f.${sort} ${beyond} ?`], [at.value], length - same.length))];
  };
}

async function fittingOf(db: SqlDatabase, asked: Asked, places: Place[]): Promise<Place[]> {
  const rows = await rowsOf(
    db,
    places.map(([, , id]) => id),
  );
  const fit = new Set((await fitting(db, asked, rows)).map(({ record }) => record.session_id));
  return places.filter(([, , id]) => fit.has(id));
}
