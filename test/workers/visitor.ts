// A visitor whose tracker posts to the app as it stands, and an owner who reads. Used by the tests in workerd.
import { buildApp } from '../../src/cloudflare/app.ts';
import type { Bindings } from '../../src/cloudflare/env.ts';
import type { SentEvent } from '../../src/format/event.ts';
import type { App } from '../../src/server/context.ts';
import { sessionIdOf } from '../../src/server/session-id.ts';

export const KEY = 'a-key-for-tests-0123';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
let sessions = 0;

export interface Visit {
  id: string;
  key: string;
}

/** A session that begins now; no two are alike. */
export async function visit(): Promise<Visit> {
  const random = `${++sessions}-${crypto.randomUUID()}`;
  const key = `${Date.now().toString(36)}-${random}`;
  return { key, id: await sessionIdOf(key) };
}

/** A batch of about 3 kB: five seconds of a mouse, a click, now and then another page. */
export function batchOf({ key }: Visit, seq: number, now = Date.now()): object {
  const page = `https://shop.example/lamps/${Math.floor(seq / 20)}`;
  const events: SentEvent[] = Array.from({ length: 19 }, (_, i) => {
    return {
      event_type: 'mousemove',
      x: (seq * 31 + i * 7) % 1200,
      y: (i * 13) % 700,
      page,
      timestamp: now - 200 + i * 10,
    };
  });
  events.push({ event_type: 'click', x: 4, y: 5, element: 'A#buy.primary', page, timestamp: now });
  return { v: 1, session_key: key, visitor_id: 'visitor', page_id: 'page', seq, sent_at: now, events };
}

export class Site {
  /** What a Worker of this site is given. */
  readonly bindings: Bindings;
  readonly app: App;

  constructor(env: Bindings, more: Partial<Bindings> = {}) {
    this.bindings = { ...env, API_KEY: KEY, ...more };
    this.app = buildApp(this.bindings);
  }

  async request(path: string, init: RequestInit = {}) {
    const headers = { 'user-agent': BROWSER, ...(init.headers as Record<string, string>) };
    const request = new Request(`https://silhouette.test${path}`, { ...init, headers });
    const response = await this.app.fetch(request, { address: '192.0.2.1', country: 'IN' });
    const type = response.headers.get('content-type') ?? '';
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into JSON of any shape
    const body: any = /[/+]json/.test(type) ? await response.json() : await response.text();
    return { status: response.status, headers: response.headers, body };
  }

  post(body: object, headers: Record<string, string> = {}) {
    return this.request('/collect', { method: 'POST', body: JSON.stringify(body), headers });
  }

  get(path: string) {
    return this.request(path, { headers: { 'x-api-key': KEY } });
  }
}
