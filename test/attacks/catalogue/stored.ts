// Attacks from behind: what somebody left in the data directory while the server was away. Run by data.test.ts, on a server that found what planted.ts planted.
import { expect } from 'vitest';
import { MIGRATIONS } from '../../../src/generated/migrations.ts';
import { SqliteDatabase } from '../../../src/node/sqlite.ts';
import { SqlCatalog } from '../../../src/server/sql-catalog.ts';
import type { SqlValue } from '../../../src/server/sql-database.ts';
import { expectStored } from '../oracles.ts';
import { BAD_ROWS, eventsOf, LONG, SOUND } from '../planted.ts';
import type { Attack } from '../run.ts';
import type { Event } from '../sent.ts';
import type { Target } from '../target.ts';

const LIST = '/replay/sessions';
/** Bytes that reading any object may take. */
const MEMORY = 512 * 2 ** 20;

/** Every sound session is listed and reads whole. */
async function expectSound(target: Target): Promise<void> {
  for (const [id, planted] of Object.entries(SOUND)) {
    await expectStored(target, id, eventsOf(planted));
    const { json } = await target.get(`${LIST}?q=${id}`);
    expect(json.sessions.map(({ session_id }: Event) => session_id)).toContain(id);
  }
}

export const STORED: Attack[] = [
  {
    id: 'P013',
    name: 'files that are no objects are none, and no link leads out of the folder',
    run: async (target) => {
      await expectSound(target);
      for (const id of ['x', 'folder', 'a%20b', '.hidden', 'back%5Cslash', 'out', 'loop', 'passwd']) {
        expect([id, (await target.get(`${LIST}/${id}`)).status]).toEqual([id, 404]);
        expect([id, (await target.erase(`${LIST}/${id}`)).status]).toEqual([id, 404]);
      }
      expect((await target.get(`${LIST}/bystander-a`)).text).not.toContain('none of');
    },
  },
  {
    id: 'P071',
    name: 'a row that makes no sense costs neither the list nor other rows',
    run: async (target) => {
      const newest = await target.get(`${LIST}?limit=100`);
      expect(newest.status).toBe(200);
      const listed = new Map(newest.json.sessions.map((row: Event) => [row.session_id, row]));
      for (const id of Object.keys(BAD_ROWS)) {
        const row = listed.get(id) as Event | undefined;
        // Where even the columns make no sense nobody can say where it stands.
        if (row)
          expect([id, Number.isSafeInteger(row.started_at) && Number.isSafeInteger(row.ended_at)]).toEqual([id, true]);
        expect([id, [200, 404]]).toEqual([id, expect.arrayContaining([(await target.get(`${LIST}/${id}`)).status])]);
      }
      expect([...listed.keys()].filter((id) => String(id) in BAD_ROWS).length).toBeGreaterThan(6);
      let rows = 0;
      for (let cursor: string | null = ''; cursor !== null && rows < 100; ) {
        const { json } = await target.get(`${LIST}?limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
        rows += json.sessions.length;
        cursor = json.next_cursor;
      }
      expect(rows).toBeGreaterThanOrEqual(Object.keys(SOUND).length + 6);
      for (const query of ['q=words', 'q=no', 'visitor_id=bad-row', 'offset=5']) {
        expect([query, (await target.get(`${LIST}?${query}`)).status]).toEqual([query, 200]);
      }
      expect((await target.erase('/replay/visitors/bad-row')).status).toBe(200);
      expect((await target.get(`${LIST}?visitor_id=bad-row`)).json.total).toBe(0);
      await expectSound(target);
    },
  },
  {
    id: 'P118',
    name: 'a session of a thousand objects, and of one more, is read whole',
    run: async (target) => {
      for (const [id, planted] of Object.entries(LONG)) {
        const { json } = await target.get(`${LIST}/${id}`);
        expect([id, json.gaps, json.event_count]).toEqual([id, [], planted.objects]);
        expect(json.events).toEqual(eventsOf(planted));
      }
    },
  },
  {
    id: 'P138',
    name: 'an object with nothing in it is nothing, one with far too much is damaged, and neither costs the server',
    run: async (target) => {
      for (const id of ['no-batches', 'no-events']) {
        const { status, json } = await target.get(`${LIST}/${id}`);
        expect([id, [200, 404]]).toEqual([id, expect.arrayContaining([status])]);
        if (status === 200) expect(json).toMatchObject({ events: [], event_count: 0 });
      }
      await expectStored(target, 'large-batch', eventsOf({ objects: 1, events: 10_000 }));
      for (const id of ['large-session', 'bomb', 'empty-file', 'no-gzip']) {
        const { rss } = await target.look();
        const { status, json } = await target.get(`${LIST}/${id}`);
        expect([id, [200, 404]]).toEqual([id, expect.arrayContaining([status])]);
        if (status === 200) expect(json).toMatchObject({ events: [], gaps: [{ reason: 'damaged' }] });
        const { heaviest } = await target.look();
        expect([id, heaviest - rss < MEMORY]).toEqual([id, true]);
      }
    },
  },
  {
    id: 'P186',
    name: 'a page, a visitor and a place in the list are found by index, however many sessions there are',
    run: async () => {
      const database = new SqliteDatabase(':memory:');
      const walked: string[] = [];
      const looking = Object.create(database, {
        all: {
          async value(sql: string, params: SqlValue[]) {
            const plan = await database.all(`EXPLAIN QUERY PLAN ${sql}`, params);
            const details = plan.map(({ detail }) => String(detail));
            walked.push(...details.filter((detail) => /^SCAN session\b(?!.* USING )/.test(detail)));
            return database.all(sql, params);
          },
        },
      });
      const catalog = new SqlCatalog(looking, MIGRATIONS);
      await catalog.prepare();
      walked.length = 0;
      const page = { limit: 50, offset: 0, kept_since: 0 };
      for (const query of [
        page,
        { ...page, visitor_id: 'v' },
        { ...page, after: { started_at: 1, session_id: 's' } },
        { ...page, offset: 1000 },
        { ...page, q: 'words' },
      ]) {
        await catalog.list(query);
        await catalog.find('s');
        await catalog.known('s');
        await catalog.visitor('v');
        await catalog.expired(0, 10);
        expect([query, walked]).toEqual([query, []]);
      }
      database.close();
    },
  },
];
