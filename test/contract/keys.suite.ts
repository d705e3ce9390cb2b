// Named keys and the audit log, on every set of stores: what a key opens, how it is taken away, and what is written down. A new platform runs it with a factory.
import { describe, expect, it } from 'vitest';
import { idOfKey, KEYS_MAX, type ListedKey, makeKey, type Scope } from '../../src/server/keys.ts';
import type { Ports } from '../../src/server/ports.ts';
import { completeWhereEmpty } from '../../src/server/reindex.ts';
import { AppUnderTest, KEY } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';
import { breakable } from '../fixtures/breakable.ts';

const DAY = 86_400_000;

export function keysSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  async function setUp() {
    const { stores, breakStore } = breakable(await make());
    const t = new AppUnderTest(stores);
    const as = (key: string, path: string, init: RequestInit = {}) =>
      t.request(path, { ...init, headers: { authorization: `Bearer ${key}` } });
    const command = (body: object, key = KEY) =>
      as(key, '/replay/commands', { method: 'POST', body: JSON.stringify(body) });
    const replies = async (body: object) => linesOf((await command(body)).body);
    /** The key of this name, and what the server said of it. */
    const create = async (key_name: string, scopes: Scope[] = ['read'], expires_at: number | null = null) => {
      const { key, id, digest } = await makeKey();
      const wanted = { name: 'create_key', key: { id, name: key_name, scopes, digest, expires_at } };
      return { key, wanted, replies: await replies(wanted) };
    };
    const list = async () => (await replies({ name: 'list_keys' })).map(({ line }) => JSON.parse(line) as ListedKey);
    const audit = async () =>
      (await replies({ name: 'audit', since: 0 })).map(({ line }) => JSON.parse(line) as Record<string, unknown>);
    return { t, as, command, replies, create, list, audit, breakStore };
  }

  describe(`keys: ${name}`, () => {
    it('opens what its scopes are good for, says 403 to the rest, and lets the owner do everything', async () => {
      const { t, as, command, create } = await setUp();
      const id = await t.record('s');
      const [reader, eraser] = [(await create('reader')).key, (await create('eraser', ['erase'])).key];
      const statuses = async (key: string) => {
        const asked: number[] = [];
        for (const path of ['/replay/sessions', `/replay/sessions/${id}`]) asked.push((await as(key, path)).status);
        for (const path of ['/replay/sessions/nobody', '/replay/visitors/nobody'])
          asked.push((await as(key, path, { method: 'DELETE' })).status);
        for (const body of [
          { name: 'export', session_id: id },
          { name: 'erase', visitor: 'nobody' },
          { name: 'finish_erase', receipt: { erased: { sessions: 0, events: 0, objects: 0, rows: 0 }, at: 0 } },
          { name: 'import', file: '' },
          { name: 'list_keys' },
          { name: 'revoke_key', key_name: 'nobody' },
          { name: 'audit', since: 0 },
          { name: 'reindex' },
        ])
          asked.push((await command(body, key)).status);
        return asked;
      };
      expect(await statuses(reader)).toEqual([200, 200, 403, 403, 200, 403, 403, 403, 403, 403, 403, 403]);
      expect(await statuses(eraser)).toEqual([403, 403, 404, 404, 403, 200, 200, 403, 403, 403, 403, 403]);
      for (const [key, scopes] of [
        [reader, ['read']],
        [KEY, ['owner', 'read', 'erase']],
      ] as const)
        expect((await as(key, '/replay/facets')).body).toMatchObject({ scopes });
      const { headers, body } = await as(reader, `/replay/sessions/${id}`, { method: 'DELETE' });
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(body).toMatchObject({ title: 'Not allowed', detail: 'a key with the scope erase is needed for this' });
      expect(await statuses(KEY)).toEqual([200, 200, 404, 404, 200, 200, 200, 200, 200, 200, 200, 200]);
      const other = await setUp();
      const victim = await other.t.record('s');
      const path = `/replay/sessions/${victim}`;
      const { key } = await other.create('eraser', ['erase']);
      expect((await other.as(key, path, { method: 'DELETE' })).status).toBe(200);
      expect((await other.t.get(path)).status).toBe(404);
    });

    it('gives one and the same answer to a key that is missing, wrong, revoked or expired', async () => {
      const { t, as, create, replies } = await setUp();
      const gone = await create('gone');
      const brief = await create('brief', ['read'], t.clock.at + DAY);
      for (const { key } of [gone, brief]) expect((await as(key, '/replay/sessions')).status).toBe(200);
      expect(await replies({ name: 'revoke_key', key_name: 'gone' })).toEqual([]);
      t.clock.at += DAY;
      const { key: other } = await makeKey();
      const sameId = `${gone.key.slice(0, 17)}${other.slice(17)}`;
      const answers = [await t.request('/replay/sessions')];
      for (const key of ['wrong', other, sameId, gone.key, brief.key]) answers.push(await as(key, '/replay/sessions'));
      for (const { status, body, headers } of answers) {
        expect([status, body, [...headers]]).toEqual([401, answers[0]!.body, [...answers[0]!.headers]]);
      }
      expect(answers[0]!.status).toBe(401);
      expect((await as(gone.key, '/health')).status).toBe(401);
    });

    it('takes a key in either header, and two headers only where they are the same', async () => {
      const { t, create } = await setUp();
      const [{ key: one }, { key: two }] = [await create('one'), await create('two')];
      const ask = async (key: string, bearer: string) =>
        (await t.request('/replay/sessions', { headers: { 'x-api-key': key, authorization: `Bearer ${bearer}` } }))
          .status;
      expect([await ask(one, one), await ask(one, two), await ask(one, KEY), await ask(KEY, 'x')]).toEqual([
        200, 401, 401, 401,
      ]);
      expect((await t.request(`/replay/sessions?api_key=${one}`)).status).toBe(401);
    });

    it('makes the same key once, and none of a name that is taken, beyond the most, or that is over already', async () => {
      const { t, command, create, replies, list } = await setUp();
      const first = await create('ci', ['erase', 'read', 'erase'] as Scope[]);
      expect(first.replies).toEqual([]);
      expect(await replies(first.wanted)).toEqual([]);
      expect((await create('ci')).replies).toEqual([{ failed: 'There is a key of this name: revoke it first.' }]);
      expect((await create('old', ['read'], t.clock.at)).replies).toEqual([
        { failed: 'The key would have expired already.' },
      ]);
      expect(await list()).toMatchObject([{ name: 'ci', scopes: ['read', 'erase'], status: 'valid', last_used: null }]);
      for (const key of [
        {},
        { name: 'owner' },
        { id: '../../x' },
        { digest: 'x' },
        { scopes: ['all'] },
        { scopes: [] },
      ]) {
        const wrong = { ...first.wanted, key: key === undefined ? key : { ...first.wanted.key, ...key } };
        const { status } = await command(Object.keys(key).length > 0 ? wrong : { name: 'create_key' });
        expect([key, status]).toEqual([key, 400]);
      }
      for (let i = 1; i < KEYS_MAX; i++) expect((await create(`k${i}`)).replies).toEqual([]);
      expect((await create('more')).replies).toEqual([
        { failed: `There are ${KEYS_MAX} keys already: revoke one first.` },
      ]);
    });

    it('lists keys with the day of their last use, and a name is free again once it is revoked', async () => {
      const { t, as, create, replies, list } = await setUp();
      const { key } = await create('ci');
      await as(key, '/replay/sessions');
      t.clock.at += 2 * DAY;
      await as(key, '/replay/sessions');
      await as(key, '/replay/sessions');
      const today = new Date(t.clock.at).toISOString().slice(0, 10);
      expect(await list()).toMatchObject([{ name: 'ci', last_used: today, expires: null }]);
      const kept: string[] = [];
      for await (const name of t.app.ports.objects.list('keys/')) kept.push(name);
      expect(kept).toHaveLength(2);
      expect(await replies({ name: 'revoke_key', key_name: 'ci' })).toEqual([]);
      expect(await list()).toEqual([]);
      expect(await replies({ name: 'revoke_key', key_name: 'ci' })).toEqual([
        { failed: 'There is no key of this name.' },
      ]);
      expect((await create('ci')).replies).toEqual([]);
      expect((await as(key, '/replay/sessions')).status).toBe(401);
    });

    it('keeps of a key its digest alone, and keys and log outlive the index', async () => {
      const { t, as, create, replies, audit } = await setUp();
      const { key } = await create('ci');
      const id = await t.record('s');
      await as(key, `/replay/sessions/${id}`);
      await t.app.ports.catalog.reset();
      await replies({ name: 'reindex' });
      expect((await as(key, '/replay/sessions')).status).toBe(200);
      expect((await audit()).map(({ act }) => act)).toEqual(['create_key', 'read']);
      const texts: string[] = [];
      for await (const name of t.app.ports.objects.list('')) {
        texts.push(name, new TextDecoder().decode((await t.app.ports.objects.get(name))!));
      }
      expect(texts.join('\n')).toContain(await idOfKey(key));
      for (const part of [KEY, key, key.slice(17), key.slice(17, -6)]) expect(texts.join('\n')).not.toContain(part);
    });

    it('are not what an index could lack: new tables beside them alone are complete', async () => {
      const { t, create } = await setUp();
      await create('ci');
      const { catalog } = t.app.ports;
      const isComplete = async () => {
        await catalog.reset();
        await completeWhereEmpty(t.app.ports);
        return (await catalog.rebuilding()) === null;
      };
      expect(await isComplete()).toBe(true);
      await t.load([
        JSON.stringify({
          kind: 'session',
          session_id: 'i',
          visitor_id: 'v',
          page: 'https://shop.example/',
          started_at: NOW,
        }),
        JSON.stringify({ event_id: 'a', event_type: 'page_view', page: 'https://shop.example/', timestamp: NOW }),
      ]);
      expect(await isComplete()).toBe(false);
    });

    it('answers 503 where a named key cannot be looked up, and the owner as ever', async () => {
      const { as, create, breakStore } = await setUp();
      const { key } = await create('ci');
      breakStore('objects', false);
      expect((await as(key, '/replay/sessions')).status).toBe(503);
      expect((await as(`${key.slice(0, -1)}x`, '/replay/sessions')).status).toBe(401);
      expect((await as(KEY, '/replay/sessions')).status).toBe(200);
    });

    it('shows the counters to a key that reads, and none to one that erases', async () => {
      const { as, create } = await setUp();
      const [reader, eraser] = [await create('reader'), await create('eraser', ['erase'])];
      expect((await as(reader.key, '/health')).body).toEqual({ status: 'ok', counters: expect.anything() });
      expect((await as(eraser.key, '/health')).body).toEqual({ status: 'ok' });
    });
  });

  describe(`audit: ${name}`, () => {
    it('names who read, exported and erased what and when, and which keys were made and revoked', async () => {
      const { t, as, command, create, replies, audit } = await setUp();
      const { key } = await create('ci', ['read', 'erase']);
      const [one, two] = [await t.record('one'), await t.record('two')];
      t.clock.at += 1000;
      await as(key, `/replay/sessions/${one}`);
      await as(key, '/replay/sessions/nobody');
      await as('wrong', `/replay/sessions/${one}`);
      await command({ name: 'export', session_id: two }, key);
      await as(KEY, `/replay/sessions/${one}`, { method: 'DELETE' });
      await command({ name: 'erase', before: t.clock.at + DAY });
      await command({ name: 'erase', visitor: 'nobody' });
      await replies({ name: 'revoke_key', key_name: 'ci' });
      const at = t.clock.at;
      expect(await audit()).toEqual([
        { at: at - 1000, key: 'owner', act: 'create_key', name: 'ci' },
        { at, key: 'ci', act: 'read', session_id: one },
        { at, key: 'ci', act: 'export', session_id: two },
        { at, key: 'owner', act: 'erase', session_id: one },
        { at, key: 'owner', act: 'erase', sessions: 1, by: 'time' },
        { at, key: 'owner', act: 'revoke_key', name: 'ci' },
      ]);
      expect(await replies({ name: 'audit', since: at + 1 })).toEqual([]);
    });

    it('holds up no read: a line that cannot be written waits, and is there once the store is back', async () => {
      const { t, as, audit, breakStore } = await setUp();
      const id = await t.record('s');
      breakStore('objects', true, ['putIfAbsent']);
      for (let i = 0; i < 3; i++, t.clock.at += 60_000)
        expect((await as(KEY, `/replay/sessions/${id}`)).status).toBe(200);
      expect((await as(KEY, '/health')).body.counters).toMatchObject({ audit_delayed: expect.any(Number) });
      breakStore('objects', null);
      expect((await audit()).map(({ act }) => act)).toEqual(['read', 'read', 'read']);
    });

    it('is read in steps, in the order of its writing', async () => {
      const { stores } = breakable(await make());
      const t = new AppUnderTest(stores, { sessionsAtOnce: 1 });
      const id = await t.record('s');
      for (let i = 0; i < 10; i++, t.clock.at += 3_600_000 * 5) await t.get(`/replay/sessions/${id}`);
      const times: number[] = [];
      let steps = 0;
      for (let next: object | undefined = { name: 'audit', since: 0 }; next; steps++) {
        const init = { method: 'POST', headers: { 'x-api-key': KEY }, body: JSON.stringify(next) };
        const all = linesOf((await t.request('/replay/commands', init)).body);
        times.push(...all.flatMap(({ line }) => (line ? [JSON.parse(line).at] : [])));
        next = all.find((one) => one.next)?.next;
      }
      expect(times).toHaveLength(10);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(steps).toBeGreaterThan(2);
    });

    it('forgets a line after a year, with the first line of another day', async () => {
      const { t, as, create, audit } = await setUp();
      await create('ci');
      const id = await t.record('s');
      t.clock.at += 365 * DAY;
      await as(KEY, `/replay/sessions/${id}`);
      expect(await audit()).toHaveLength(1);
      await create('other');
      expect((await audit()).map(({ name }) => name)).toEqual(['ci', 'other']);
      t.clock.at += DAY;
      await create('last');
      expect((await audit()).map(({ name }) => name)).toEqual(['other', 'last']);
    });
  });
}

// biome-ignore lint/suspicious/noExplicitAny: replies of any kind
function linesOf(body: string): any[] {
  return body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
