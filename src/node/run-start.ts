// Starts a server of ours, or says in a sentence why it does not. Called by main.ts and dev-cloudflare.ts.
import { StartError } from '../server/start-error.ts';
import { DatabaseLocked } from './sqlite.ts';

/** Ends the process where `start` fails. */
export function runStart(start: () => Promise<void>): void {
  // Whatever is made in the data directory is for its owner's eyes alone.
  process.umask(0o077);
  start().catch((error) => {
    if (error instanceof DatabaseLocked) {
      console.error(`${error.message} by another Silhouette: stop that one, or set DATA_DIR to another directory.`);
    } else {
      console.error(error instanceof StartError ? error.message : error);
    }
    process.exit(1);
  });
}
