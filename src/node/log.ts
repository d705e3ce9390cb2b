// One line of JSON per request and per event of the process, to standard error: never a key, a query or an address. Called by main.ts.
import type { RequestLine } from '../server/context.ts';

/** ms that a line may wait to be written together with others. */
const WAIT = 20;
let waiting = '';

/** A reader of the log that went away must not take the server with it. */
process.stderr.on('error', () => {});
process.on('exit', flush);

export function logRequest({ error, ...line }: RequestLine): void {
  write({ ...line, ...(error && line.status >= 500 ? { error: describe(error) } : {}) });
}

/** Something of the process itself, in a sentence. */
export function logEvent(event: string, error?: unknown): void {
  write({ event, ...(error === undefined ? {} : { error: describe(error) }) });
}

function write(line: object): void {
  if (waiting === '') setTimeout(flush, WAIT).unref();
  waiting += `${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`;
}

function flush(): void {
  if (waiting !== '') process.stderr.write(waiting);
  waiting = '';
}

/** An error and what it came from; where the program is at fault, the place. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` ← ${describe(error.cause)}`;
  const isFault = error.name.endsWith('Error') && error.cause === undefined;
  return (isFault ? (error.stack ?? error.message) : `${error.name}: ${error.message}`) + cause;
}
