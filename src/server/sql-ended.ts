// Sessions that have ended, found by their facets: from the newest or the oldest on, and never more than a bounded number of them. Called by sql-narrowed.ts.
import { queryOf, spanGroup } from './facets.ts';
import type { Row } from './list-filter.ts';
import { type Asked, type Count, type Found, isAfter, type Place, placeBefore, placeOf } from './list-place.ts';
import { conditionsOf, wordConditions } from './sql-conditions.ts';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { fitting, LOOKED_AT } from './sql-fitting.ts';
import { boundsOf, idFrom, msOf, PLACES } from './sql-places.ts';
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
  private readonly db: SqlDatabase;
  private readonly asked: Asked;
  private readonly plan: Plan;
  /** Whether a session fits, in SQL; null: all that the facets find do. */
  private readonly fits: string | null;
  private readonly params: SqlValue[];
  private counted: Promise<Count> | null = null;

  constructor(db: SqlDatabase, asked: Asked, plan: Plan, someExpired: boolean) {
    this.db = db;
    this.asked = asked;
    this.plan = plan;
    const { watched: _, ...others } = asked.filter;
    const filter = plan.isOfWatched ? others : asked.filter;
    const all = [...conditionsOf({ ...asked, filter }, someExpired), ...wordConditions(asked)];
    this.fits = all.map(({ sql }) => sql).join(' AND ') || null;
    this.params = all.flatMap(({ params }) => params);
  }

  /** All that fit, where the facets find few. */
  async few(): Promise<Row[]> {
    const [low, high] = boundsOf(this.asked.filter);
    const { sql, params } = this.scan({ low, high, match: this.plan.match }, LOOKED_AT_MAX, false);
    const ids = `SELECT f.session_id FROM (${sql}) AS i CROSS JOIN session_facts AS f ON f.id = i.id`;
    const rows = await this.db.all(`SELECT ${LOOKED_AT} FROM session WHERE session_id IN (${ids})`, params);
    return fitting(this.db, this.asked, rows);
  }

  /** How many fit of the newest `SCANNED_MAX` of those that the facets find. */
  count(): Promise<Count> {
    this.counted ??= this.readCount();
    return this.counted;
  }

  private async readCount(): Promise<Count> {
    const { isCut, ...stretch } = await this.stretch(false);
    const { sql, params } = this.scan(stretch, SCANNED_MAX + 1, false);
    const fits = this.fits ? `sum(${this.fits})` : 'count(*)';
    const facts = this.fits ? 'CROSS JOIN session_facts AS f ON f.id = i.id' : '';
    const count = `SELECT count(*) AS scanned, ${fits} AS fit FROM (${sql}) AS i ${facts}`;
    const [row] = await this.db.all(count, [...this.params, ...params]);
    return { fit: Number(row?.fit ?? 0), isCut: isCut || Number(row?.scanned) > SCANNED_MAX };
  }

  /** From the newest, or the oldest, in ever longer stretches until there are enough. `count`: where as much was looked at as is to count them. */
  async byTime(): Promise<Found & { count?: Count }> {
    const { ascending, after, offset, limit } = this.asked;
    let { low, high, match, isCut } = await this.stretch(ascending, after?.started_at);
    /** The ms before the stretch, as one goes: all of the stretch was looked at. */
    const beyond = isCut ? (ascending ? msOf(high) + 1 : msOf(low) - 1) : null;
    const places: Place[] = [];
    const fits = this.fits ?? '1';
    // An offset reaches as far as is looked. What was watched would be put in order anew for each stretch.
    let length = this.plan.isOfWatched ? SCANNED_MAX + 1 : Math.min(offset + limit + SPARE, SCANNED_MAX);
    for (let scanned = 0; ; ) {
      const { sql, params } = this.scan({ low, high, match }, length, ascending);
      const rows = await this.db.all(
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
      const stoppedAt = isLast ? beyond : end;
      if (isLast || (whole.length > 0 && (places.length >= offset + limit || scanned >= SCANNED_MAX))) {
        const stopped = stoppedAt === null ? null : placeBefore(this.asked, stoppedAt);
        const isCounted = !after && !ascending && (isLast || scanned >= SCANNED_MAX);
        return { places, stopped, ...(isCounted && { count: { fit: places.length, isCut: stopped !== null } }) };
      }
      if (whole.length > 0 && ascending) low = idFrom(end);
      if (whole.length > 0 && !ascending) high = idFrom(end) + PLACES - 1;
      length = Math.min(length * 4, whole.length > 0 ? Math.max(SCANNED_MAX - scanned, SPARE) : SCANNED_MAX);
    }
  }

  /** Whether the facets find more than so many, or may. */
  async isMany(most: number): Promise<boolean> {
    if (this.plan.isOfWatched) return false;
    if (this.fits === null) {
      const { fit, isCut } = await this.count();
      return isCut || fit > most;
    }
    const { isCut, ...stretch } = await this.stretch(false);
    if (isCut) return true;
    const { sql, params } = this.scan(stretch, most + 1, false);
    const [row] = await this.db.all(`SELECT count(*) AS count FROM (${sql})`, params);
    return Number(row?.count) > most;
  }

  /** By a number, of the newest `SCANNED_MAX` alone, which are counted as well. */
  async byValue(): Promise<Found & { count: Count }> {
    const { sort, ascending, after, offset, limit } = this.asked;
    const { isCut, ...stretch } = await this.stretch(false);
    const { sql, params } = this.scan(stretch, SCANNED_MAX + 1, false);
    const [direction, isBeyond] = ascending ? ['', '>'] : ['DESC', '<'];
    const fits = this.fits ?? '1';
    const rest = after ? `AND (value, started_at, session_id) ${isBeyond} (?, ?, ?)` : '';
    const order = ['value', 'started_at', 'session_id'].map((column) => `${column} ${direction}`).join();
    const rows = await this.db.all(
      `WITH looked_at AS MATERIALIZED (SELECT ${fits} AS fits, f.${sort} AS value, f.started_at, f.session_id
  FROM (${sql}) AS i CROSS JOIN session_facts AS f ON f.id = i.id)
SELECT * FROM (SELECT count(*) AS scanned, sum(fits) AS fit FROM looked_at)
LEFT JOIN (SELECT * FROM looked_at WHERE fits ${rest} ORDER BY ${order} LIMIT ?)`,
      [...this.params, ...params, ...(after ? placeOf(this.asked, after) : []), offset + limit],
    );
    const [{ scanned, fit }] = rows as [Record<string, unknown>];
    const listed = rows.filter(({ session_id }) => session_id !== null);
    const places = listed.map((row): Place => [Number(row.value), Number(row.started_at), String(row.session_id)]);
    const count = { fit: Number(fit), isCut: isCut || Number(scanned) > SCANNED_MAX };
    return { places, stopped: null, count };
  }

  /** Ids of the facts from the newest on, or the oldest, or from a time; `isCut`: not all that are asked for. */
  private async stretch(ascending: boolean, from?: number): Promise<Stretch & { isCut: boolean }> {
    const { match, reach } = this.plan;
    let [low, high] = boundsOf(this.asked.filter);
    if (from !== undefined && ascending) low = Math.max(low, idFrom(from));
    if (from !== undefined && !ascending) high = Math.min(high, idFrom(from) + PLACES - 1);
    if (reach === Number.POSITIVE_INFINITY) return { low, high, match, isCut: false };
    const [least, most] = ['min', 'max'].map(
      (which) => `(SELECT ${which}(id) FROM session_facts WHERE id BETWEEN ? AND ?)`,
    );
    const [ends] = await this.db.all(`SELECT ${least} AS least, ${most} AS most`, [low, high, low, high]);
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
    if (this.plan.isOfWatched) {
      const sql = `SELECT f.id FROM watched AS w CROSS JOIN session_facts AS f ON f.session_id = w.session_id
WHERE w.person = ? AND f.id BETWEEN ? AND ? ORDER BY f.id ${order} LIMIT ?`;
      return { sql, params: [this.asked.person ?? '', low, high, limit] };
    }
    const sql = `SELECT rowid AS id FROM session_facets WHERE session_facets MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid ${order} LIMIT ?`;
    return { sql, params: [match, low, high, limit] };
  }
}
