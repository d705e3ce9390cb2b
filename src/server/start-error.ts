// Why the app or the command line tool cannot start, in a sentence for the one who starts it. Thrown below the entry points, which show it alone.

export class StartError extends Error {
  override readonly name = 'StartError';
}
