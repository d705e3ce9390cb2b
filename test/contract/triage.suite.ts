// Finding what to watch, over HTTP: filters, orders, what there is to filter by, and what was watched. A new platform runs it with a factory.
import { describe, expect, it } from 'vitest';
import type { Ports } from '../../src/server/ports.ts';
import { reindex } from '../../src/server/reindex.ts';
import { AppUnderTest, KEY, view } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';

const HTTPS = 'https://shop.example';

export function triageSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  /** Three visits, sealed but the last: one came from a search, clicked and failed; one has a name; one runs. */
  async function setUp() {
    const t = new AppUnderTest(await make());
    const click = {
      event_type: 'click',
      x: 1,
      y: 1,
      element: 'BUTTON#pay',
      page: `${HTTPS}/pay`,
      timestamp: NOW - 300,
    };
    const error = { event_type: 'error', name: 'TypeError', page: `${HTTPS}/pay`, timestamp: NOW - 200 };
    const one = await t.record('one', {
      context: { referrer: 'https://www.search.example/?q=secret' },
      events: [view(`${HTTPS}/pay`, NOW - 900), click, error],
    });
    const identify = {
      event_type: 'custom',
      name: 'identify',
      properties: { id: 'customer' },
      page: `${HTTPS}/`,
      timestamp: NOW - 100,
    };
    const two = await t.record('two', { visitor_id: 'other', events: [view(`${HTTPS}/`, NOW - 900), identify] });
    await t.seal();
    const three = await t.record('three', { events: [view(`${HTTPS}/help`, NOW - 50)] });
    const names = new Map([
      [one, 'one'],
      [two, 'two'],
      [three, 'three'],
    ]);
    const list = async (query: string) => {
      const { status, body } = await t.get(`/replay/sessions?${query}`);
      expect([query, status]).toEqual([query, 200]);
      return body.sessions
        .map(({ session_id }: { session_id: string }) => names.get(session_id))
        .sort()
        .join(' ');
    };
    return { t, one, two, three, list };
  }

  describe(`triage: ${name}`, () => {
    it('narrows a list by each filter, and by all at once', async () => {
      const { list } = await setUp();
      const found = async (queries: Record<string, string>) => {
        for (const [query, names] of Object.entries(queries))
          expect([query, await list(query)]).toEqual([query, names]);
      };
      await found({
        'entry_page=/pay': 'one',
        [`page=${encodeURIComponent(`${HTTPS}/`)},/help`]: 'three two',
        'element=button%23PAY': 'one',
        'error=TypeError': 'one',
        'error=any': 'one',
        'error=RangeError': '',
        'source=search.example': 'one',
        'source=direct': 'three two',
        'identified=true': 'two',
        'identified=false': 'one three',
        'status=live': 'three',
        'status=ended': 'one two',
        'browser=chrome': 'one three two',
        'browser=Firefox': '',
        'device=desktop&country=IN,DE': '',
        'min_duration=800&max_duration=800': 'one',
        'max_duration=899': 'one',
        'min_pages=2': '',
        [`from=${NOW - 1000}&to=${new Date(NOW - 1000).toISOString()}`]: 'one three two',
        [`from=${new Date(NOW - 1000).toISOString().slice(0, -1)}&to=${NOW}`]: 'one three two',
        [`to=${NOW - 1001}`]: '',
        'signal=error_click': 'one',
        'signal=rage_click,error_click&entry_page=/pay&source=search.example&min_worth=1&q=pay&visitor_id=visitor':
          'one',
        'q=typeerror': 'one',
      });
    });

    it('refuses what makes no sense of a filter, by its name', async () => {
      const { t } = await setUp();
      for (const query of [
        'status=gone',
        'watched=yes',
        'identified=',
        'from=soon',
        'from=2026-02-30',
        'to=2026-01-31 10:00',
        'min_duration=-1',
        'max_worth=x',
      ]) {
        const { status, body } = await t.get(`/replay/sessions?${query}`);
        expect([status, body.detail]).toEqual([400, expect.stringContaining(query.split('=')[0]!)]);
      }
      for (const query of [
        'sort=name',
        'order=up',
        'signal=dance',
        'device=fridge',
        'country=',
        `page=${'/,'.repeat(99)}`,
        'sort=worth&cursor=1~a',
        'country=IN&country=DE',
      ]) {
        expect([query, (await t.get(`/replay/sessions?${query}`)).status]).toEqual([query, 400]);
        if (!query.includes('cursor'))
          expect([query, (await t.get(`/replay/facets?${query}`)).status]).toEqual([query, 400]);
      }
    });

    it('goes through any order by its cursors, there and back', async () => {
      const { t, one, two, three } = await setUp();
      for (const sort of ['started_at', 'duration', 'worth', 'event_count', 'error_count']) {
        const orders = [];
        for (const order of ['asc', 'desc']) {
          const ids: string[] = [];
          let cursor = '';
          do {
            const { body } = await t.get(`/replay/sessions?limit=1&sort=${sort}&order=${order}${cursor}`);
            expect(body.total).toBe(3);
            ids.push(...body.sessions.map(({ session_id }: { session_id: string }) => session_id));
            cursor = body.next_cursor ? `&cursor=${body.next_cursor}` : '';
          } while (cursor);
          orders.push(ids);
        }
        expect(orders[0]!.toReversed()).toEqual(orders[1]);
        expect(new Set(orders[0])).toEqual(new Set([one, two, three]));
      }
      expect((await t.get('/replay/sessions?sort=error_count')).body.sessions[0].session_id).toBe(one);
    });

    it('counts what there is to filter by', async () => {
      const { t, one } = await setUp();
      await t.request(`/replay/sessions/${one}/watched`, { method: 'PUT', headers: { 'x-api-key': KEY } });
      const { body } = await t.get('/replay/facets');
      expect(body).toMatchObject({
        browsers: [{ value: 'Chrome', count: 3 }],
        sources: [
          { value: 'direct', count: 2 },
          { value: 'search.example', count: 1 },
        ],
        elements: [{ value: 'BUTTON#pay', count: 1 }],
        errors: [{ value: 'TypeError', count: 1 }],
        signals: { error_click: 1 },
        unwatched: 2,
        live: 1,
        of: 3,
        is_all: true,
        thresholds: { rage_click: expect.any(Object) },
      });
      expect((await t.get('/replay/facets?status=live')).body).toMatchObject({ of: 1, elements: [], signals: {} });
    });

    it('tells elements and errors to filter by as they were written, once', async () => {
      const { t } = await setUp();
      const click = { event_type: 'click', x: 1, y: 1, element: 'BUTTON#payNow', page: `${HTTPS}/`, timestamp: NOW };
      const error = { event_type: 'error', name: 'CheckoutError', page: `${HTTPS}/`, timestamp: NOW };
      await t.record('four', { events: [view(`${HTTPS}/`, NOW - 900), click, error] });
      await t.seal();
      const { catalog } = t.app.ports;
      // As an earlier version kept them.
      const old = { session_id: 'old', error_count: 1, pages: [], started_at: NOW + 1 };
      const [row] = (await catalog.newest({ limit: 1, offset: 0, q: 'checkouterror' })).rows;
      const text = 'button#paynow\nerror checkouterror\nerror oldererror';
      await catalog.upsert([{ record: { ...row!.record, ...old }, search_text: text }]);
      const { body } = await t.get('/replay/facets?element=button%23PAYNOW');
      expect(body.of).toBe(2);
      expect(body.elements).toContainEqual({ value: 'BUTTON#payNow', count: 2 });
      expect(body.errors).toEqual([
        { value: 'CheckoutError', count: 2 },
        { value: 'oldererror', count: 1 },
      ]);
    });

    it('knows what each person has watched, whatever becomes of the index, until the session is gone', async () => {
      const { t, one, two, list } = await setUp();
      const ask = (method: string, id: string) =>
        t.request(`/replay/sessions/${id}/watched`, { method, headers: { 'x-api-key': KEY } });
      expect([(await ask('PUT', one)).status, (await ask('PUT', one)).status, (await ask('PUT', two)).status]).toEqual([
        200, 200, 200,
      ]);
      expect([await list('watched=true'), await list('watched=false')]).toEqual(['one two', 'three']);
      expect((await ask('DELETE', two)).status).toBe(200);
      expect([await list('watched=true'), await list('watched=false&sort=worth')]).toEqual(['one', 'three two']);
      const { body } = await t.get('/replay/sessions');
      expect(body.sessions.filter(({ watched }: { watched?: true }) => watched)).toMatchObject([{ session_id: one }]);
      expect((await ask('PUT', 'nobody')).status).toBe(404);

      await reindex(t.app.ports, t.app.writer);
      expect(await list('watched=true')).toBe('one');
      await t.delete(`/replay/sessions/${one}`);
      const kept = async () => {
        const keys: string[] = [];
        for await (const key of t.app.ports.objects.list('watched/')) keys.push(key);
        return keys;
      };
      expect([await kept(), await t.app.ports.catalog.marksOf([one])]).toEqual([[], []]);
    });

    it('tells the same of each session after its index was made anew', async () => {
      const { t, list } = await setUp();
      const queries = [
        'error=any',
        'signal=error_click',
        'element=BUTTON%23pay',
        'identified=true',
        'min_duration=1&sort=worth',
      ];
      const before = await Promise.all(queries.map(list));
      await reindex(t.app.ports, t.app.writer);
      expect(await Promise.all(queries.map(list))).toEqual(before);
    });
  });
}
