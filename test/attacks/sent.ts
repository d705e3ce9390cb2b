// What an attack sends: batches with one thing wrong in them, and what of each may be found afterwards. Used by the catalogue.
import { batch, click, idOf } from '../fixtures/outsider.ts';
import type { Request } from './ask.ts';

export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** An event as a test writes it down. */
// biome-ignore lint/suspicious/noExplicitAny: an attacker's events have any shape
export type Event = Record<string, any>;

export interface Sent extends Request {
  /** Tells this one from the others of its row. */
  as: string;
  /** What may be found nowhere afterwards. */
  bad?: string;
  /** The session that it is meant for. */
  session?: string;
  /** The events that may be read back of that session, if any are taken. */
  good?: Event[];
  /** Those between them, which may be refused. */
  attacked?: Event[];
}

/** Names the event that is attacked, so that it is found again. */
export const ATTACKED = 'attacked';

/** A request for a path, with the key where one is given. */
export function reading(path: string, key?: string, more: Partial<Sent> = {}): Sent {
  const { headers, ...rest } = more;
  return {
    as: `${more.method ?? 'GET'} ${path}`,
    path,
    headers: { ...(key && { 'x-api-key': key }), ...headers },
    ...rest,
  };
}

/** POST /collect of this body, sent by a browser. */
export function collect(as: string, body: string | Uint8Array | object, more: Partial<Sent> = {}): Sent {
  const isReady = typeof body === 'string' || body instanceof Uint8Array;
  const { session_key, events } = (isReady ? {} : body) as Partial<ReturnType<typeof batch>>;
  const { headers, ...rest } = more;
  return {
    as,
    method: 'POST',
    path: '/collect',
    headers: { 'content-type': 'text/plain', 'user-agent': BROWSER, ...headers },
    body: isReady ? body : JSON.stringify(body),
    // Of what is no key there is no session.
    ...(typeof session_key === 'string' && { session: idOf(session_key) }),
    ...(events && { good: events }),
    ...rest,
  };
}

/** A batch with these fields instead of good ones. */
export function withFields(as: string, fields: Record<string, unknown>, more: Partial<Sent> = {}): Sent {
  return collect(as, { ...batch(), ...fields }, more);
}

/** Two good events and, between them, a click with these fields. */
export function withEvent(as: string, fields: Event, more: Partial<Sent> = {}): Sent {
  return withEvents(as, [click({ event_id: ATTACKED, ...fields })], more);
}

/** Two good events and, between them, these. */
export function withEvents(as: string, events: unknown[], more: Partial<Sent> = {}): Sent {
  const body = batch();
  const good = body.events;
  const mixed = [good[0]!, ...events, good[1]!];
  return collect(as, { ...body, events: mixed }, { good, attacked: events as Event[], ...more });
}

/** The same as text, so that what JSON.stringify would mend stays as it is: `hole` stands for what is `put` there. */
export function withText(
  as: string,
  fields: Event,
  hole: string | RegExp,
  put: string,
  more: Partial<Sent> = {},
): Sent {
  const sent = withEvent(as, fields, more);
  return { ...sent, body: String(sent.body).replace(hole, () => put) };
}

/** Events, each with one number in it as it stands, once for each field and number. */
export function withNumbers(fields: readonly string[], literals: readonly string[], event: Event = {}): Sent[] {
  return fields.flatMap((field) =>
    literals.map((put) =>
      withText(`${field}: ${put}`, { ...event, [field]: 'HOLE' }, '"HOLE"', put, {
        // Seconds are how the milliseconds of a good event begin.
        bad: /^\d{10}$/.test(put) ? '' : put,
      }),
    ),
  );
}

/** Wherever a client may put an id: each field that is one has each value once. */
export function inEveryId(values: readonly unknown[]): Sent[] {
  return values.flatMap((value) => {
    const isText = typeof value === 'string';
    const as = isText ? value : JSON.stringify(value);
    const bad = isText ? { bad: value } : {};
    const start = Date.now().toString(36);
    const key = isText ? `${start}-${value}` : [start, value];
    return [
      withFields(as, { visitor_id: value }, bad),
      withFields(as, { page_id: value }, bad),
      withFields(as, { session_key: value }, bad),
      withFields(as, { session_key: key }, bad),
      withFields(as, { events: [click({ event_id: value })] }, bad),
    ];
  });
}
