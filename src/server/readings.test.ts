// Lists and sessions that are read at once, on a clock that is moved: whose turn it is, who is refused, and who is cut off.
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { Readings } from './readings.ts';

const refusal = expect.objectContaining({ status: 503, reason: 'reading', retryAfter: 2 });

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

const takes = (ms: number) => () => new Promise<number>((resolve) => setTimeout(() => resolve(Date.now()), ms));
const readings = (heldMax = 100) => new Readings({ heldMax, now: Date.now });

test('readings come one after the other, each after a pause as long as the one before, and alone without any', async () => {
  const began = Date.now();
  const one = readings();
  const ends = Promise.all([1, 2, 3].map(() => one.inTurn(takes(20))));
  await vi.runAllTimersAsync();
  expect((await ends).map((at) => at - began)).toEqual([20, 60, 100]);
  const alone = one.inTurn(takes(20));
  await vi.runAllTimersAsync();
  expect((await alone) - began).toBe(120);
});

test('whoever would wait for too long is refused at once, and the others all get their turn', async () => {
  const one = readings();
  const first = one.inTurn(takes(1000));
  await vi.runAllTimersAsync();
  await first;
  const began = Date.now();
  const refused: number[] = [];
  const taken = Array.from({ length: 50 }, () => one.inTurn(takes(100)).catch(() => refused.push(Date.now() - began)));
  await vi.runAllTimersAsync();
  await Promise.all(taken);
  expect(refused).toEqual(Array(47).fill(0));
});

test('nobody waits for more than a second, however wrong the guess was', async () => {
  const one = readings();
  const long = one.inTurn(takes(5000));
  const late = expect(one.inTurn(takes(1))).rejects.toEqual(refusal);
  await vi.advanceTimersByTimeAsync(1000);
  await late;
  await vi.runAllTimersAsync();
  await long;
  const next = one.inTurn(takes(1));
  await vi.runAllTimersAsync();
  await expect(next).resolves.toEqual(expect.any(Number));
});

test('a reading that fails lets the next one in', async () => {
  const one = readings();
  const fails = expect(one.inTurn(() => Promise.reject(new Error('the disk')))).rejects.toThrow('the disk');
  const next = one.inTurn(takes(5));
  await vi.runAllTimersAsync();
  await fails;
  await expect(next).resolves.toEqual(expect.any(Number));
});

test('sessions beyond the memory there is are refused, until one is sent, or one has been sent for half a minute', () => {
  const one = readings(100);
  const cut: string[] = [];
  const release = one.hold(60, () => cut.push('a'));
  one.makeRoom();
  one.hold(60, () => cut.push('b'));
  expect(() => one.makeRoom()).toThrow(refusal);
  release();
  release();
  one.makeRoom();
  one.hold(60, () => cut.push('c'));
  expect(() => one.makeRoom()).toThrow('too much is read at once');
  vi.advanceTimersByTime(30_000);
  one.makeRoom();
  expect(cut).toEqual(['b']);
});
