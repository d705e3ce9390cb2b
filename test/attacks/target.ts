// The server under attack: the built one as a process of its own with a witness inside, in a folder from which nothing may escape. Started by run.ts and the drivers.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { BODY_BYTES_MAX } from '../../src/format/limits.ts';
import { environment, filesBelow, ROOT, type RunningServer, ready } from '../fixtures/server.ts';
import { type Answer, ask, type Request } from './ask.ts';

const WARM_UPS = 10;
const SENT_AT = /(?<="sent_at":)\d{13}/g;
/** ms that a batch may lie about: on a busy machine a row takes longer than the clock of a visitor may be behind. */
const LATE_MS = 120_000;

/** The time, for one that was it lately. */
function renew(sent_at: string): string {
  const now = Date.now();
  return now - Number(sent_at) >= 0 && now - Number(sent_at) < LATE_MS ? String(now) : sent_at;
}

/** Times that a request is sent that is told to come again. */
const ATTEMPTS = 5;

/** What the witness saw since it was asked last. */
export interface Witnessed {
  pid: number;
  /** ms: the longest time for which the process worked on one thing. */
  stall_ms: number;
  cpu_ms: number;
  /** Bytes now, and at most. */
  rss: number;
  heaviest: number;
  /** Bytes that are no garbage, where that was asked for: it takes a while. */
  held?: number;
  /** Paths outside the data directory that were asked for. */
  strayed: string[];
  /** Rejections that nobody caught, since the start. */
  unhandled: number;
  polluted: boolean;
}

/** How much is stored. */
export interface Census {
  sessions: number;
  objects: number;
}

export class Target {
  /** The data directory lies in it, beside files that are none of the server's business. */
  readonly folder: string;
  readonly dataDir: string;
  readonly server: RunningServer;
  /** Bytes that the process weighs once it is at work, and what of it is no garbage. */
  weight = 0;
  held = 0;
  private readonly around: string;
  private readonly child: ChildProcess;
  private clients = 0;

  private constructor(folder: string, child: ChildProcess, server: RunningServer) {
    this.folder = folder;
    this.dataDir = join(folder, 'data');
    this.child = child;
    this.server = server;
    this.around = this.surroundings();
  }

  /** `prepare` may put something into the data directory before the server finds it; `atEnd` takes what ends it all. */
  static async start(
    settings: Record<string, string>,
    atEnd: (work: () => Promise<void>) => void,
    prepare: (dataDir: string) => Promise<void> = async () => {},
  ): Promise<Target> {
    const folder = mkdtempSync(join(tmpdir(), 'silhouette-attack-'));
    const dataDir = join(folder, 'data');
    mkdirSync(join(folder, 'etc'));
    for (const name of ['passwd', 'etc/passwd']) writeFileSync(join(folder, name), 'none of your business');
    mkdirSync(dataDir);
    await prepare(dataDir);
    const child = spawn(
      process.execPath,
      ['--import', join(import.meta.dirname, 'witness.mjs'), join(ROOT, 'dist/server.mjs')],
      {
        // A path that is not made whole would lie here.
        cwd: folder,
        env: environment({ PORT: '0', DATA_DIR: dataDir, ...settings }),
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    const ends: (() => Promise<void>)[] = [];
    atEnd(async () => {
      for (const end of ends) await end();
      rmSync(folder, { recursive: true });
    });
    const server = await ready(child, dataDir, settings.API_KEY, (end) => ends.push(end));
    const target = new Target(folder, child, server);
    await target.warmUp();
    return target;
  }

  /** Lets the process see the largest bodies that it takes, so that what it grows by later is what attacks cost. */
  private async warmUp(): Promise<void> {
    const body = gzipSync(`[${'{},'.repeat(BODY_BYTES_MAX / 3 - 2)}{}]`, { level: 1 });
    const headers = { 'content-encoding': 'gzip' };
    for (let i = 0; i < WARM_UPS; i++) await this.ask({ method: 'POST', path: '/collect', headers, body });
    const { rss, held = 0 } = await this.look('weigh');
    this.weight = rss;
    this.held = held;
  }

  /** Resolves to what the witness saw, which then begins anew. */
  async look(how: 'look' | 'weigh' = 'look'): Promise<Witnessed> {
    const seen = once(this.child, 'message');
    this.child.send(how);
    return (await seen)[0] as Witnessed;
  }

  /** A request as it stands. Rejects where it is not answered in time. */
  ask(request: Request): Promise<Answer> {
    return ask(this.server.origin, request);
  }

  /** A request from an address of its own, unless it says which: no row uses up what another is allowed. A batch is sent as of now. */
  post(request: Request): Promise<Answer> {
    const { body } = request;
    const renewed = typeof body === 'string' ? { body: body.replace(SENT_AT, renew) } : {};
    return this.send({ ...request, ...renewed, headers: { ...this.stranger(), ...request.headers } });
  }

  /** With the key. */
  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send({ path, headers: { 'x-api-key': this.server.key, ...headers } });
  }

  erase(path: string): Promise<Answer> {
    return this.send({ method: 'DELETE', path, headers: { 'x-api-key': this.server.key } });
  }

  /** As it stands. On a machine that is busy with other things the server may say to come again later, and that is done. */
  async send(request: Request): Promise<Answer> {
    for (let i = 1; ; i++) {
      const answer = await this.ask(request);
      if (answer.status !== 503 || i === ATTEMPTS) return answer;
      await wait(1000 * Number(answer.headers.get('retry-after')));
    }
  }

  /** A command of the command line tool, by the owner; its replies. */
  async command(command: object, lines: readonly object[] = []): Promise<Record<string, unknown>[]> {
    const body = [command, ...lines].map((line) => JSON.stringify(line)).join('\n');
    const headers = { 'x-api-key': this.server.key };
    const { text } = await this.send({ method: 'POST', path: '/replay/commands', headers, body });
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** An address that no request came from yet. */
  stranger(): Record<string, string> {
    const client = ++this.clients;
    return { 'cf-connecting-ip': `10.${client >> 16}.${(client >> 8) & 255}.${client & 255}` };
  }

  async census(): Promise<Census> {
    const { json } = await this.get('/replay/sessions?limit=0');
    return { sessions: json.total, objects: this.objects().length };
  }

  /** Paths of the sealed objects. */
  objects(): string[] {
    return filesBelow(this.dataDir).filter((path) => path.includes('/sessions/'));
  }

  /** Files of the data directory, logs of the databases among them, that hold one of these texts, packed or not. */
  holding(texts: readonly string[]): string[] {
    const holds = (path: string) => {
      const bytes = path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);
      return texts.some((text) => bytes.includes(text));
    };
    for (let i = 1; ; i++) {
      try {
        return filesBelow(this.dataDir).filter(holds);
      } catch (error) {
        // An object that was written meanwhile has another name since the files were listed.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || i === ATTEMPTS) throw error;
      }
    }
  }

  /** True where everything beside the data directory is as it was when the server started. */
  isShutIn(): boolean {
    return this.surroundings() === this.around;
  }

  private surroundings(): string {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).sort();
    const outside = names.filter((name) => name !== 'data' && !name.startsWith('data/'));
    return outside.map((name) => `${name} ${statSync(join(this.folder, name)).mtimeMs}`).join('\n');
  }
}
