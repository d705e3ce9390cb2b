// What the clients of an overload send, as bytes: batches of sessions of their own, and heads and bodies that never end. Used by attacks.ts and control.ts.
import { createHash, randomBytes } from 'node:crypto';

export const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const PAGE = 'https://shop.example/lamps';
/** Batches of one session: its own limits are none of what is tried here. */
const BATCHES = 200;

/** Batches one after the other, each of `events` clicks; every so often another session begins. */
export class Batches {
  page_id = '';
  seq = -1;
  private readonly events: number;
  private key = '';
  private start = '';
  private rest = '';

  constructor(events: number) {
    this.events = events;
  }

  get session_id(): string {
    return createHash('sha256').update(this.key).digest('hex').slice(0, 32);
  }

  /** The body of the next one. What differs between batches is put in last: a client must not be slower than the server. */
  next(): string {
    if (++this.seq === BATCHES || this.key === '') this.begin(Date.now());
    return `${this.start}${this.seq}${this.rest}`;
  }

  private begin(now: number): void {
    this.key = `${now.toString(36)}-${randomBytes(18).toString('base64url')}`;
    this.page_id = randomBytes(9).toString('base64url');
    this.seq = 0;
    const click = { event_type: 'click', x: 7, y: 9, element: 'BUTTON#buy', page: PAGE, timestamp: now };
    const { key, page_id } = this;
    const names = { v: 1, session_key: key, visitor_id: key.slice(-20), page_id, sent_at: now };
    this.start = `${JSON.stringify(names).slice(0, -1)},"seq":`;
    this.rest = `,${JSON.stringify({ events: Array.from({ length: this.events }, () => click) }).slice(1)}`;
  }
}

/** A whole POST /collect. */
export function collect(body: string): string {
  return `${headOf(Buffer.byteLength(body))}\r\n${body}`;
}

/** The head of a POST /collect without its last line. */
export function headOf(length: number): string {
  return [
    'POST /collect HTTP/1.1',
    'Host: 127.0.0.1',
    `User-Agent: ${USER_AGENT}`,
    'Content-Type: text/plain',
    `Content-Length: ${length}`,
    '',
  ].join('\r\n');
}

export function get(path: string, key: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${key}\r\n\r\n`;
}
