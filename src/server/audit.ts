// The log of who read, exported and erased what, and who made and revoked keys and share links, under audit/: written behind the answers. Used by app.ts and commands.ts.
import type { Counters } from './counters.ts';
import type { Clock, ObjectStore } from './ports.ts';

/** A line of the log: never what was read, nor an address, nor a key. */
export interface AuditLine {
  /** Epoch ms. */
  at: number;
  /** Name of the key, `owner`, `command line`, or `share` and its id. */
  key: string;
  act: 'read' | 'export' | 'backup' | 'erase' | 'create_key' | 'revoke_key' | 'create_share' | 'revoke_share';
  /** Where one session was meant. */
  session_id?: string;
  /** Where several were: how many, by what they were chosen; erasures/ names them, at the same `at`. */
  sessions?: number;
  by?: 'visitor' | 'time';
  /** Of the key, or id of the share, that was made or revoked. */
  name?: string;
}

const PREFIX = 'audit/';
const DAY = 86_400_000;
/** How long lines are kept. */
const KEPT_DAYS = 365;
/** Lines that wait for a store that does not answer; the oldest are given up. */
const WAITING_MAX = 10_000;
/** ms after a failed write in which a line does not try another: all that wait would be put together for each. */
const RETRY = 1000;
/** Objects that are removed at once. */
const REMOVED = 1000;
/** ms between requests of one key for one session, within which they are one reading: a long session comes in parts, a running one by and by. */
const READING = 60_000;
/** Readings that are known to go on; of the others the next request is a line again. */
const READINGS_MAX = 1000;

interface Options {
  counters: Counters;
  /** Lets a write go on; it never fails. */
  background(work: Promise<unknown>): void;
  /** ms from one object to the next: what comes in between shares one. Absent: each request writes for itself, since on Workers none may wait for another's. */
  pause?: number | undefined;
}

/**
 * No answer waits for it, and none is refused for want of it: a line is written at once, or with those that come within the pause, and
 * where it cannot be, it waits in memory for the next line or `flush`. A failed write is counted as `audit_delayed`, a line given up as `audit_lost`.
 */
export class Audit {
  private readonly objects: ObjectStore;
  private readonly clock: Clock;
  private readonly options: Options;
  private waiting: AuditLine[] = [];
  private writing: Promise<void> | null = null;
  private writtenAt = Number.NEGATIVE_INFINITY;
  private failedAt = Number.NEGATIVE_INFINITY;
  private written = 0;
  private tidiedOn = 0;
  private hurry = () => {};
  /** Key and session → epoch ms of the last request, the latest last. */
  private readonly readings = new Map<string, number>();

  constructor({ objects, clock }: { objects: ObjectStore; clock: Clock }, options: Options) {
    this.objects = objects;
    this.clock = clock;
    this.options = options;
  }

  /** `at` absent: now. */
  note(line: Omit<AuditLine, 'at'> & { at?: number }): void {
    if (line.act === 'read' && this.isGoingOn(`${line.key} ${line.session_id}`)) return;
    if (this.waiting.length >= WAITING_MAX) {
      this.waiting.shift();
      this.options.counters.add('audit_lost');
    }
    this.waiting.push({ at: this.clock.now(), ...line });
    if (performance.now() - this.failedAt < RETRY) return;
    this.options.background(this.options.pause === undefined ? this.write() : this.writeInTurn());
  }

  private isGoingOn(reading: string): boolean {
    const now = this.clock.now();
    const last = this.readings.get(reading) ?? Number.NEGATIVE_INFINITY;
    this.readings.delete(reading);
    this.readings.set(reading, now);
    if (this.readings.size > READINGS_MAX) this.readings.delete(this.readings.keys().next().value!);
    return Math.abs(now - last) < READING;
  }

  /** Writes what waits, without a pause. Never throws. */
  async flush(): Promise<void> {
    this.hurry();
    await this.writing;
    await this.write();
  }

  /** One after the other, as long as something waits. */
  private writeInTurn(): Promise<void> {
    const write = async () => {
      do await this.untilDue();
      while ((await this.write()) && this.waiting.length > 0);
    };
    this.writing ??= write().finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  /** False: the store did not take them. */
  private async write(): Promise<boolean> {
    const lines = this.waiting.splice(0);
    if (lines.length === 0) return true;
    const { at } = lines[0]!;
    try {
      await this.objects.putIfAbsent(keyOf(at, this.written++), encode(lines));
    } catch {
      this.waiting.unshift(...lines);
      this.failedAt = performance.now();
      this.options.counters.add('audit_delayed');
      return false;
    }
    this.writtenAt = performance.now();
    await this.tidy(at).catch(() => undefined);
    return true;
  }

  private async untilDue(): Promise<void> {
    const wait = this.writtenAt + (this.options.pause ?? 0) - performance.now();
    if (!(wait > 0)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Once a day, with its first line, what is older than it is kept goes. */
  private async tidy(now: number): Promise<void> {
    const today = Math.floor(now / DAY);
    if (this.tidiedOn === today || this.clock.isSteady?.() === false) return;
    this.tidiedOn = today;
    const keptSince = dayOf(now - KEPT_DAYS * DAY);
    for (;;) {
      const old: string[] = [];
      for await (const key of this.objects.list(PREFIX)) {
        if (key >= keptSince || old.length >= REMOVED) break;
        old.push(key);
      }
      if (old.length > 0) await this.objects.delete(old);
      if (old.length < REMOVED) return;
    }
  }
}

/** The lines since `since` (epoch ms), in the order of their writing, at most `most` objects of them after the key `after`; `last`: where to go on, null: that is all. */
export async function readAudit(
  objects: ObjectStore,
  since: number,
  after: string,
  most: number,
): Promise<{ lines: AuditLine[]; last: string | null }> {
  const lines: AuditLine[] = [];
  // A line may have waited for a store that did not answer: it lies in an object named after the oldest in it.
  const from = after || dayOf(Math.max(0, since - DAY));
  let last: string | null = null;
  let read = 0;
  for await (const key of objects.list(PREFIX, from)) {
    if (read >= most) return { lines, last };
    const body = await objects.get(key);
    const found = body ? new TextDecoder().decode(body).split('\n').flatMap(parseLine) : [];
    lines.push(...found.filter(({ at }) => at >= since));
    last = key;
    read++;
  }
  return { lines, last: null };
}

/** The beginning of the keys of a day. */
function dayOf(at: number): string {
  return `${PREFIX}${new Date(at).toISOString().slice(0, 10).replace(/-/g, '/')}/`;
}

/** `number`: what one process writes in the same millisecond is in the order of its writing. */
function keyOf(at: number, number: number): string {
  return `${dayOf(at)}${at}-${String(number).padStart(9, '0')}-${crypto.randomUUID()}.ndjson`;
}

function encode(lines: AuditLine[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function parseLine(text: string): AuditLine[] {
  try {
    const line = JSON.parse(text) as AuditLine;
    return typeof line.at === 'number' && typeof line.key === 'string' ? [line] : [];
  } catch {
    return [];
  }
}
