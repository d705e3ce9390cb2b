// The readers of a history: read, list and erase, and hold every answer against what was promised when they asked. Used by history.ts and finale.ts.
import type { Answer, Server } from './server.ts';
import { acknowledged, checkEvents, type SessionTruth, Violation } from './truth.ts';

/** What readers need of a history. */
interface Site {
  server: Server;
  sessions: SessionTruth[];
  isTidy: boolean;
  say(line: string): void;
}

export class Reader {
  private readonly history: Site;

  constructor(history: Site) {
    this.history = history;
  }

  /** Whether the session was there; null: the server did not tell. */
  async read(session: SessionTruth): Promise<boolean | null> {
    const promised = acknowledged(session);
    const wasErased = session.isErased;
    const answer = await this.request('GET', `/replay/sessions/${session.id}`);
    this.history.say(`read ${session.id.slice(0, 4)}: ${answer?.status ?? 'none'}`);
    if (!answer || answer.status >= 500) return null;
    if (answer.status === 404) {
      if (promised.length > 0 && !session.eraseAsked) throw new Violation(`${session.id} cannot be read`);
      if (promised.length > 0) session.isErased = true;
      return false;
    }
    if (answer.status !== 200) throw new Violation(`reading was answered ${answer.status}`);
    if (wasErased) throw new Violation(`the erased ${session.id} can be read`);
    const { events, event_count, session: row } = answer.body;
    // Erased while it was read: what was not fetched by then is gone.
    if (!session.eraseAsked) checkEvents(session, promised, events);
    if (event_count !== events.length || row.session_id !== session.id) throw new Violation('the count is wrong');
    return true;
  }

  /** The rows as they are listed; null: the server did not tell, or not everything. */
  async list(): Promise<{ session_id: string }[] | null> {
    const { sessions } = this.history;
    const promised = sessions.filter((session) => acknowledged(session).length > 0);
    const isGone = ({ isErased, isPromised }: SessionTruth) => isPromised || (isErased && this.history.isTidy);
    const erased = new Set(sessions.filter(isGone).map(({ id }) => id));
    const { rebuilt } = this.history.server;
    this.history.say('list begins');
    const answer = await this.request('GET', '/replay/sessions?limit=100');
    this.history.say(`list: ${answer?.status ?? 'none'}`);
    if (!answer || answer.status >= 500) return null;
    if (answer.status !== 200) throw new Violation(`listing was answered ${answer.status}`);
    const listed = new Set<string>(answer.body.sessions.map(({ session_id }: { session_id: string }) => session_id));
    for (const id of listed) {
      if (erased.has(id)) throw new Violation(`the erased ${id} is listed`);
      if (!sessions.some((session) => session.id === id)) throw new Violation(`${id} is listed and nobody sent it`);
    }
    if (listed.size !== answer.body.sessions.length) throw new Violation('a session is listed twice');
    // One that began meanwhile may have emptied the index between the questions of one list.
    if (answer.body.behind || this.history.server.rebuilt !== rebuilt) return null;
    const missing = promised.find(({ id, eraseAsked }) => !listed.has(id) && !eraseAsked);
    if (missing) throw new Violation(`${missing.id} is not listed`);
    return answer.body.sessions;
  }

  async erase(session: SessionTruth): Promise<void> {
    session.eraseAsked = true;
    const answer = await this.request('DELETE', `/replay/sessions/${session.id}`);
    this.history.say(`erase ${session.id.slice(0, 4)}: ${answer?.status ?? 'none'}`);
    if (answer?.status === 200) session.isErased = session.isPromised = true;
  }

  private request(method: string, path: string): Promise<Answer | null> {
    return this.history.server.request(method, path);
  }
}
