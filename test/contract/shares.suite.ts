// Share links, on every set of stores: what one opens, for how long, and that it opens nothing else. A new platform runs it with a factory.
import { describe, expect, it } from 'vitest';
import { makeKey } from '../../src/server/keys.ts';
import type { Ports } from '../../src/server/ports.ts';
import { SHARES_OF_ONE_MAX } from '../../src/server/shares.ts';
import { AppUnderTest, KEY, press, view } from '../fixtures/app-under-test.ts';
import { NOW } from '../fixtures/batches.ts';

const DAY = 86_400_000;
const SHOP = 'https://shop.example/';

export function sharesSuite(name: string, make: () => Promise<Omit<Ports, 'clock'>>): void {
  async function setUp() {
    const t = new AppUnderTest(await make());
    const as = (key: string, path: string, init: RequestInit = {}, address?: string) =>
      t.request(path, { ...init, headers: { 'x-api-key': key } }, address);
    const share = (wanted: object, key = KEY) =>
      as(key, '/replay/shares', { method: 'POST', body: JSON.stringify(wanted) });
    const command = async (body: object) =>
      (await as(KEY, '/replay/commands', { method: 'POST', body: JSON.stringify(body) })).body
        .split('\n')
        .filter(Boolean)
        .map((line: string) => JSON.parse(line));
    const makeNamed = async (key_name: string, scopes = ['read']) => {
      const { key, id, digest } = await makeKey();
      await command({ name: 'create_key', key: { id, name: key_name, scopes, digest, expires_at: null } });
      return key;
    };
    const kept = async () => {
      const names: string[] = [];
      for await (const object of t.app.ports.objects.list('keys/shares/')) names.push(object);
      return names;
    };
    return { t, as, share, command, makeNamed, kept };
  }

  describe(`shares: ${name}`, () => {
    it('opens one session to whoever has it, for seven days, and says until when', async () => {
      const { t, as, share } = await setUp();
      const [id, other] = [await t.record('one'), await t.record('two')];
      const made = await share({ session_id: id });
      expect(made.status).toBe(201);
      const { token, address, ...shown } = made.body;
      const expires = new Date(t.clock.at + 7 * DAY).toISOString();
      expect(shown).toMatchObject({ session_id: id, from: null, to: null, by: 'owner', expires });
      expect(address).toBe(`/replay#share=${token}`);
      expect((await as(token, '/replay/shared')).body).toEqual({ session_id: id, from: null, to: null, expires });
      const read = await as(token, `/replay/sessions/${id}`);
      expect(read.body).toEqual((await t.get(`/replay/sessions/${id}`)).body);
      expect(
        (await t.request(`/replay/sessions/${id}`, { headers: { authorization: `Bearer ${token}` } })).status,
      ).toBe(200);
      expect((await as(token, `/replay/sessions/${other}`)).status).toBe(403);
      t.clock.at += 7 * DAY;
      const late = await as(token, `/replay/sessions/${id}`);
      expect([late.status, late.body.share]).toEqual([401, 'expired']);
    });

    it('opens nothing else, however it is sent', async () => {
      const { t, as, share, command } = await setUp();
      const id = await t.record('one');
      const { token, id: shareId } = (await share({ session_id: id })).body;
      for (const [method, path, body] of [
        ['GET', '/replay/sessions'],
        ['GET', '/replay/facets'],
        ['GET', `/replay/shares?session_id=${id}`],
        ['POST', '/replay/shares', JSON.stringify({ session_id: id })],
        ['DELETE', `/replay/shares/${shareId}`],
        ['DELETE', `/replay/sessions/${id}`],
        ['PUT', `/replay/sessions/${id}/watched`],
        ['DELETE', `/replay/sessions/${id}/watched`],
        ['DELETE', '/replay/visitors/visitor'],
        ['POST', '/replay/commands', JSON.stringify({ name: 'export', session_id: id })],
        ['GET', `/replay/sessions/${id}x`],
        ['GET', `/replay/sessions/./${id}/../nobody`],
      ] as [string, string, string?][]) {
        const answer = await as(token, path, body ? { method, body } : { method });
        expect([path, [401, 403, 404].includes(answer.status)]).toEqual([path, true]);
        expect(JSON.stringify(answer.body)).not.toContain(token);
      }
      expect((await as(token, '/health')).body).toEqual({ status: 'ok' });
      expect((await t.request(`/replay/sessions/${id}?share=${token}`)).status).toBe(401);
      expect((await t.get(`/replay/sessions/${id}`)).status).toBe(200);
      expect((await as(KEY, '/replay/shared')).status).toBe(403);
      const texts: string[] = [];
      for await (const object of t.app.ports.objects.list('')) {
        texts.push(object, new TextDecoder().decode((await t.app.ports.objects.get(object))!));
      }
      texts.push(JSON.stringify(await command({ name: 'audit', since: 0 })));
      for (const secret of [token, token.slice(17), token.slice(17, -6)])
        expect(texts.join('\n')).not.toContain(secret);
    });

    it('shows of a stretch its own events, as if the session had begun and ended there', async () => {
      const { t, as, share } = await setUp();
      const id = await t.record('one', {
        events: [
          view(SHOP, NOW - 900),
          press(NOW - 700, 'A#before'),
          press(NOW - 500, 'A#inside'),
          view(`${SHOP}next`, NOW - 400),
          press(NOW - 100, 'A#after', `${SHOP}next`),
        ],
      });
      const { token } = (await share({ session_id: id, from: NOW - 600, to: NOW - 300 })).body;
      const { session, events, event_count } = (await as(token, `/replay/sessions/${id}`)).body;
      expect(session).toMatchObject({
        session_id: id,
        started_at: NOW - 600,
        ended_at: NOW - 400,
        duration: 200,
        status: 'ended',
        pages: [SHOP, `${SHOP}next`],
        click_count: 1,
        event_count,
      });
      expect(
        events.map((event: Record<string, unknown>) => [event.event_type, event.element, event.timestamp]),
      ).toEqual([
        ['page_view', undefined, NOW - 600],
        ['mousemove', undefined, NOW - 600],
        ['click', 'A#inside', NOW - 500],
        ['page_view', undefined, NOW - 400],
      ]);
      for (const asked of ['at=0', 'from=0'])
        expect((await as(token, `/replay/sessions/${id}?${asked}`)).body.events).toEqual(events);
    });

    it('is listed without its token, and opens nothing from its revocation on', async () => {
      const { t, as, share, command, makeNamed } = await setUp();
      const id = await t.record('one');
      const reader = await makeNamed('reader');
      const one = (await share({ session_id: id, expires_in: 3600 }, reader)).body;
      t.clock.at += 1;
      const two = (await share({ session_id: id })).body;
      const list = async () => (await as(reader, `/replay/shares?session_id=${id}`)).body.shares;
      const { token: _, address: __, ...shown } = one;
      expect(await list()).toMatchObject([{ id: two.id, by: 'owner' }, shown]);
      expect(await command({ name: 'list_shares' })).toHaveLength(2);
      expect((await as(reader, `/replay/shares/${one.id}`, { method: 'DELETE' })).body).toEqual({ revoked: one.id });
      expect((await as(reader, `/replay/shares/${one.id}`, { method: 'DELETE' })).status).toBe(404);
      const answer = await as(one.token, `/replay/sessions/${id}`);
      expect([answer.status, answer.body.share]).toEqual([401, 'revoked']);
      expect(await list()).toMatchObject([{ id: two.id }]);
      expect(await command({ name: 'revoke_share', share_id: two.id })).toEqual([]);
      expect(await command({ name: 'revoke_share', share_id: two.id })).toEqual([
        { failed: 'There is no share link of this id.' },
      ]);
      expect((await as(two.token, '/replay/shared')).status).toBe(401);
      expect(await list()).toEqual([]);
    });

    it('ends with the key that made it, and a key that only erases makes none', async () => {
      const { t, as, share, command, makeNamed } = await setUp();
      const id = await t.record('one');
      const { token } = (await share({ session_id: id }, await makeNamed('leaver'))).body;
      expect((await as(token, '/replay/shared')).status).toBe(200);
      await command({ name: 'revoke_key', key_name: 'leaver' });
      await makeNamed('leaver');
      expect((await as(token, '/replay/shared')).body.share).toBe('revoked');
      expect((await share({ session_id: id }, await makeNamed('eraser', ['erase']))).status).toBe(403);
    });

    it('is gone with its session, and nothing is left of it', async () => {
      const { t, as, share, kept } = await setUp();
      const [id, stays] = [await t.record('one'), await t.record('two')];
      const { token, id: shareId } = (await share({ session_id: id })).body;
      const other = (await share({ session_id: stays })).body;
      await as(KEY, `/replay/shares/${shareId}`, { method: 'DELETE' });
      expect(await kept()).toHaveLength(3);
      expect((await t.delete(`/replay/sessions/${id}`)).status).toBe(200);
      expect(await kept()).toEqual([expect.stringContaining(other.id)]);
      const answer = await as(token, '/replay/shared');
      expect([answer.status, answer.body.share]).toEqual([401, undefined]);
      expect((await share({ session_id: id })).status).toBe(404);
      expect((await as(other.token, `/replay/sessions/${stays}`)).status).toBe(200);
    });

    it('refuses what makes no sense, names the field, and bounds how many there are', async () => {
      const { t, share } = await setUp();
      const session_id = await t.record('one');
      for (const [wanted, field] of [
        [{}, 'session_id'],
        [{ session_id: '../x' }, 'session_id'],
        [{ session_id, expires_in: 0 }, 'expires_in'],
        [{ session_id, expires_in: 90 * 86_400 + 1 }, 'expires_in'],
        [{ session_id, expires_in: '7' }, 'expires_in'],
        [{ session_id, from: 2, to: 1 }, 'to'],
        [{ session_id, from: 'x' }, 'from'],
        [[], 'body'],
      ] as const) {
        const { status, body } = await share(wanted);
        expect([status, body.detail?.startsWith(field)]).toEqual([400, true]);
      }
      expect((await share({ session_id, more: 'x'.repeat(5000) })).status).toBe(413);
      expect((await share({ session_id: 'nobody' })).status).toBe(404);
      for (let i = 0; i < SHARES_OF_ONE_MAX; i++) expect((await share({ session_id })).status).toBe(201);
      const { status, body } = await share({ session_id });
      expect([status, body.detail]).toEqual([409, 'this session has 20 share links already: revoke one first']);
    });

    it('counts wrong tokens as wrong keys, and one that is over as none', async () => {
      const { t, as, share } = await setUp();
      const id = await t.record('one');
      const { token, id: shareId } = (await share({ session_id: id })).body;
      await as(KEY, `/replay/shares/${shareId}`, { method: 'DELETE' });
      const guess = async () => (await as((await makeKey('shr')).key, '/replay/shared', {}, '192.0.2.9')).status;
      for (let i = 0; i < 20; i++) expect(await guess()).toBe(401);
      expect(await guess()).toBe(429);
      for (let i = 0; i < 30; i++) expect((await as(token, '/replay/shared', {}, '192.0.2.8')).status).toBe(401);
      const { key } = await makeKey('shr');
      const forged = `${token.slice(0, 17)}${key.slice(17)}`;
      expect((await as(forged, '/replay/shared', {}, '192.0.2.7')).body.share).toBeUndefined();
    });

    it('stands in the audit log: who made and revoked it, and each time it was read', async () => {
      const { t, as, share, command } = await setUp();
      const session_id = await t.record('one');
      const { token, id } = (await share({ session_id })).body;
      await as(token, `/replay/sessions/${session_id}`);
      await as(KEY, `/replay/shares/${id}`, { method: 'DELETE' });
      await as(token, `/replay/sessions/${session_id}`);
      const at = t.clock.at;
      expect(
        (await command({ name: 'audit', since: 0 })).map(({ line }: { line: string }) => JSON.parse(line)),
      ).toEqual([
        { at, key: 'owner', act: 'create_share', session_id, name: id },
        { at, key: `share ${id}`, act: 'read', session_id },
        { at, key: 'owner', act: 'revoke_share', session_id, name: id },
      ]);
    });
  });
}
