// Batches as visitors send them, one or many side by side, to the server under attack. Used by the catalogue.
import { expect } from 'vitest';
import { batch } from '../fixtures/outsider.ts';
import type { Answer } from './ask.ts';
import { collect } from './sent.ts';
import type { Target } from './target.ts';

/** From an address of its own. */
export function post(target: Target, body: object): Promise<Answer> {
  return target.post(collect('', body));
}

/** Each is sent, `at` of them at a time; all answers. */
export async function postAll(target: Target, bodies: readonly object[], at: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  const waiting = [...bodies];
  const sender = async () => {
    for (let body = waiting.shift(); body; body = waiting.shift()) answers.push(await post(target, body));
  };
  await Promise.all(Array.from({ length: at }, sender));
  return answers;
}

/** A session that is there before an attack on it. */
export async function plant(target: Target, more = {}): Promise<{ id: string; sent: ReturnType<typeof batch> }> {
  const sent = batch(more);
  const { status, json } = await post(target, sent);
  expect(status).toBe(202);
  return { id: json.session_id, sent };
}
