// A list that is narrowed by filters, or in another order than by time: bounded work, whatever is asked. Called by sql-catalog.ts.
import { facetGroups, queryOf, spanGroup } from './facets.ts';
import { isEmpty, type ListFilter, matches, type Row, type Sort } from './list-filter.ts';
import type { CatalogQuery, ListPlace } from './ports.ts';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { expiredRows, rowsWith, wordsOf } from './sql-filter.ts';
import { countRows } from './sql-list.ts';
import { LISTED, portions } from './sql-lists.ts';
import { idFrom, PLACES } from './sql-places.ts';
import { LIMITS, type Plan, planOf } from './sql-plan.ts';
import { ROW, recordOf } from './sql-record.ts';
import { watchedOf } from './sql-watched.ts';

/** Sessions that have ended and are looked at for one page, and once more to count. */
export const SCANNED_MAX = 10_000;
/** Running ones, the newest; and those that a person has watched, or that have a rare word. */
export const LOOKED_AT_MAX = 2000;
/** More than a page has, so that most pages are read in one go. */
const SPARE = 32;
export interface Narrowed {
  rows: Row[];
  total: number;
  /** There may be more than `total`. */
  isFloor: boolean;
  /** The rows so far are all there are up to here; more may come after it. */
  stopped: ListPlace | null;
  /** The order is that of so many of the newest alone; null: of all. */
  sortedOf: number | null;
}

/** What is asked for, with nothing left out. */
interface Asked extends CatalogQuery {
  filter: ListFilter;
  sort: Sort;
  ascending: boolean;
  words: ReturnType<typeof wordsOf>;
}

const EVERYTHING: ListFilter = { choices: {}, ranges: {} };

/** Whether the list by time, for which there are indexes, cannot answer. */
export function isNarrowed({ filter = EVERYTHING, sort = 'started_at', ascending = false }: CatalogQuery): boolean {
  return !isEmpty(filter) || sort !== 'started_at' || ascending;
}

export async function listNarrowed(db: SqlDatabase, query: CatalogQuery, limits = LIMITS): Promise<Narrowed> {
  const asked = { ...query, ...defaultsOf(query) };
  const whole = (rows: Row[], isFloor: boolean): Narrowed => {
    const page = pageOf(asked, placesOf(asked, rows), null);
    const total = rows.length;
    return { rows: inOrder(page.ids, rows), total, isFloor, stopped: null, sortedOf: null };
  };
  const few = await fewRows(db, asked);
  if (few) return whole(few.rows, few.isCut);
  const live = await liveRows(db, asked);
  const groups = facetGroups(asked.filter, asked.visitor_id);
  const plan = await planOf(db, groups, boundsOf(asked.filter), limits);
  const ended = asked.filter.status === 'live' ? NONE : new Ended(asked, plan, await someExpired(db, asked));
  if (plan.isRare) return whole([...live.rows, ...(await ended.few(db))], live.isCut);
  const count = isEmpty(asked.filter) ? await exactly(db, query, live.rows.length) : await ended.count(db);
  const found = await (asked.sort === 'started_at' ? ended.byTime(db) : ended.byValue(db));
  const page = pageOf(asked, [...placesOf(asked, live.rows), ...found.places], found.stopped);
  const isLive = new Set(live.rows.map(({ record }) => record.session_id));
  const rows = inOrder(page.ids, [
    ...live.rows,
    ...(await rowsOf(
      db,
      page.ids.filter((id) => !isLive.has(id)),
    )),
  ]);
  return {
    rows,
    total: Math.max(live.rows.length + count.fit, rows.length),
    isFloor: live.isCut || count.isCut,
    stopped: page.stopped,
    sortedOf:
      asked.sort !== 'started_at' && (count.isCut || count.fit > SCANNED_MAX) ? Math.min(SCANNED_MAX, count.fit) : null,
  };
}

/** Nothing is left out for which counting would need to look at more than an index. */
async function exactly(db: SqlDatabase, query: CatalogQuery, live: number): Promise<{ fit: number; isCut: boolean }> {
  const { total } = await countRows(db, query);
  return { fit: total - live, isCut: false };
}

/** The newest sessions of a list, at most `limit`, to be counted by what they have in common. */
export async function newestRows(db: SqlDatabase, query: CatalogQuery): Promise<{ rows: Row[]; isAll: boolean }> {
  const { rows, stopped } = await listNarrowed(db, { ...query, limit: query.limit + 1, offset: 0 });
  return { rows: rows.slice(0, query.limit), isAll: rows.length <= query.limit && stopped === null };
}

function defaultsOf({ filter = EVERYTHING, sort = 'started_at', ascending = false, q }: CatalogQuery) {
  return { filter, sort, ascending, words: wordsOf(q) };
}

/** All rows that fit, where something asked for is rare; null: nothing is. */
async function fewRows(db: SqlDatabase, asked: Asked): Promise<{ rows: Row[]; isCut: boolean } | null> {
  const ids = { sql: '', params: [] as SqlValue[] };
  if (asked.filter.watched) {
    ids.sql = 'SELECT session.id FROM watched JOIN session USING (session_id) WHERE person = ?';
    ids.params = [asked.person ?? ''];
  } else if (asked.words.long.length > 0) Object.assign(ids, rowsWith(asked.words.long));
  else return null;
  const sql = `SELECT ${ROW}, words FROM session WHERE id IN (SELECT id FROM (${ids.sql}) LIMIT ?)`;
  const count = `SELECT count(*) AS count FROM (SELECT 1 FROM (${ids.sql}) LIMIT ?)`;
  const [counted] = await db.all(count, [...ids.params, LOOKED_AT_MAX + 1]);
  const isCut = Number(counted?.count) > LOOKED_AT_MAX;
  if (isCut && !asked.filter.watched) return null;
  return { rows: await fitting(db, asked, await db.all(sql, [...ids.params, LOOKED_AT_MAX])), isCut };
}

async function liveRows(db: SqlDatabase, asked: Asked): Promise<{ rows: Row[]; isCut: boolean }> {
  if (asked.filter.status === 'ended') return { rows: [], isCut: false };
  const order = 'ORDER BY started_at DESC, session_id DESC LIMIT ?';
  const rows = await db.all(`SELECT ${ROW}, words FROM session WHERE status = 'live' ${order}`, [LOOKED_AT_MAX + 1]);
  return { rows: await fitting(db, asked, rows.slice(0, LOOKED_AT_MAX)), isCut: rows.length > LOOKED_AT_MAX };
}

async function fitting(db: SqlDatabase, asked: Asked, rows: Record<string, unknown>[]): Promise<Row[]> {
  const { filter, visitor_id, kept_since, person = '', words } = asked;
  const ids = rows.map(({ session_id }) => String(session_id));
  const watched = filter.watched === undefined ? new Set<string>() : await watchedOf(db, person, ids);
  return rows.flatMap((row) => {
    const record = recordOf(row);
    const search_text = String(row.words);
    if (!record || (visitor_id !== undefined && record.visitor_id !== visitor_id)) return [];
    if ((record.imported_at ?? record.ended_at) < (kept_since ?? Number.NEGATIVE_INFINITY)) return [];
    if (![...words.long, ...words.short].every((word) => search_text.includes(word))) return [];
    const isWatched = watched.has(record.session_id);
    return matches({ record, search_text }, filter, isWatched) ? [{ record, search_text }] : [];
  });
}

async function someExpired(db: SqlDatabase, { kept_since }: Asked): Promise<boolean> {
  if (kept_since === undefined) return false;
  const { sql, params } = expiredRows(kept_since);
  return (await db.all(`SELECT id FROM (${sql}) LIMIT 1`, params)).length > 0;
}

async function rowsOf(db: SqlDatabase, sessionIds: string[]): Promise<Row[]> {
  const found: Row[] = [];
  for (const ids of portions(sessionIds)) {
    const rows = await db.all(`SELECT ${ROW}, words FROM session WHERE session_id IN ${LISTED}`, [ids]);
    for (const row of rows) {
      const record = recordOf(row);
      if (record) found.push({ record, search_text: String(row.words) });
    }
  }
  return found;
}

/** The page that is asked for, of places among which all of it is. */
function pageOf(asked: Asked, places: Place[], stopped: ListPlace | null) {
  const { after, offset, limit } = asked;
  const isDone = (place: Place) => after !== undefined && compare(asked, place, placeOf(asked, after)) <= 0;
  // Beyond where it was stopped there may be others that come first.
  const isFar = (place: Place) => stopped !== null && compare(asked, place, placeOf(asked, stopped)) > 0;
  const sorted = places.filter((place) => !isDone(place) && !isFar(place)).sort((a, b) => compare(asked, a, b));
  const ids = sorted.slice(offset, offset + limit).map(([, , id]) => id);
  return { ids, stopped: sorted.length > offset + limit ? null : stopped };
}

function placesOf({ sort }: Asked, rows: Row[]): Place[] {
  return rows.map(({ record }) => [record[sort], record.started_at, record.session_id]);
}

function inOrder(ids: string[], rows: Row[]): Row[] {
  const byId = new Map(rows.map((row) => [row.record.session_id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

type Place = [value: number, startedAt: number, sessionId: string];

function placeOf({ sort }: Asked, { value, started_at, session_id }: ListPlace): Place {
  return [sort === 'started_at' ? started_at : (value ?? 0), started_at, session_id];
}

/** Below 0 where `a` comes first. */
function compare({ ascending }: Asked, a: Place, b: Place): number {
  const order = a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
  return ascending ? order : -order;
}

/** Ids of facts, and what they are found by. */
interface Stretch {
  low: number;
  high: number;
  match: string;
}

interface Found {
  places: Place[];
  stopped: ListPlace | null;
}

/** Sessions that have ended. */
class Ended {
  private readonly asked: Asked;
  private readonly plan: Plan;
  /** What the facets do not tell, of a row `f` of session_facts. */
  private readonly conditions: string[] = [];
  private readonly params: SqlValue[] = [];

  constructor(asked: Asked, plan: Plan, someExpired: boolean) {
    this.asked = asked;
    this.plan = plan;
    const { filter, kept_since, person, words } = asked;
    for (const [measure, range] of Object.entries(filter.ranges)) {
      this.require(`f.${measure} BETWEEN ? AND ?`, ...range);
    }
    if (someExpired) this.require('f.kept_from >= ?', kept_since!);
    const isWatched = 'EXISTS (SELECT 1 FROM watched AS w WHERE w.person = ? AND w.session_id = f.session_id)';
    if (filter.watched === false) this.require(`NOT ${isWatched}`, person ?? '');
    for (const word of [...words.long, ...words.short]) {
      const has = 'SELECT 1 FROM session AS s WHERE s.session_id = f.session_id AND instr(s.words, ?) > 0';
      this.require(`EXISTS (${has})`, word);
    }
  }

  private require(condition: string, ...params: SqlValue[]): void {
    this.conditions.push(condition);
    this.params.push(...params);
  }

  /** All that fit, where the facets find few. */
  async few(db: SqlDatabase): Promise<Row[]> {
    const [low, high] = boundsOf(this.asked.filter);
    const { sql, params } = this.scan({ low, high, match: this.plan.match }, LOOKED_AT_MAX, false);
    const ids = `SELECT f.session_id FROM (${sql}) AS i CROSS JOIN session_facts AS f ON f.id = i.id`;
    return fitting(
      db,
      this.asked,
      await db.all(`SELECT ${ROW}, words FROM session WHERE session_id IN (${ids})`, params),
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
    const isNew = (place: Place) => !after || compare(this.asked, place, placeOf(this.asked, after)) > 0;
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
        if (fits && isNew(place)) places.push(place);
      }
      if (isLast) return { places, stopped: beyond === null ? null : this.stoppedAt(beyond) };
      if (places.length >= offset + limit) return { places, stopped: this.stoppedAt(end) };
      if (scanned >= SCANNED_MAX && whole.length > 0) return { places, stopped: this.stoppedAt(end) };
      if (whole.length > 0 && ascending) low = idFrom(end);
      if (whole.length > 0 && !ascending) high = idFrom(end) + PLACES - 1;
      length = Math.min(length, SCANNED_MAX / 4);
    }
  }

  /** All that began at this time comes after it, and all before it was looked at. Ids begin with `-` at the earliest and end with `z` at the latest. */
  private stoppedAt(startedAt: number): ListPlace {
    return this.asked.ascending
      ? { started_at: startedAt - 1, session_id: 'z'.repeat(128) }
      : { started_at: startedAt + 1, session_id: '-' };
  }

  async byValue(db: SqlDatabase): Promise<Found> {
    const { sort, ascending, after, offset, limit } = this.asked;
    const { sql, params } = this.scan(await this.stretch(db, false), SCANNED_MAX, false);
    const [direction, isAfter] = ascending ? ['', '>'] : ['DESC', '<'];
    const conditions = [...this.conditions];
    const more: SqlValue[] = [];
    if (after) {
      conditions.push(`(f.${sort}, f.started_at, f.session_id) ${isAfter} (?, ?, ?)`);
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
function boundsOf({ from, to }: ListFilter): [low: number, high: number] {
  const low = from === undefined ? -Number.MAX_SAFE_INTEGER : idFrom(from);
  return [low, to === undefined ? Number.MAX_SAFE_INTEGER : idFrom(to) + PLACES - 1];
}

const msOf = (id: unknown): number => Math.floor(Number(id) / PLACES);

/** Where only running ones are asked for. */
const NONE = {
  few: async (): Promise<Row[]> => [],
  count: async () => ({ fit: 0, isCut: false }),
  byTime: async (): Promise<Found> => ({ places: [], stopped: null }),
  byValue: async (): Promise<Found> => ({ places: [], stopped: null }),
};
