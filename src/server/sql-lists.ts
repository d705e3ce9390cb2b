// Lists of ids as one JSON parameter, so that a statement stands for any number. Used by the files of SQL beside it.

/** Ids that one parameter holds, each at most 128 characters. */
const IDS = 5000;

/** What a parameter of `portions` stands for. */
export const LISTED = '(SELECT value FROM json_each(?))';

/** JSON lists. */
export function* portions(list: unknown[]): Generator<string> {
  for (let i = 0; i < list.length; i += IDS) yield JSON.stringify(list.slice(i, i + IDS));
}
