// A visitor like any other beside an attack: a batch at a steady pace, sent again when it is refused, and read back in the end. Started by phases.ts.
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { onAnswers, open, type Way } from './connection.ts';
import { Batches, collect } from './requests.ts';

/** ms between two batches. */
const PACE = 20;
const EVENTS = 5;
/** ms after which a batch that was refused goes again. */
const AGAIN = 2000;

export interface Control {
  /** ms from sending a batch to its acceptance, and to each refusal. */
  accepted: number[];
  refused: number[];
  /** Refusals without a Retry-After, answers that are neither, and connections that ended without any. */
  odd: string[];
  /** ms of `performance.now` at which the latest batch was answered, and how many in a row were accepted within 100 ms before. */
  streak: { since: number; length: number };
  /** Ids of all events of accepted batches, by session. */
  acknowledged: Map<string, string[]>;
  /** Sends nothing new; resolves once all that was begun is accepted. */
  stop(): Promise<void>;
  /** The same without waiting for anything: what is refused stays so. */
  abandon(): void;
}

interface Kept {
  socket: Socket;
  /** 0: it was closed instead. */
  answer(status: number, retryAfter: boolean): void;
}

/** Every other batch comes on a connection of its own; the rest on connections that are kept. */
export function startControl(way: Way): Control {
  const batches = new Batches(EVENTS);
  const control: Control = {
    accepted: [],
    refused: [],
    odd: [],
    streak: { since: 0, length: 0 },
    acknowledged: new Map(),
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
      for (const { socket } of idle) socket.destroy();
    },
    abandon() {
      isAbandoned = true;
      clearInterval(timer);
      for (const { socket } of idle) socket.destroy();
    },
  };
  let isAbandoned = false;
  const running = new Set<Promise<void>>();
  /** Kept connections that wait for no answer: nobody sends a request behind one that is under way. */
  const idle: Kept[] = [];
  const keep = (): Kept => {
    const socket = open(way);
    const kept: Kept = { socket, answer: () => {} };
    onAnswers(socket, (status, retryAfter) => kept.answer(status, retryAfter));
    socket.on('close', () => {
      if (idle.includes(kept)) idle.splice(idle.indexOf(kept), 1);
      kept.answer(0, false);
    });
    return kept;
  };

  const ask = (text: string, fresh: boolean) =>
    new Promise<{ status: number; retryAfter: boolean }>((resolve) => {
      const kept = (fresh ? undefined : idle.pop()) ?? keep();
      kept.answer = (status, retryAfter) => {
        kept.answer = () => {};
        if (fresh || isAbandoned) kept.socket.destroy();
        else if (status !== 0) idle.push(kept);
        resolve({ status, retryAfter });
      };
      kept.socket.write(text);
    });

  const send = async (fresh: boolean) => {
    const text = collect(batches.next());
    const { session_id, page_id, seq } = batches;
    while (!isAbandoned) {
      const began = performance.now();
      const { status, retryAfter } = await ask(text, fresh);
      const took = performance.now() - began;
      const isGood = status === 202 && took < 100;
      const { streak } = control;
      control.streak = isGood ? { since: streak.length ? streak.since : began, length: streak.length + 1 } : NONE;
      if (status === 202) {
        control.accepted.push(took);
        const ids = control.acknowledged.get(session_id) ?? [];
        control.acknowledged.set(session_id, ids);
        for (let i = 0; i < EVENTS; i++) ids.push(`${page_id}.${seq}.${i}`);
        return;
      }
      if ((status === 429 || status === 503) && retryAfter) control.refused.push(took);
      else control.odd.push(status === 0 ? 'cut off' : `answered ${status}`);
      await wait(AGAIN);
    }
  };
  let number = 0;
  const timer = setInterval(() => {
    const one = send(number++ % 2 === 0).finally(() => running.delete(one));
    running.add(one);
  }, PACE);
  return control;
}

const NONE = { since: 0, length: 0 };

/** Events of `acknowledged` that are not read back exactly once. */
export async function missing(origin: string, key: string, acknowledged: Control['acknowledged']): Promise<string[]> {
  const wrong: string[] = [];
  for (const [session, ids] of acknowledged) {
    const ask = () => fetch(`${origin}/replay/sessions/${session}`, { headers: { 'x-api-key': key } });
    let response = await ask();
    // Reading is bounded too, and what the attack asked for may still be under way.
    for (let tries = 0; response.status === 503 && tries < 20; tries++) {
      await wait(AGAIN);
      response = await ask();
    }
    if (response.status !== 200) throw new Error(`session ${session} is answered ${response.status}`);
    const read = new Map<string, number>();
    for (const { event_id } of (await response.json()).events) read.set(event_id, (read.get(event_id) ?? 0) + 1);
    wrong.push(...ids.filter((id) => read.get(id) !== 1));
  }
  return wrong;
}
