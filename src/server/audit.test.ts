// How lines of the audit log share objects, and what becomes of those that the store does not take.
import { describe, expect, it, vi } from 'vitest';
import { Audit, readAudit } from './audit.ts';
import { Counters } from './counters.ts';
import { MemoryObjectStore } from './memory.ts';
import { StoreUnavailable } from './ports.ts';

const AT = Date.UTC(2026, 0, 31, 12);

function setUp(pause?: number) {
  const objects = new MemoryObjectStore();
  const counters = new Counters();
  const behind: Promise<unknown>[] = [];
  const clock = { at: AT, now: () => clock.at };
  const audit = new Audit({ objects, clock }, { counters, background: (work) => behind.push(work), pause });
  const read = async () => (await readAudit(objects, 0, '', 1000)).lines.map(({ session_id }) => session_id);
  const count = async () => {
    let keys = 0;
    for await (const _ of objects.list('audit/')) keys++;
    return keys;
  };
  return { objects, counters, clock, behind, audit, read, count };
}

describe('the audit log', () => {
  it('writes the first line at once, and those of the pause after it together', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { audit, behind, read, count } = setUp(1000);
      audit.note({ key: 'k', act: 'read', session_id: 'a' });
      await Promise.all(behind);
      expect(await read()).toEqual(['a']);
      for (const session_id of ['b', 'c', 'd']) audit.note({ key: 'k', act: 'read', session_id });
      await vi.advanceTimersByTimeAsync(900);
      expect(await read()).toEqual(['a']);
      await vi.advanceTimersByTimeAsync(200);
      expect([await read(), await count()]).toEqual([['a', 'b', 'c', 'd'], 2]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('waits for no pause once it is told to write', async () => {
    const { audit, read, count } = setUp(60_000);
    for (const session_id of ['a', 'b', 'c']) audit.note({ key: 'k', act: 'read', session_id });
    await audit.flush();
    audit.note({ key: 'k', act: 'read', session_id: 'd' });
    await audit.flush();
    expect([await read(), await count()]).toEqual([['a', 'b', 'c', 'd'], 2]);
  });

  it('has one line for a reading, however often its parts are asked for, and one for each who reads', async () => {
    const { audit, clock, read } = setUp();
    for (let minute = 0; minute < 3; minute++, clock.at += 59_999) {
      for (const key of ['k', 'l'])
        for (let part = 0; part < 2; part++) audit.note({ key, act: 'read', session_id: 'a' });
      audit.note({ key: 'k', act: 'export', session_id: 'a' });
    }
    expect((await read()).length).toBe(2 + 3);
    clock.at += 60_000;
    audit.note({ key: 'k', act: 'read', session_id: 'a' });
    audit.note({ key: 'k', act: 'read', session_id: 'b' });
    expect((await read()).length).toBe(2 + 3 + 2);
  });

  it('gives up the oldest of too many that wait, and counts them', async () => {
    const { objects, audit, behind, counters, read } = setUp();
    objects.putIfAbsent = async () => {
      throw new StoreUnavailable('objects', true);
    };
    for (let i = 0; i < 10_005; i++) {
      audit.note({ key: 'k', act: 'read', session_id: String(i) });
      await Promise.all(behind.splice(0));
    }
    expect(await counters.read()).toEqual({ audit_delayed: expect.any(Number), audit_lost: 5 });
    expect((await counters.read()).audit_delayed).toBeLessThan(100);
    objects.putIfAbsent = MemoryObjectStore.prototype.putIfAbsent;
    await audit.flush();
    const lines = await read();
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([10_000, '5', '10004']);
  });
});
