// The end of a history: faults cease, and everything promised must come true. Run by worker.ts.
import type { History } from './history.ts';
import { RETENTION_DAYS, SEAL_AFTER_MS } from './server.ts';
import { acknowledged, type SessionTruth, Violation } from './truth.ts';

const DAY = 86_400_000;
/** More than the clock ever steps back. */
const CLOCK_BACK_MS = 60_000;
/** Attempts after which a batch must have its answer. */
const ROUNDS = 200;

export class Finale {
  private readonly history: History;

  constructor(history: History) {
    this.history = history;
  }

  async run(): Promise<void> {
    const { history } = this;
    history.say('from here on nothing fails');
    history.chance.faults = false;
    await history.rest();
    // An operator whose rebuilding failed begins it again.
    history.job('resume');
    await history.rest();
    await this.drain();
    await this.readAll();
    await this.sealAll();
    await this.readAll();
    history.isTidy = true;
    await this.comeLate();
    await this.sealAll();
    await this.readAll();
    await this.rebuild();
    await this.expire();
  }

  /** Every batch becomes final. */
  private async drain(): Promise<void> {
    const { history } = this;
    for (let round = 0; round < ROUNDS; round++) {
      const left = history.visitors.filter((visitor) => !visitor.isDone);
      if (left.length === 0) return;
      for (const visitor of left) {
        history.giveUp(visitor);
        history.send(visitor);
      }
      for (let i = 0; i < 30; i++) history.deliver();
      await history.rest();
      history.now += 1000;
    }
    throw new Violation('a batch never becomes final');
  }

  private async readAll(): Promise<void> {
    const { history } = this;
    for (const session of history.sessions) {
      history.attend(
        history.reader.read(session).then((isThere) => {
          if (isThere === null) throw new Violation('a read is refused though nothing fails');
        }),
      );
    }
    history.attend(history.reader.list());
    await history.rest();
  }

  /** Nothing stays hot, nothing is kept, and nothing is left of what was erased. */
  private async sealAll(): Promise<void> {
    const { history } = this;
    history.now += SEAL_AFTER_MS + CLOCK_BACK_MS;
    for (const job of ['move', 'remove', 'seal', 'remove'] as const) {
      // One that was under way may have failed before the faults ceased.
      history.job(job);
      await history.rest();
      // What was moved to a session that had ended is sealed after its time again.
      if (job === 'move') history.now += SEAL_AFTER_MS + CLOCK_BACK_MS;
    }
    const { hot, catalog } = history.server.app.ports;
    const left: string[] = [];
    const count = async () => {
      for await (const id of hot.sessions()) left.push(id);
      left.push(...(await catalog.keptSessions(10)));
    };
    history.attend(count());
    await history.rest();
    if (left.length > 0) throw new Violation(`not sealed: ${left}`);
    for (const { id, isErased } of history.sessions) {
      const names = history.machine.disk.names('objects/sessions/').filter((name) => name.includes(id));
      if (isErased && names.length > 0) throw new Violation(`left of an erased session: ${names}`);
    }
  }

  /** A batch after the seal, and one that was answered before, once more. */
  private async comeLate(): Promise<void> {
    const { history } = this;
    for (const visitor of history.visitors) {
      const known = visitor.truth.batches.filter(({ answer }) => answer);
      if (known.length > 0) history.post(visitor.attempt(history.chance.pick(known), history.now));
      if (history.chance.is(0.6)) visitor.act(history.now);
    }
    for (let i = 0; i < 10; i++) history.deliver();
    await history.rest();
    await this.drain();
    await this.tryErased();
  }

  /** A batch of an erased session comes once more. */
  private async tryErased(): Promise<void> {
    const { history } = this;
    for (const visitor of history.visitors.filter(({ truth }) => truth.isErased)) {
      const [batch] = visitor.truth.batches;
      if (batch) history.post(visitor.attempt(batch, history.now));
    }
    for (let i = 0; i < 10; i++) history.deliver();
    await history.rest();
  }

  /** The index is what the objects say, rebuilt or not, and on an older copy as well. */
  private async rebuild(): Promise<void> {
    const { history } = this;
    const before = await this.rows();
    await this.checkCounts(before);
    history.job('reindex');
    await history.rest();
    await this.expectRows(before, 'after rebuilding');
    await history.restart();
    await history.rest();
    await this.expectRows(before, 'after a restart');
    await this.tryErased();
    const { copies } = history.machine.log;
    if (copies.length === 0) return;
    await history.restart(history.chance.pick(copies));
    await history.rest();
    await this.readErased();
    history.job('reindex');
    await history.rest();
    history.job('remove');
    history.job('move');
    await history.rest();
    history.now += SEAL_AFTER_MS + CLOCK_BACK_MS;
    history.job('seal');
    await history.rest();
    await this.expectRows(before, 'on an older catalog, rebuilt');
    await this.tryErased();
  }

  private async readErased(): Promise<void> {
    const { history } = this;
    for (const session of history.sessions.filter(({ isErased }) => isErased))
      history.attend(history.reader.read(session));
    await history.rest();
  }

  private async rows(): Promise<string> {
    const { history } = this;
    let rows: object[] | null = null;
    const list = async () => {
      rows = await history.reader.list();
    };
    history.attend(list());
    await history.rest();
    if (!rows) throw new Violation('the list stays behind');
    const texts = (rows as object[]).map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort())));
    // A session that began twice, in the catalog and in the hot store, keeps its first place in the list until it is rebuilt.
    return `[${texts.sort().join(',\n')}]`;
  }

  private async expectRows(before: string, when: string): Promise<void> {
    const after = await this.rows();
    if (after !== before) throw new Violation(`the index differs ${when}; before:\n${before}\nafter:\n${after}`);
  }

  private async checkCounts(rows: string): Promise<void> {
    for (const row of JSON.parse(rows) as { session_id: string; event_count: number; status: string }[]) {
      const session = this.history.sessions.find(({ id }) => id === row.session_id)!;
      const batches = session.batches.filter(({ answer }) => answer);
      const count = batches.reduce((sum, { events }) => sum + events.length, 0);
      if (row.event_count !== count)
        throw new Violation(`${row.session_id} has ${count} events, listed are ${row.event_count}`);
      if (row.status !== 'ended') throw new Violation(`${row.session_id} is sealed and listed as running`);
    }
  }

  /** Time passes until one session is expired, or all but began so long ago. */
  private async expire(): Promise<void> {
    const { history } = this;
    const whole = history.sessions.filter((session) => acknowledged(session).length > 0 && !session.eraseAsked);
    if (whole.length === 0) return;
    const listed = JSON.parse(await this.rows()) as { session_id: string; started_at: number; ended_at: number }[];
    const one = history.chance.pick(listed);
    const cutoff = history.chance.is(0.5) ? one.ended_at : one.ended_at + 1;
    history.now = cutoff + RETENTION_DAYS * DAY;
    history.job('remove');
    await history.rest();
    for (const { session_id, ended_at } of listed) await this.expectKept(session_id, ended_at >= cutoff);
  }

  private async expectKept(id: string, isKept: boolean): Promise<void> {
    const { history } = this;
    const session = history.sessions.find((one) => one.id === id) as SessionTruth;
    session.eraseAsked = !isKept;
    history.attend(
      history.reader.read(session).then((isThere) => {
        if (isThere !== isKept) throw new Violation(`${id} is ${isKept ? 'removed before' : 'kept beyond'} its time`);
      }),
    );
    await history.rest();
  }
}
