// Command line → commands. Called by cli.ts.
import { isImportedId } from '../format/key.ts';
import type { Command } from '../server/command.ts';

export const USAGE = `Usage: npm run silhouette -- COMMAND
  import FILE...         load recorded sessions (NDJSON, gzipped or not)
  export ID              write one session as NDJSON to standard output
  reindex                rebuild the catalog from the objects
  erase --session ID     remove one session, and print a receipt
  erase --visitor ID     remove all sessions of a visitor
  erase --before DATE    remove sessions that ended before a day (2026-01-31, UTC) or a time (2026-01-31T12:00:00Z)`;

/** The command line makes no sense; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** One command, or one for each file of an import. Throws UsageError. */
export function parseArguments([name, ...rest]: string[]): Command[] {
  switch (name) {
    case 'import':
      if (rest.length === 0) throw new UsageError('import needs at least one file.');
      return rest.map((file) => ({ name: 'import', file }));
    case 'export':
      return [{ name: 'export', session_id: idOf(only(rest, 'export needs one session id.')) }];
    case 'reindex':
      if (rest.length > 0) throw new UsageError('reindex takes nothing more.');
      return [{ name: 'reindex' }];
    case 'erase':
      return [parseErase(rest)];
    default:
      throw new UsageError(name === undefined ? 'A command is missing.' : `There is no command ${name}.`);
  }
}

function parseErase(rest: string[]): Command {
  const [option, value] = rest.flatMap((part) => /^(--\w+)=(.*)$/s.exec(part)?.slice(1) ?? [part]);
  if (rest.length === 0 || rest.length > 2 || !value)
    throw new UsageError('erase needs one of its options, with a value.');
  switch (option) {
    case '--session':
      return { name: 'erase', session: idOf(value) };
    case '--visitor':
      return { name: 'erase', visitor: idOf(value) };
    case '--before':
      return { name: 'erase', before: dateOf(value) };
    default:
      throw new UsageError(`erase knows no option ${option}.`);
  }
}

function only(rest: string[], message: string): string {
  if (rest.length !== 1) throw new UsageError(message);
  return rest[0]!;
}

function idOf(value: string): string {
  if (!isImportedId(value)) throw new UsageError('An id is 1 to 128 of A-Z a-z 0-9 _ . -');
  return value;
}

/** ISO only: what else Date.parse takes differs by place and time zone. */
function dateOf(value: string): number {
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(value);
  const day = isIso ? new Date(`${value.slice(0, 10)}T00:00:00Z`) : null;
  // The 31st of February would be taken for one of March.
  const exists = day !== null && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value.slice(0, 10));
  const time = exists ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError('DATE is a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.');
  return time;
}
