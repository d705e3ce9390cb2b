// What the share dialog asks of the server: share links of a session, and the session itself as an export, which the audit log tells of. Throws Failure.
import type { Range } from '../../analysis/clip.ts';
import type { SessionEvent } from '../../format/event.ts';
import type { Gap, SessionRecord } from '../../format/session.ts';
import { apiKey } from '../access.ts';
import { request } from '../api.ts';
import { createBreather } from '../breathe.ts';
import { asFailure, Failure } from '../failure.ts';
import type { Carried } from './carried.ts';

/** A valid share link; times in epoch ms, null: no end on this side. */
export interface ShareLink {
  id: string;
  from: number | null;
  to: number | null;
  expires: number;
  by: string;
}

const key = () => apiKey.peek() ?? '';

/** The whole address, which is told this once. `days`: how long it is valid. */
export async function makeShare(session_id: string, range: Range, days: number, signal: AbortSignal): Promise<string> {
  const body = JSON.stringify({ session_id, ...range, expires_in: Math.round(days * 86_400) });
  const { address } = await jsonOf(await request('/replay/shares', key(), signal, { method: 'POST', body }));
  if (typeof address !== 'string') throw asFailure(new SyntaxError());
  return location.origin + address;
}

export async function listShares(session_id: string, signal: AbortSignal): Promise<ShareLink[]> {
  const path = `/replay/shares?session_id=${encodeURIComponent(session_id)}`;
  const { shares } = await jsonOf(await request(path, key(), signal));
  return Array.isArray(shares) ? shares.flatMap(readShare) : [];
}

export async function revokeShare(id: string, signal: AbortSignal): Promise<void> {
  await request(`/replay/shares/${encodeURIComponent(id)}`, key(), signal, { method: 'DELETE' });
}

/** The lines that `npm run silhouette -- export ID` writes, of a stretch alone where one is wanted. */
export async function exportLines(session_id: string, range: Range, signal: AbortSignal): Promise<string[]> {
  const body = JSON.stringify({ name: 'export', session_id, ...range });
  const response = await request('/replay/commands', key(), signal, { method: 'POST', body });
  const breathe = createBreather();
  const lines: string[] = [];
  let rest = '';
  const take = (reply: string) => {
    const { line, failed } = JSON.parse(reply) as { line?: string; failed?: string };
    if (failed !== undefined) throw new Failure('absent', failed);
    if (line !== undefined) lines.push(line);
  };
  try {
    const stream = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await stream?.read(); part && !part.done; part = await stream?.read()) {
      const replies = (rest + part.value).split('\n');
      rest = replies.pop() ?? '';
      replies.forEach(take);
      await breathe();
    }
  } catch (error) {
    throw signal.aborted ? error : asFailure(error);
  }
  // Every reply ends its line.
  if (rest !== '' || lines.length === 0) throw asFailure(new SyntaxError());
  return lines;
}

/** All that the server has of a session of which the record is known. */
export async function fetchCarried(session: SessionRecord, signal: AbortSignal): Promise<Carried> {
  const [header, ...lines] = await exportLines(session.session_id, { from: null, to: null }, signal);
  const { gaps } = JSON.parse(header!) as { gaps?: Gap[] };
  const breathe = createBreather();
  const events: SessionEvent[] = [];
  for (const line of lines) {
    events.push(JSON.parse(line) as SessionEvent);
    if (events.length % 1000 === 0) await breathe();
  }
  return { session, events, gaps: gaps ?? [] };
}

async function jsonOf(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null) throw asFailure(new SyntaxError());
  return body as Record<string, unknown>;
}

function readShare(value: unknown): ShareLink[] {
  const { id, from, to, expires, by } = (value ?? {}) as Record<string, unknown>;
  const bound = (time: unknown) => (typeof time === 'number' ? time : null);
  if (typeof id !== 'string') return [];
  return [{ id, from: bound(from), to: bound(to), expires: Date.parse(String(expires)), by: String(by) }];
}
