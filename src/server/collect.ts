// POST /collect: a batch from anybody, judged, made durable, then answered. Called by app.ts.
import type { EventBatch } from '../format/batch.ts';
import { FormatError } from '../format/format-error.ts';
import { parseBatch } from '../format/parse-batch.ts';
import { appendBatch } from './append.ts';
import type { App, Client } from './context.ts';
import { countryOfZone } from './country.ts';
import { type Header, headersOf, isOriginAllowed } from './cross-origin.ts';
import { isHotAway, keepBatch } from './fallback.ts';
import type { Arrival, Receipt } from './ports.ts';
import { Problem } from './problem.ts';
import { readBody } from './read-body.ts';
import { sessionIdOf } from './session-id.ts';
import { parseUserAgent } from './user-agent.ts';

export interface CollectAnswer {
  session_id: string;
  accepted: number;
  rejected: number;
}

/** Throws Problem for whatever is not 202. */
export async function collect(app: App, request: Request, client: Client): Promise<CollectAnswer> {
  const { ports, options } = app;
  checkOrigin(app, request, headersOf(request, client));
  const now = ports.clock.now();
  if (options.rateLimits) refuseFor(await app.clientLimits.batches.take(client.address, now), 'client_rate');
  const hold = app.bodies.hold();
  try {
    return await take(app, parse(await readBody(request, client, hold)), request, client, now);
  } finally {
    hold.release();
  }
}

async function take(
  app: App,
  batch: EventBatch,
  request: Request,
  client: Client,
  now: number,
): Promise<CollectAnswer> {
  const { ports, options, counters } = app;
  const header = headersOf(request, client);
  const session_id = await sessionIdOf(batch.session_key);
  const agent = parseUserAgent(header('user-agent') ?? '');
  const unwanted = reasonNotToRecord(app, header, agent.bot);
  if (unwanted) {
    counters.add(unwanted);
    return { session_id, accepted: 0, rejected: 0 };
  }

  const { bot: _, ...families } = agent;
  const arrival: Arrival = {
    session_id,
    received_at: now,
    limited: options.rateLimits,
    ...families,
    ...countryOf(client, batch),
  };
  let counted = false;
  const begin = async () => {
    if (options.rateLimits && !counted)
      refuseFor(await app.clientLimits.sessions.take(client.address, now), 'session_rate');
    counted = true;
  };
  const receipt = await appendBatch(ports, batch, arrival, begin).catch((error: unknown) => {
    if (!isHotAway(error)) throw error;
    return keepBatch(app, batch, arrival, begin);
  });
  if (receipt.kind === 'stored' && batch.dropped) counters.add('tracker_dropped');
  return answer(app, session_id, receipt);
}

function parse(text: string): EventBatch {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Problem(400, 'json', 'body must be JSON');
  }
  try {
    return parseBatch(body);
  } catch (error) {
    if (error instanceof FormatError) throw new Problem(400, 'format', error.message);
    throw error;
  }
}

/** A browser names its page's origin; programs that send none are held to every other limit. */
function checkOrigin({ options }: App, request: Request, header: Header): void {
  if (isOriginAllowed(options.allowedOrigins, request, header)) return;
  throw new Problem(403, 'origin', 'this origin may not record here');
}

function refuseFor(seconds: number, reason: string): void {
  if (seconds > 0) throw new Problem(429, reason, 'send the same batch again later', seconds);
}

/** Visitors who ask not to be tracked, and bots: answered kindly, nothing kept. */
function reasonNotToRecord({ options }: App, header: Header, bot: boolean): string | null {
  const asked = header('dnt') === '1' || header('sec-gpc') === '1';
  if (asked && options.respectPrivacySignals) return 'privacy_signal';
  return bot && !options.recordBots ? 'bot' : null;
}

function countryOf(client: Client, batch: EventBatch): Pick<Arrival, 'country' | 'country_estimated'> {
  if (client.country) return { country: client.country, country_estimated: false };
  const country = countryOfZone(batch.context.timezone);
  return { country, country_estimated: country !== null };
}

function erased(): Problem {
  return new Problem(410, 'erased', 'this session was erased');
}

function answer({ writer, counters, options }: App, session_id: string, receipt: Receipt): CollectAnswer {
  switch (receipt.kind) {
    case 'stored':
      if (receipt.first || receipt.grown) {
        writer.note(session_id);
        options.background(writer.flush());
      }
      counters.add('event_rejected', receipt.rejected);
      return { session_id, accepted: receipt.accepted, rejected: receipt.rejected };
    case 'duplicate':
      counters.add('batch_duplicate');
      return { session_id, accepted: receipt.accepted, rejected: receipt.rejected };
    case 'invalid':
      throw new Problem(400, 'format', `${receipt.field} ${receipt.expected}`);
    case 'refused':
      if (receipt.limit === 'rate') refuseFor(receipt.seconds, 'session_rate');
      throw new Problem(413, `session_${receipt.limit}`, 'this session is full; begin another');
    case 'erased':
      throw erased();
    case 'unknown':
      throw new Problem(503, 'store', 'send the same batch again later', 1);
  }
}
