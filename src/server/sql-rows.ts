// Rows of the catalog as statements of SQL. Called by sql-catalog.ts.
import { SORTS } from '../format/list.ts';
import { facetsOf } from './facets.ts';
import type { CatalogRow } from './ports.ts';
import { type SqlStatement, statement } from './sql-database.ts';
import { LISTED } from './sql-lists.ts';
import { idFrom, PLACES } from './sql-places.ts';

/** Characters of rows that one parameter holds; D1 takes 2 MB. */
const ROWS_TEXT = 500_000;
/** Of a word of its facets, at most. */
const FACET_TEXT = 20;
/** Of a finding without its page, at most. */
const FINDING_TEXT = 600;

const COLUMNS = ['session_id', 'visitor_id', 'started_at', 'kept_from', 'ended_at', 'status', 'words', 'record'];
// Checked in the same statement: nobody can erase the session in between.
const INSERT = `INSERT INTO session (${COLUMNS.join()})
SELECT ${COLUMNS.map((_, i) => `row.value ->> ${i}`).join()} FROM json_each(?) AS row
WHERE NOT EXISTS (SELECT 1 FROM erased WHERE erased.session_id = row.value ->> 0)
ON CONFLICT (session_id) DO UPDATE SET`;
const CHANGED = ['kept_from', 'ended_at', 'words', 'record'].map((name) => `${name} = excluded.${name}`).join();
const ADD_WORDS = `INSERT OR REPLACE INTO session_words (rowid, words)
SELECT id, words FROM session WHERE session_id IN ${LISTED}`;

/** Of sessions that have ended, as their rows stand. The first id of those that began in the same ms is 2048 times that. */
const FACTS = SORTS.filter((name) => name !== 'started_at');
const MS_MAX = idFrom(Number.MAX_SAFE_INTEGER) / PLACES;
const FIRST = `max(${-MS_MAX}, min(${MS_MAX}, session.started_at)) * ${PLACES}`;
const ADD_FACTS = `INSERT OR REPLACE INTO session_facts (id, session_id, started_at, kept_from, ${FACTS.join()})
SELECT coalesce(known, next + row_number() OVER (PARTITION BY next, known IS NULL ORDER BY session_id) - 1),
session_id, started_at, kept_from, ${FACTS.map((name) => `coalesce(record ->> '${name}', 0)`).join()} FROM (
SELECT session.*, (SELECT id FROM session_facts AS f WHERE f.session_id = session.session_id) AS known,
coalesce((SELECT max(id) + 1 FROM session_facts AS f WHERE f.id BETWEEN ${FIRST} AND ${FIRST} + ${PLACES - 1}), ${FIRST}) AS next
FROM session WHERE status = 'ended' AND session_id IN ${LISTED})`;
const ADD_FACETS = `INSERT OR REPLACE INTO session_facets (rowid, facets)
SELECT f.id, row.value ->> 1 FROM json_each(?) AS row JOIN session_facts AS f ON f.session_id = row.value ->> 0
JOIN session AS s ON s.session_id = f.session_id WHERE (s.record ->> 'event_count') = row.value ->> 2`;

function addFacts(rows: CatalogRow[]): SqlStatement[] {
  const facets = rows.map((row) => [row.record.session_id, facetsOf(row), row.record.event_count]);
  return [statement(ADD_FACTS, idsOf(rows)), statement(ADD_FACETS, JSON.stringify(facets))];
}

/** `which`: a query of session ids. */
function forgetFacts(which: string, param: string): SqlStatement[] {
  const ids = `SELECT id FROM session_facts WHERE session_id IN ${which}`;
  return [
    statement(`DELETE FROM session_facets WHERE rowid IN (${ids})`, param),
    statement(`DELETE FROM session_facts WHERE session_id IN ${which}`, param),
  ];
}

export function endedStatements(rows: CatalogRow[]): SqlStatement[] {
  return [
    statement(`${INSERT} status = 'ended', ${CHANGED}`, valuesOf(rows)),
    statement(ADD_WORDS, idsOf(rows)),
    ...addFacts(rows),
  ];
}

/** A running session has no words in the index; one that came back from its objects loses them. `status` stands in indexes: it is written where it changes only. */
export function liveStatements(rows: CatalogRow[]): SqlStatement[] {
  const ids = idsOf(rows);
  const wasEnded = `status = 'ended' AND session_id IN ${LISTED}`;
  return [
    statement(`DELETE FROM session_words WHERE rowid IN (SELECT id FROM session WHERE ${wasEnded})`, ids),
    ...forgetFacts(`(SELECT session_id FROM session WHERE ${wasEnded})`, ids),
    statement(`${INSERT} ${CHANGED}`, valuesOf(rows)),
    statement(`UPDATE session SET status = 'live' WHERE ${wasEnded}`, ids),
  ];
}

/** Running and ended ones, none over a row that knows of as many events: what others wrote since these were put together is newer. */
export function fillStatements(rows: CatalogRow[]): SqlStatement[] {
  const ids = idsOf(rows);
  const knowsMore = "(excluded.record ->> 'event_count') > (session.record ->> 'event_count')";
  const live = `SELECT id FROM session WHERE status = 'live' AND session_id IN ${LISTED}`;
  return [
    statement(`${INSERT} status = excluded.status, ${CHANGED} WHERE ${knowsMore}`, valuesOf(rows)),
    statement(`DELETE FROM session_words WHERE rowid IN (${live})`, ids),
    statement(`${ADD_WORDS} AND status = 'ended'`, ids),
    ...addFacts(rows),
  ];
}

/** As many in each as one parameter can hold. */
export function* portionsOfRows(rows: CatalogRow[]): Generator<CatalogRow[]> {
  let part: CatalogRow[] = [];
  let size = 0;
  for (const row of rows) {
    const { record, search_text } = row;
    const pages = record.pages.reduce((sum, page) => sum + page.length, 1000);
    const findings = record.findings.reduce((sum, { page }) => sum + page.length + FINDING_TEXT, 0);
    const facets = FACET_TEXT * (search_text.split('\n').length + 4 * record.pages.length);
    const text = 2 * search_text.length + pages + findings + facets;
    if (part.length > 0 && size + text > ROWS_TEXT) {
      yield part;
      part = [];
      size = 0;
    }
    part.push(row);
    size += text;
  }
  if (part.length > 0) yield part;
}

function idsOf(rows: CatalogRow[]): string {
  return JSON.stringify(rows.map(({ record }) => record.session_id));
}

function valuesOf(rows: CatalogRow[]): string {
  const values = rows.map(({ record, search_text }) => {
    const { session_id, visitor_id, started_at, imported_at, ended_at, status } = record;
    const text = JSON.stringify(record);
    return [session_id, visitor_id, started_at, imported_at ?? ended_at, ended_at, status, search_text, text];
  });
  return JSON.stringify(values);
}
