// Why the server or the command line tool cannot start, in a sentence for the one who starts it. Thrown below main.ts and cli.ts, which print it alone.

export class StartError extends Error {
  override readonly name = 'StartError';
}
