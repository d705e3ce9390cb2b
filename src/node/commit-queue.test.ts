// Who is answered by which sync, and what a failing one does.
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../server/ports.ts';
import { CommitQueue } from './commit-queue.ts';

/** A log whose syncs end when the test says so. */
class SlowLog {
  written: string[] = [];
  syncs: { end: () => void; fail: (error: Error) => void; covers: number }[] = [];

  write(items: string[]): void {
    this.written.push(...items);
  }

  sync(): Promise<void> {
    return new Promise((end, fail) => this.syncs.push({ end, fail, covers: this.written.length }));
  }
}

function opened() {
  const log = new SlowLog();
  const queue = new CommitQueue<string, string>(log);
  const answered: string[] = [];
  const add = (item: string) => {
    queue.add(item, 1);
    queue.settle(item).then(
      (answer) => answered.push(answer),
      (error) => answered.push(`${item} ${error.name}`),
    );
  };
  return { log, queue, answered, add };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('what is written while a sync runs is answered by the next one, not by that', async () => {
  const { log, queue, answered, add } = opened();
  add('a');
  queue.flush();
  add('b');
  queue.flush();
  expect(log.written).toEqual(['a', 'b']);
  expect(log.syncs.map(({ covers }) => covers)).toEqual([1]);
  log.syncs[0]!.end();
  await turn();
  expect(answered).toEqual(['a']);
  expect(log.syncs.map(({ covers }) => covers)).toEqual([1, 2]);
  log.syncs[1]!.end();
  await turn();
  expect(answered).toEqual(['a', 'b']);
});

it('an answer without an item of its own waits for what is written before it', async () => {
  const { log, queue, answered, add } = opened();
  add('a');
  queue.flush();
  queue.settle('again').then((answer) => answered.push(answer));
  log.syncs[0]!.end();
  await turn();
  expect(answered).toEqual(['a']);
  log.syncs[1]!.end();
  await turn();
  expect(answered).toEqual(['a', 'again']);
});

it('a sync that fails refuses those who waited for it, and the next are tried again', async () => {
  const { log, queue, answered, add } = opened();
  add('a');
  queue.flush();
  add('b');
  queue.flush();
  log.syncs[0]!.fail(new StoreUnavailable('hot', false));
  await turn();
  log.syncs[1]!.end();
  await turn();
  expect(answered).toEqual(['a StoreUnavailable', 'b']);
});

it('what comes within one turn is written together', async () => {
  const { log, answered, add } = opened();
  add('a');
  add('b');
  expect(log.written).toEqual([]);
  await turn();
  await turn();
  expect(log.written).toEqual(['a', 'b']);
  expect(log.syncs.length).toBe(1);
  log.syncs[0]!.end();
  await turn();
  expect(answered).toEqual(['a', 'b']);
});
