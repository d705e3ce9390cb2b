// One simulated history: visitors, a network, server lives, readers and the passing of time, all from one seed. Run by worker.ts, before its finale.
import { Chance } from './chance.ts';
import { Log } from './database.ts';
import { Disk } from './disk.ts';
import { beginAnew } from './environment.ts';
import { Reader } from './reader.ts';
import { Scheduler } from './scheduler.ts';
import { type Job, type Machine, Server } from './server.ts';
import { type SessionTruth, Violation } from './truth.ts';
import { type Message, Visitor } from './visitor.ts';

const NOW = 1_770_000_000_000;
const MINUTE = 60_000;
/** Turns of the main part; a bound for whatever must come to rest. */
const TURNS = 240;
const REST_TURNS = 20_000;

export class History {
  readonly machine: Machine;
  readonly chance: Chance;
  readonly visitors: Visitor[] = [];
  readonly reader: Reader;
  server: Server;
  now = NOW;
  /** What is erased is removed everywhere: before that the hot store may take a batch more, which nobody can read. */
  isTidy = false;
  private readonly wire: Message[] = [];
  private lives = 0;
  private failure: Error | null = null;
  private asked = 0;
  /** Of the disk's names, as `check` last saw them. */
  private namesSeen = 0;
  private readonly scheduler: Scheduler;
  readonly say: (line: string) => void;

  constructor(seed: number, say: (line: string) => void) {
    beginAnew();
    this.say = say;
    this.chance = new Chance(seed, () => say('    goes wrong'));
    this.scheduler = new Scheduler(this.chance, say);
    const clock = { now: () => this.now };
    const disk = new Disk(this.chance);
    this.machine = { disk, log: new Log(), chance: this.chance, scheduler: this.scheduler, clock };
    this.reader = new Reader(this);
    this.server = this.boot();
    const count = 1 + this.chance.below(3);
    for (let i = 0; i < count; i++) this.visitors.push(new Visitor(this.chance, i, this.now));
  }

  get sessions(): SessionTruth[] {
    return this.visitors.map(({ truth }) => truth);
  }

  /** Throws a Violation where an invariant does not hold. */
  async run(): Promise<void> {
    await this.scheduler.quiet();
    for (let turn = 0; turn < TURNS; turn++) await this.turn();
  }

  end(): void {
    this.server.kill();
    this.machine.log.close();
  }

  private async turn(): Promise<void> {
    const { chance } = this;
    if (this.server.failed) await this.restart();
    else if (!this.scheduler.isIdle && chance.is(0.78)) await this.scheduler.step();
    else await this.begin();
    this.check();
  }

  /** Something new begins. */
  private async begin(): Promise<void> {
    const { chance } = this;
    this.now += chance.below(400);
    const dice = chance.next();
    if (dice < 0.2) chance.pick(this.visitors).act(this.now);
    else if (dice < 0.4) this.send(chance.pick(this.visitors));
    else if (dice < 0.64) this.deliver();
    else if (dice < 0.68) this.giveUp(chance.pick(this.visitors));
    else if (dice < 0.8) this.look();
    else if (dice < 0.92) this.job(chance.pick(['seal', 'seal', 'seal', 'move', 'remove', 'reindex']));
    else if (dice < 0.955) this.passTime();
    else if (dice < 0.97) this.attend(this.reader.erase(chance.pick(this.sessions)));
    else if (dice < 0.995) await this.restart();
    else this.machine.log.copies.push(this.machine.log.length);
    await this.scheduler.quiet();
  }

  job(job: Job): void {
    this.say(`begin: ${job}`);
    this.server.begin(job);
  }

  look(): void {
    const session = this.chance.pick(this.sessions);
    this.attend(this.chance.is(0.75) ? this.reader.read(session) : this.reader.list());
  }

  private passTime(): void {
    const ms = this.chance.pick([-3000, 2000, MINUTE, 31 * MINUTE, 40 * MINUTE]);
    this.say(`time: ${ms} ms`);
    this.now += ms;
  }

  send(visitor: Visitor): void {
    const message = visitor.send(this.now);
    if (message) this.post(message);
  }

  post(message: Message): void {
    const { batch, visitor } = message;
    this.say(`send: ${visitor.truth.id.slice(0, 4)} ${batch.page_id}.${batch.seq}`);
    this.wire.push(message);
  }

  /** One of the requests on their way arrives, arrives and will again, or is lost. */
  deliver(): void {
    if (this.wire.length === 0) return;
    const { chance } = this;
    const i = chance.below(this.wire.length);
    const message = this.wire[i]!;
    if (!chance.fails(0.15)) this.wire.splice(i, 1);
    const { visitor, batch } = message;
    if (chance.fails(0.1)) {
      this.say(`lost: ${visitor.truth.id.slice(0, 4)} ${batch.page_id}.${batch.seq}`);
      this.hear(message, null);
      return;
    }
    this.say(`arrives: ${visitor.truth.id.slice(0, 4)} ${batch.page_id}.${batch.seq}`);
    if (this.server.isUp) {
      batch.isSent = true;
      const { skew } = visitor.truth;
      skew.least = Math.min(skew.least, this.now - message.sentAt);
      skew.most = Math.max(skew.most, this.now - message.sentAt);
    }
    // An answer counts as given once it left the server, though it may never reach the visitor.
    const wasErased = visitor.truth.isErased && this.isTidy;
    this.attend(
      this.server.request('POST', '/collect', message.body).then((answer) => {
        this.say(
          `answer: ${answer?.status ?? 'none'} to ${visitor.truth.id.slice(0, 4)} ${batch.page_id}.${batch.seq}`,
        );
        if (wasErased && answer?.status === 202)
          throw new Violation(`a batch of the erased ${visitor.truth.id} is taken`);
        this.hear(message, chance.fails(0.1) ? null : answer);
      }),
    );
  }

  private hear(message: Message, answer: Parameters<Visitor['hear']>[1]): void {
    const { visitor } = message;
    if (visitor.inFlight === message) visitor.inFlight = null;
    if (message.awaited) visitor.hear(message, answer);
  }

  /** The visitor waits no longer; the request may still be on its way. */
  giveUp(visitor: Visitor): void {
    if (!visitor.inFlight) return;
    visitor.inFlight.awaited = false;
    visitor.inFlight = null;
  }

  /** Its failure is the history's. */
  attend(work: Promise<unknown>): void {
    this.asked++;
    work
      .catch((error) => {
        this.failure ??= error;
      })
      .finally(() => this.asked--);
  }

  private boot(): Server {
    return new Server(this.machine, ++this.lives);
  }

  /** The server is killed in the middle of everything and begins anew; `copy`: on this older copy of its catalog. */
  async restart(copy?: number): Promise<void> {
    this.say(copy === undefined ? 'crash' : `crash, and the catalog is that of ${copy} transactions`);
    this.server.kill();
    await this.scheduler.quiet();
    this.machine.disk.crash();
    this.machine.log.crash(this.chance);
    if (copy !== undefined && copy < this.machine.log.length) this.machine.log.restore(copy);
    this.server = this.boot();
    await this.scheduler.quiet();
  }

  /** Lets all that is under way come to its end. */
  async rest(): Promise<void> {
    for (let turn = 0; turn < REST_TURNS; turn++) {
      if (this.server.failed) await this.restart();
      if (this.scheduler.isIdle) {
        await this.scheduler.quiet();
        if (this.scheduler.isIdle) break;
      }
      await this.scheduler.step();
      this.check();
    }
    if (!this.scheduler.isIdle || !this.server.isUp) throw new Violation('the server does not come to rest');
    if (this.asked > 0) throw new Violation(`${this.asked} requests are never answered`);
  }

  /** What can be seen at once after every step. */
  private check(): void {
    if (this.failure) throw this.failure;
    const { disk } = this.machine;
    if (disk.named === this.namesSeen) return;
    this.namesSeen = disk.named;
    const numbers = new Set<string>();
    for (const name of disk.names('objects/sessions/')) {
      const number = name.replace(/(\/\d{6})-[^/]*$/, '$1');
      if (numbers.has(number)) throw new Violation(`two objects of one number: ${number}`);
      numbers.add(number);
    }
  }
}
