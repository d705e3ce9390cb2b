// The viewer's two questions to the server. Throws `Failure`, or an AbortError where its signal said so.
import type { SessionSummary } from '../format/session.ts';
import { BodyReader } from '../player/read-body.ts';
import { readSummary } from '../player/read-session.ts';
import type { Recording } from '../player/recording.ts';
import { createBreather } from './breathe.ts';
import { asFailure, Failure, failureOf } from './failure.ts';

export interface SessionQuery {
  /** Empty: everything. */
  text: string;
  visitor: string;
  /** Null: the first page. */
  cursor: string | null;
}

export interface SessionPage {
  sessions: SessionSummary[];
  total: number;
  nextCursor: string | null;
  /** The server's index lacks something just now: sessions may be missing or older than they are. */
  isBehind: boolean;
}

const PAGE_SIZE = 50;
/** Characters read between two looks at the clock. */
const PIECE = 128 * 1024;

export async function fetchSessions(key: string, query: SessionQuery, signal: AbortSignal): Promise<SessionPage> {
  const parameters = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (query.text) parameters.set('q', query.text);
  if (query.visitor) parameters.set('visitor_id', query.visitor);
  if (query.cursor) parameters.set('cursor', query.cursor);
  const response = await request(`/replay/sessions?${parameters}`, key, signal);
  const body: unknown = await response.json().catch((error: unknown) => {
    throw signal.aborted ? error : asFailure(new SyntaxError());
  });
  const { sessions, total, next_cursor, behind } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(sessions)) throw asFailure(new SyntaxError());
  const read = sessions.map(readSummary).filter((summary) => summary !== null);
  return {
    sessions: read,
    total: typeof total === 'number' ? total : read.length,
    nextCursor: typeof next_cursor === 'string' ? next_cursor : null,
    isBehind: behind === true,
  };
}

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
