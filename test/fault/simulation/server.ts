// One life of the simulated server: the real app on the simulated stores, its start and what happens by itself. Begun and killed by history.ts.
import { MIGRATIONS } from '../../../src/generated/migrations.ts';
import { catchUp } from '../../../src/node/catch-up.ts';
import { createApp } from '../../../src/server/app.ts';
import type { App } from '../../../src/server/context.ts';
import { continueErasing, repeatErasures, retain } from '../../../src/server/erase.ts';
import { moveKept } from '../../../src/server/fallback.ts';
import { continueReindex, reindex } from '../../../src/server/reindex.ts';
import { sealIdle } from '../../../src/server/seal.ts';
import { SqlCatalog } from '../../../src/server/sql-catalog.ts';
import type { Chance } from './chance.ts';
import { type Log, LoggedDatabase } from './database.ts';
import type { Disk } from './disk.ts';
import { DiskHotStore } from './hot.ts';
import { DiskObjectStore } from './objects.ts';
import type { Life, Scheduler } from './scheduler.ts';

const KEY = 'a-key-for-tests-0123';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
export const SEAL_AFTER_MS = 30 * 60_000;
export const RETENTION_DAYS = 1;

export interface Machine {
  disk: Disk;
  log: Log;
  chance: Chance;
  scheduler: Scheduler;
  clock: { now(): number };
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape, looked into by the checks
  body: any;
}

export type Job = 'seal' | 'move' | 'remove' | 'reindex' | 'resume';

const asset = { type: 'text/plain', etag: '"1"', body: new Uint8Array() };

export class Server {
  readonly life: Life;
  readonly app: App;
  isUp = false;
  /** A start that failed: the process is gone. */
  failed = false;
  private readonly catalog: SqlCatalog;
  /** Rebuildings of the index that were begun. */
  rebuilt = 0;
  private readonly running = new Set<Job>();
  private readonly lost = new Set<() => void>();
  private readonly machine: Machine;

  constructor(machine: Machine, number: number) {
    this.machine = machine;
    const { disk, log, chance, scheduler, clock } = machine;
    this.life = { number, dead: false };
    this.catalog = new SqlCatalog(new LoggedDatabase(log, chance, scheduler, this.life), MIGRATIONS);
    const hot = new DiskHotStore(disk, chance, scheduler, this.life);
    const objects = new DiskObjectStore(disk, scheduler, this.life);
    this.app = createApp(
      { hot, objects, catalog: this.catalog, clock },
      {
        apiKey: KEY,
        allowedOrigins: null,
        rateLimits: false,
        respectPrivacySignals: true,
        recordBots: false,
        retentionDays: RETENTION_DAYS,
        sessionsAtOnce: Number.POSITIVE_INFINITY,
        askedAtOnce: Number.POSITIVE_INFINITY,
        assets: { tracker: asset, viewer: asset, viewerPolicy: "default-src 'none'", demo: null },
        background: (work) => void work.catch(() => undefined),
        log: () => undefined,
        stopping: () => false,
      },
    );
    this.start().then(
      () => {
        this.isUp = true;
      },
      () => {
        this.failed = true;
      },
    );
  }

  private async start(): Promise<void> {
    await this.catalog.prepare();
    await catchUp(this.app);
  }

  /** Everything in memory is gone, and whoever waits for an answer hears nothing. */
  kill(): void {
    this.isUp = false;
    this.machine.scheduler.kill(this.life);
    for (const lose of this.lost) lose();
    this.lost.clear();
  }

  /** Null: the connection was cut before the answer. */
  async request(method: string, path: string, body?: string): Promise<Answer | null> {
    if (!this.isUp) return null;
    const headers: Record<string, string> = body
      ? { 'content-type': 'text/plain', 'content-length': String(body.length), 'user-agent': BROWSER }
      : { 'x-api-key': KEY };
    const request = new Request(`http://silhouette.test${path}`, { method, headers, ...(body ? { body } : {}) });
    return new Promise((resolve, reject) => {
      const lose = () => resolve(null);
      this.lost.add(lose);
      const answer = async () => {
        const response = await this.app.fetch(request, { address: '192.0.2.1', country: null });
        const text = await response.text();
        this.lost.delete(lose);
        resolve({ status: response.status, body: JSON.parse(text) });
      };
      answer().catch(reject);
    });
  }

  /** Begins what the schedule does; nothing where it is under way. */
  begin(job: Job): void {
    if (!this.isUp || this.running.has(job)) return;
    this.running.add(job);
    // A failure is tried again the next time.
    this.work(job)
      .catch(() => undefined)
      .finally(() => this.running.delete(job));
  }

  private async work(job: Job): Promise<void> {
    const { app } = this;
    const { ports, writer } = app;
    if (job === 'seal') await sealIdle(ports, writer, ports.clock.now() - SEAL_AFTER_MS);
    else if (job === 'move') while (await moveKept(app, 20));
    else if (job === 'resume') while (await continueReindex(ports, writer, Number.POSITIVE_INFINITY));
    else if (job === 'reindex') {
      this.rebuilt++;
      await reindex(ports, writer);
    } else {
      await repeatErasures(app, 0);
      while (await continueErasing(ports, 100));
      while (await retain(app));
    }
  }
}
