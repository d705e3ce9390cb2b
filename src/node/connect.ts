// Finds who has the data of the command line tool: this process, the server that has the data directory, or one elsewhere. Called by cli.ts.
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMAND_LINE } from '../server/api-key.ts';
import { Audit } from '../server/audit.ts';
import { CatalogWriter } from '../server/catalog-writer.ts';
import type { Command, Reply } from '../server/command.ts';
import { runCommand } from '../server/commands.ts';
import { Counters } from '../server/counters.ts';
import { retention } from '../server/erase.ts';
import { StartError } from '../server/start-error.ts';
import { catchUp } from './catch-up.ts';
import { type ControlAddress, controlFile, SNAPSHOT_PATH } from './control.ts';
import { askHere, type Run, runAt, serverOf } from './remote.ts';
import type { Settings } from './settings.ts';
import { DatabaseLocked } from './sqlite.ts';
import { openStores } from './stores.ts';

/** ms to wait for a server that starts or ends, or another command, to let go of the directory. */
const PATIENCE = 5000;

export interface Connection {
  run: Run;
  /** Of stores.ts; null: the data is elsewhere. */
  snapshot: ((folder: string) => Promise<void>) | null;
  close(): Promise<void>;
}

/** Opens the stores, or finds the server that has them. Throws StartError. */
export async function connect(settings: Settings): Promise<Connection> {
  const { dataDir, apiKey } = settings;
  const close = async () => {};
  if (process.env.SILHOUETTE_SERVER) {
    const origin = serverOf(process.env.SILHOUETTE_SERVER);
    if (apiKey === null) throw new StartError(`API_KEY must be set to the key of ${origin}.`);
    return { run: runAt(origin, apiKey), snapshot: null, close };
  }
  for (const until = Date.now() + PATIENCE; ; await sleep(100)) {
    try {
      return await runHere(settings);
    } catch (error) {
      if (!(error instanceof DatabaseLocked)) throw error;
      const address = addressOf(dataDir);
      if (address) {
        const { port, token } = address;
        const origin = `http://127.0.0.1:${port}`;
        const snapshot = (folder: string) => askHere(origin, token, SNAPSHOT_PATH, folder);
        return { run: runAt(origin, token), snapshot, close };
      }
      if (Date.now() > until) throw new Error(`${error.message} by another Silhouette that does not answer.`);
    }
  }
}

async function runHere({ dataDir, retentionDays, thresholds }: Settings): Promise<Connection> {
  const { ports, close, ...stores } = await openStores(dataDir, () => {}, { thresholds });
  // Left by a server that was killed: whoever finds the directory in use must not look for that one.
  rmSync(controlFile(dataDir), { force: true });
  /** What is written behind answers: waited for at the end. */
  const behind: Promise<unknown>[] = [];
  const audit = new Audit(ports, { counters: new Counters(), background: (work) => behind.push(work) });
  const app = { ports, writer: new CatalogWriter(ports), keptSince: retention(ports.clock, retentionDays), audit };
  await catchUp(app);
  async function* run(command: Command, lines: string[]): AsyncGenerator<Reply> {
    yield* runCommand(app, COMMAND_LINE.name, Number.POSITIVE_INFINITY, command, each(lines));
  }
  return {
    run,
    async snapshot(folder) {
      audit.note({ key: COMMAND_LINE.name, act: 'backup' });
      await stores.snapshot(folder);
    },
    async close() {
      await Promise.all(behind);
      await audit.flush();
      close();
    },
  };
}

async function* each(lines: string[]): AsyncGenerator<string> {
  yield* lines;
}

/** What a server that has the directory, or was killed with it, said of itself; null: there is none. */
export function addressOf(dataDir: string): ControlAddress | null {
  try {
    return JSON.parse(readFileSync(controlFile(dataDir), 'utf8'));
  } catch {
    return null;
  }
}
