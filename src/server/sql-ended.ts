// Sessions that have ended, found by their facets: from the newest or the oldest on, and never more than a bounded number of them. Called by sql-narrowed.ts.
import { queryOf, spanGroup } from './facets.ts';
import type { ListFilter, Row } from './list-filter.ts';
import { type Asked, type Found, isAfter, type Place, placeBefore, placeOf } from './list-place.ts';
import { conditionsOf, wordConditions } from './sql-conditions.ts';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { fitting, LOOKED_AT } from './sql-fitting.ts';
import { idFrom, msOf, PLACES } from './sql-places.ts';
import type { Plan } from './sql-plan.ts';

/** Sessions that are looked at for one page, and once more to count. */
export const SCANNED_MAX = 10_000;
/** Running ones, the newest; and those that a rare facet finds. */
export const LOOKED_AT_MAX = 2000;
/** More than a page has, so that most pages are read in one go. */
export const SPARE = 32;

/** Ids of facts, and what they are found by. */
interface Stretch {
  low: number;
  high: number;
  match: string;
}

/** Sessions that have ended. */
export class Ended {
  private readonly asked: Asked;
  private readonly plan: Plan;
  private readonly conditions: string[];
  private readonly params: SqlValue[];

  constructor(asked: Asked, plan: Plan, someExpired: boolean) {
    this.asked = asked;
    this.plan = plan;
    const all = [...conditionsOf(asked, someExpired), ...wordConditions(asked)];
    this.conditions = all.map(({ sql }) => sql);
    this.params = all.flatMap(({ params }) => params);
  }

  /** All that fit, where the facets find few. */
  async few(db: SqlDatabase): Promise<Row[]> {
    const [low, high] = boundsOf(this.asked.filter);
    const { sql, params } = this.scan({ low, high, match: this.plan.match }, LOOKED_AT_MAX, false);
    const ids = `SELECT f.session_id FROM (${sql}) AS i CROSS JOIN session_facts AS f ON f.id = i.id`;
    return fitting(
      db,
      this.asked,
      await db.all(`SELECT ${LOOKED_AT} FROM session WHERE session_id IN (${ids})`, params),
    );
  }

  /** How many fit of the newest `SCANNED_MAX` of those that the facets find; `isCut`: they find more, or may. */
  async count(db: SqlDatabase): Promise<{ fit: number; isCut: boolean }> {
    const { isCut, ...stretch } = await this.stretch(db, false);
    const { sql, params } = this.scan(stretch, SCANNED_MAX + 1, false);
    const fits = this.conditions.length > 0 ? `sum(${this.conditions.join(' AND ')})` : 'count(*)';
    const facts = this.conditions.length > 0 ? 'CROSS JOIN session_facts AS f ON f.id = i.id' : '';
    const count = `SELECT count(*) AS scanned, ${fits} AS fit FROM (${sql}) AS i ${facts}`;
    const [row] = await db.all(count, [...this.params, ...params]);
    return { fit: Number(row?.fit ?? 0), isCut: isCut || Number(row?.scanned) > SCANNED_MAX };
  }

  /** From the newest, or the oldest, in ever longer stretches until there are enough. */
  async byTime(db: SqlDatabase): Promise<Found> {
    const { ascending, after, offset, limit } = this.asked;
    let { low, high, match, isCut } = await this.stretch(db, ascending, after?.started_at);
    /** The ms before the stretch, as one goes: all of the stretch was looked at. */
    const beyond = isCut ? (ascending ? msOf(high) + 1 : msOf(low) - 1) : null;
    const places: Place[] = [];
    const fits = this.conditions.length > 0 ? this.conditions.join(' AND ') : '1';
    // An offset reaches as far as is looked.
    let length = Math.min(offset + limit + SPARE, SCANNED_MAX);
    for (let scanned = 0; ; length *= 4) {
      const { sql, params } = this.scan({ low, high, match }, length, ascending);
      const rows = await db.all(
        `SELECT f.id, f.session_id, f.started_at, ${fits} AS fits FROM (${sql}) AS i CROSS JOIN session_facts AS f ON f.id = i.id`,
        [...this.params, ...params],
      );
      scanned += rows.length;
      const isLast = rows.length < length;
      const end = isLast ? Number.NaN : msOf(rows.at(-1)!.id);
      // Those of one ms are in no order here: of the last one there may be more.
      const whole = isLast ? rows : rows.filter(({ id }) => msOf(id) !== end);
      for (const { session_id, started_at, fits } of whole) {
        const place: Place = [Number(started_at), Number(started_at), String(session_id)];
        if (fits && isAfter(this.asked, place)) places.push(place);
      }
      if (isLast) return { places, stopped: beyond === null ? null : placeBefore(this.asked, beyond) };
      if (places.length >= offset + limit) return { places, stopped: placeBefore(this.asked, end) };
      if (scanned >= SCANNED_MAX && whole.length > 0) return { places, stopped: placeBefore(this.asked, end) };
      if (whole.length > 0 && ascending) low = idFrom(end);
      if (whole.length > 0 && !ascending) high = idFrom(end) + PLACES - 1;
      length = Math.min(length, SCANNED_MAX / 4);
    }
  }

  /** By a number, of the newest `SCANNED_MAX` alone. */
  async byValue(db: SqlDatabase): Promise<Found> {
    const { sort, ascending, after, offset, limit } = this.asked;
    const { sql, params } = this.scan(await this.stretch(db, false), SCANNED_MAX, false);
    const [direction, isBeyond] = ascending ? ['', '>'] : ['DESC', '<'];
    const conditions = [...this.conditions];
    const more: SqlValue[] = [];
    if (after) {
      conditions.push(`(f.${sort}, f.started_at, f.session_id) ${isBeyond} (?, ?, ?)`);
      more.push(...placeOf(this.asked, after));
    }
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const order = [sort, 'started_at', 'session_id'].map((column) => `f.${column} ${direction}`).join();
    const rows = await db.all(
      `SELECT f.${sort} AS value, f.started_at, f.session_id FROM (${sql}) AS i CROSS JOIN session_facts AS f ON f.id = i.id ${where} ORDER BY ${order} LIMIT ?`,
      [...params, ...this.params, ...more, offset + limit],
    );
    const places = rows.map((row): Place => [Number(row.value), Number(row.started_at), String(row.session_id)]);
    return { places, stopped: null };
  }

  /** Ids of the facts from the newest on, or the oldest, or from a time; `isCut`: not all that are asked for. */
  private async stretch(db: SqlDatabase, ascending: boolean, from?: number): Promise<Stretch & { isCut: boolean }> {
    const { match, reach } = this.plan;
    let [low, high] = boundsOf(this.asked.filter);
    if (from !== undefined && ascending) low = Math.max(low, idFrom(from));
    if (from !== undefined && !ascending) high = Math.min(high, idFrom(from) + PLACES - 1);
    if (reach === Number.POSITIVE_INFINITY) return { low, high, match, isCut: false };
    const [least, most] = ['min', 'max'].map(
      (which) => `(SELECT ${which}(id) FROM session_facts WHERE id BETWEEN ? AND ?)`,
    );
    const [ends] = await db.all(`SELECT ${least} AS least, ${most} AS most`, [low, high, low, high]);
    if (ends?.least == null) return { low, high, match, isCut: false };
    const [first, last] = [msOf(ends.least), msOf(ends.most)];
    const ms = Math.max(1, Math.floor(reach / PLACES));
    if (last - first <= ms) return { low, high, match, isCut: false };
    // Else an index in which nothing fits would be read to its end.
    const span = ascending ? spanGroup(first, first + ms) : spanGroup(last - ms, last);
    const within = span ? `(${match}) AND ${queryOf([span])}` : match;
    if (ascending) return { low, high: (first + ms) * PLACES + PLACES - 1, match: within, isCut: true };
    return { low: (last - ms) * PLACES, high, match: within, isCut: true };
  }

  private scan({ low, high, match }: Stretch, limit: number, ascending: boolean): { sql: string; params: SqlValue[] } {
    const order = ascending ? '' : 'DESC';
    const sql = `SELECT rowid AS id FROM session_facets WHERE session_facets MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid ${order} LIMIT ?`;
    return { sql, params: [match, low, high, limit] };
  }
}

/** Ids of the facts between which the sessions lie that are asked for. */
export function boundsOf({ from, to }: ListFilter): [low: number, high: number] {
  const low = from === undefined ? -Number.MAX_SAFE_INTEGER : idFrom(from);
  return [low, to === undefined ? Number.MAX_SAFE_INTEGER : idFrom(to) + PLACES - 1];
}

/** Where only running ones are asked for. */
export const NONE: Pick<Ended, 'few' | 'count' | 'byTime' | 'byValue'> = {
  few: async (): Promise<Row[]> => [],
  count: async () => ({ fit: 0, isCut: false }),
  byTime: async (): Promise<Found> => ({ places: [], stopped: null }),
  byValue: async (): Promise<Found> => ({ places: [], stopped: null }),
};
