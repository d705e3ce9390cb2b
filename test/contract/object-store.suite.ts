// What every ObjectStore must do. A new adapter runs it with a factory.
import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../src/server/ports.ts';

export function objectStoreSuite(name: string, make: () => Promise<ObjectStore>): void {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const text = async (store: ObjectStore, key: string) => new TextDecoder().decode((await store.get(key))!);
  const list = async (store: ObjectStore, prefix: string) => {
    const keys: string[] = [];
    for await (const key of store.list(prefix)) keys.push(key);
    return keys;
  };

  describe(`ObjectStore: ${name}`, () => {
    it('has null for what was never put', async () => {
      const store = await make();
      expect(await store.get('sessions/absent')).toBeNull();
      expect(await store.get('sessions/absent/deeper')).toBeNull();
      expect(await list(store, 'sessions/')).toEqual([]);
    });

    it('gives back every byte', async () => {
      const store = await make();
      const bodies = [
        new Uint8Array(0),
        Uint8Array.from({ length: 256 }, (_, i) => i),
        new Uint8Array(3_000_000).fill(7),
      ];
      for (const [i, body] of bodies.entries()) {
        expect(await store.putIfAbsent(`sessions/${i}`, body)).toBe(true);
        expect(Buffer.compare((await store.get(`sessions/${i}`))!, body)).toBe(0);
      }
    });

    it('leaves an object as it is when its key is put again', async () => {
      const store = await make();
      await store.putIfAbsent('sessions/a/1', bytes('first'));
      expect(await store.putIfAbsent('sessions/a/1', bytes('second'))).toBe(false);
      expect(await text(store, 'sessions/a/1')).toBe('first');
      expect(await list(store, '')).toEqual(['sessions/a/1']);
    });

    it('lets one of 50 win that put one key side by side, whole', async () => {
      const store = await make();
      const bodies = Array.from({ length: 50 }, (_, i) => new Uint8Array(10_000).fill(i));
      const won = await Promise.all(bodies.map((body) => store.putIfAbsent('sessions/a/1', body)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(new Uint8Array((await store.get('sessions/a/1'))!)).toEqual(bodies[won.indexOf(true)]);
    });

    it('lists every key of a prefix in order, however many', async () => {
      const store = await make();
      const keys = Array.from({ length: 1203 }, (_, i) => `sessions/2026/${i % 7}/s${i}/events/1`);
      await Promise.all(keys.map((key) => store.putIfAbsent(key, bytes(key))));
      await store.putIfAbsent('erasures/1', bytes('other'));
      expect(await list(store, 'sessions/')).toEqual([...keys].sort());
      expect(await list(store, 'sessions/2026/3/')).toEqual(keys.filter((key) => key.includes('/3/')).sort());
    });

    it('orders by code units, though one key is the folder of another', async () => {
      const store = await make();
      const keys = ['s/a/1', 's/a-b/1', 's/a/1-2', 's/a.b', 's/a0', 's/A', 's/aa/b/c', 's/a/b/c', 's/_', 's/~'];
      for (const key of keys) await store.putIfAbsent(key, bytes(key));
      expect(await list(store, 's/')).toEqual([...keys].sort());
      expect(await list(store, 's/a')).toEqual([...keys].sort().filter((key) => key.startsWith('s/a')));
      expect(await list(store, 's/a/')).toEqual(['s/a/1', 's/a/1-2', 's/a/b/c']);
      expect(await list(store, 's/nothing')).toEqual([]);
      expect(await list(store, 'nothing/s/')).toEqual([]);
    });

    it('takes odd names for names', async () => {
      const store = await make();
      const keys = [
        's/__proto__/1',
        's/constructor',
        's/a b/c',
        's/%2e%2e/x',
        's/*?',
        's/...',
        's/.hidden',
        's/..a',
        's/"\'<>',
      ];
      for (const key of keys) expect(await store.putIfAbsent(key, bytes(key))).toBe(true);
      for (const key of keys) expect(await text(store, key)).toBe(key);
      expect(await list(store, 's/')).toEqual([...keys].sort());
    });

    it('deletes one object and leaves its neighbours', async () => {
      const store = await make();
      await store.putIfAbsent('s/a/events/1', bytes('1'));
      await store.putIfAbsent('s/a/events/2', bytes('2'));
      expect(await store.delete(['s/a/events/1'])).toBe(1);
      await store.delete(['s/a/events/1', 's/a/events']);
      expect(await store.delete([])).toBe(0);
      expect(await store.get('s/a/events/1')).toBeNull();
      expect(await list(store, 's/')).toEqual(['s/a/events/2']);
      expect(await store.putIfAbsent('s/a/events/1', bytes('again'))).toBe(true);
    });

    it('deletes many at once', async () => {
      const store = await make();
      const keys = Array.from({ length: 120 }, (_, i) => `s/a/events/${i}`);
      await Promise.all(keys.map((key) => store.putIfAbsent(key, bytes(key))));
      expect(await store.delete(keys.slice(1))).toBe(119);
      expect(await list(store, 's/')).toEqual(['s/a/events/0']);
    });

    it('puts and deletes in one place side by side', async () => {
      const store = await make();
      for (let round = 0; round < 20; round++) {
        await store.putIfAbsent('s/a/b/old', bytes('old'));
        const [put] = await Promise.all([
          store.putIfAbsent(`s/a/b/${round}`, bytes('new')),
          store.delete(['s/a/b/old']),
        ]);
        expect(put).toBe(true);
        expect(await list(store, 's/')).toEqual([`s/a/b/${round}`]);
        await store.delete([`s/a/b/${round}`]);
      }
    });

    it('lists what comes after a key, whether that is there or not', async () => {
      const store = await make();
      const keys = ['s/a/1', 's/a/2', 's/b/1', 's/b-1/1', 's/c/1'];
      for (const key of keys) await store.putIfAbsent(key, bytes('x'));
      const after = async (key: string) => {
        const found: string[] = [];
        for await (const listed of store.list('s/', key)) found.push(listed);
        return found;
      };
      for (const key of ['', 's/', 's/a/1', 's/a/15', 's/b', 's/b/1', 's/c/1', 't']) {
        expect(await after(key)).toEqual([...keys].sort().filter((known) => known > key));
      }
    });

    it('goes on listing while what it has listed is deleted', async () => {
      const store = await make();
      for (let i = 0; i < 30; i++) await store.putIfAbsent(`s/${String(i).padStart(2, '0')}/1`, bytes('x'));
      const deleted: string[] = [];
      for await (const key of store.list('s/')) if (await store.delete([key])) deleted.push(key);
      expect(deleted).toHaveLength(30);
      expect(await list(store, '')).toEqual([]);
    });

    it('says that it answers', async () => {
      await expect((await make()).probe()).resolves.toBeUndefined();
    });
  });
}
