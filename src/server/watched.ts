// Who has watched what: a small object for each mark, and rows by which lists are narrowed. Used by app.ts, erase.ts and reindex.ts.
import { isImportedId } from '../format/key.ts';
import type { Mark, ObjectStore, Ports } from './ports.ts';

const PREFIX = 'watched/';
const KEY = /^watched\/([^/]+)\/@([A-Za-z0-9_.-]{1,64})$/;
const BODY = new TextEncoder().encode('{}');

const keyOf = ({ session_id, person }: Mark) => `${PREFIX}${session_id}/@${person}`;

type Stores = Pick<Ports, 'objects' | 'catalog'>;

export async function mark({ objects, catalog }: Stores, mark: Mark): Promise<void> {
  await objects.putIfAbsent(keyOf(mark), BODY);
  await catalog.watch([mark]);
}

export async function unmark({ objects, catalog }: Stores, mark: Mark): Promise<void> {
  await objects.delete([keyOf(mark)]);
  await catalog.unwatch([mark]);
}

/** Of sessions that are erased. */
export async function removeMarks({ objects, catalog }: Stores, sessionIds: string[]): Promise<void> {
  const marks = await catalog.marksOf(sessionIds);
  if (marks.length === 0) return;
  await objects.delete(marks.map(keyOf));
  await catalog.unwatch(marks);
}

/** Makes the rows of at most `limit` marks after the key `after`, and removes marks of sessions that are not there; the last key, or null: that were all. */
export async function indexMarks(stores: Stores, limit: number, after: string): Promise<string | null> {
  const { marks, last } = await marksAfter(stores.objects, limit, after);
  const there = await stores.catalog.findMany(marks.map(({ session_id }) => session_id));
  await stores.catalog.watch(marks.filter(({ session_id }) => there.has(session_id)));
  const left = marks.filter(({ session_id }) => !there.has(session_id));
  if (left.length > 0) await stores.objects.delete(left.map(keyOf));
  return last;
}

async function marksAfter(objects: ObjectStore, limit: number, after: string) {
  const marks: Mark[] = [];
  for await (const key of objects.list(PREFIX, after)) {
    if (marks.length >= limit) return { marks, last: keyOf(marks.at(-1)!) };
    const [, session_id, person] = KEY.exec(key) ?? [];
    if (isImportedId(session_id) && person) marks.push({ session_id, person });
  }
  return { marks, last: null };
}
