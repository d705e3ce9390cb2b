// Everything that asks too much, at once and in small: slow heads, slow bodies, slow readers, a burst, a flood, searches. `npm run overload` does it in large, by the clock.
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { startServer } from '../fixtures/server.ts';
import { missing } from './overload/control.ts';
import { bigSession, type Phase, run } from './overload/phases.ts';

/** MiB. */
const MEMORY = 512;

it('the slow make room, the refused are told when to come again and counted, and nothing acknowledged is lost', async () => {
  const server = await startServer(temporaryFolder(), { RATE_LIMITS: 'off' });
  const { origin, key } = server;
  const target = { origin, key, port: Number(new URL(origin).port), pid: server.process.pid! };
  const phases: Phase[] = [
    { name: 'heads', kind: 'heads', attack: { count: 500, seconds: 50, enough: 500 } },
    { name: 'bodies', kind: 'bodies', attack: { count: 2200, seconds: 5, quick: 100 } },
    { name: 'fat bodies', kind: 'bodies', attack: { count: 400, seconds: 3, quick: 250_000 } },
    { name: 'burst', kind: 'burst', attack: { count: 1000, seconds: 0 } },
    { name: 'flood', kind: 'flood', attack: { count: 200, seconds: 4, rate: 4000, depth: 4 } },
    { name: 'lists', kind: 'flood', attack: { count: 50, seconds: 3, rate: 500, path: '/replay/sessions?q=zq', key } },
  ];
  const { met, control, memory, recovery } = await run(target, phases);
  const [heads, ...others] = met;
  // While nothing else is asked: those who are sent away are, because others are being read.
  const path = await bigSession(target, 60);
  const reading = await run(target, [
    { name: 'readers', kind: 'readers', attack: { count: 50, seconds: 6, path, key } },
  ]);

  // Every slow head was closed, and is told so.
  expect(heads!.lives.length).toBeGreaterThanOrEqual(500);
  expect(heads!.statuses).toEqual({ 408: expect.any(Number) });
  const statuses = new Set(others.flatMap((one) => Object.keys(one.statuses)));
  expect([...statuses].filter((status) => !['200', '202', '503'].includes(status))).toEqual([]);
  const refused = others.reduce((sum, one) => sum + (one.statuses[503] ?? 0), 0);
  expect(others.reduce((sum, one) => sum + one.polite, 0)).toBe(refused);

  expect(control.odd).toEqual([]);
  expect(control.accepted.length).toBeGreaterThan(100);
  expect(recovery).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(await missing(origin, key, control.acknowledged)).toEqual([]);
  if (process.platform === 'linux') expect(memory).toBeLessThan(MEMORY);

  expect(Object.keys(reading.met[0]!.statuses)).toEqual(['200', '503']);
  expect(reading.met[0]!.polite).toBe(reading.met[0]!.statuses[503]);
  expect(reading.control.odd).toEqual([]);

  const { counters } = await (await server.get('/health')).json();
  expect(counters.too_slow).toBeGreaterThanOrEqual(heads!.statuses[408]!);
  // Which bound a request meets depends on how fast this machine is just now; that it is counted does not.
  const counted = ['busy', 'bodies', 'reading'].reduce((sum, reason) => sum + (counters[reason] ?? 0), 0);
  expect(counted).toBeGreaterThanOrEqual(refused + control.refused.length + reading.met[0]!.statuses[503]!);
});
