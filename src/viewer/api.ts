// How the viewer asks the server, and its question for a recording; list-api.ts has those for lists. Throws `Failure`, or an AbortError where its signal said so.
import { BodyReader } from '../player/read-body.ts';
import type { Recording } from '../player/recording.ts';
import { createBreather } from './breathe.ts';
import { asFailure, Failure, failureOf } from './failure.ts';

/** Characters read between two looks at the clock. */
const PIECE = 128 * 1024;

/** Reads the body as it arrives and hands the browser its turn in between, so that 100,000 events never hold up the page. */
export async function fetchRecording(key: string, id: string, signal: AbortSignal): Promise<Recording> {
  const response = await request(`/replay/sessions/${encodeURIComponent(id)}`, key, signal);
  const breathe = createBreather();
  const reader = new BodyReader();
  try {
    const stream = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await stream?.read(); part && !part.done; part = await stream?.read()) {
      for (let at = 0; at < part.value.length; at += PIECE) {
        reader.feed(part.value.slice(at, at + PIECE));
        await breathe();
      }
    }
    const steps = reader.finish();
    for (;;) {
      const step = steps.next();
      if (step.done) {
        if (step.value) return step.value;
        throw new SyntaxError();
      }
      await breathe();
      signal.throwIfAborted();
    }
  } catch (error) {
    throw signal.aborted ? error : asFailure(error);
  }
}

/** The answer, which is a good one. */
export async function request(
  path: string,
  key: string,
  signal: AbortSignal,
  asked: { method?: string; body?: string } = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...asked,
      headers: { 'X-API-Key': key },
      signal,
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch (error) {
    if (signal.aborted) throw error;
    // A key with characters that no header can carry is a wrong key, not a dead server.
    if (!/^[\x20-\x7e]*$/.test(key)) throw new Failure('key', 'That is not a key: it holds characters no key has.');
    throw asFailure(error);
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}
