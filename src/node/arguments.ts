// Command line → commands. Called by cli.ts.
import { isoTime } from '../format/iso-time.ts';
import { isImportedId } from '../format/key.ts';
import type { Command } from '../server/command.ts';
import { isKeyName, SCOPES, type Scope } from '../server/keys.ts';
import { isShareId } from '../server/shares.ts';

export const USAGE = `Usage: npm run silhouette -- COMMAND
  import FILE...         load recorded sessions (NDJSON, gzipped or not)
  export ID [--from TIME] [--to TIME]
                         write one session, or a stretch of it, as NDJSON to standard output; TIME is epoch ms or as DATE
  reindex                rebuild the catalog from the objects
  erase --session ID     remove one session, and print a receipt
  erase --visitor ID     remove all sessions of a visitor
  erase --before DATE    remove sessions that ended before a day (2026-01-31, UTC) or a time (2026-01-31T12:00:00Z)
  keys create NAME [--scope read,erase] [--expires DATE]
                         make a key, and print it this once; without a scope it reads
  keys list              name, scopes and last use of each key, a line of JSON each
  keys revoke NAME       refuse this key from the next request on
  shares list            id, session and end of each share link, a line of JSON each
  shares revoke ID       refuse this share link from the next request on
  backup DIR             copy all data to a new folder, while the server runs or not
  restore DIR            put a backup into a data directory that holds no sessions, the server stopped
  doctor URL             say why nothing of this page of your site is recorded, or that all is well
  audit [--since DATE]   who read, exported and erased what, and which keys and share links were made and revoked (NDJSON)`;

/** What the tool does itself, on the machine that has the data. */
export type Backup = { name: 'backup'; folder: string } | { name: 'restore'; folder: string };

/** A look at a page of a site, from outside. */
export interface Examination {
  name: 'doctor';
  page: URL;
}

/** A key is made by the tool itself: the server is told no more than its digest. */
export interface NewKeyWanted {
  name: 'make_key';
  key_name: string;
  scopes: Scope[];
  /** Epoch ms. */
  expires_at: number | null;
}

/** The command line makes no sense; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** One command, or one for each file of an import; none where it is asked what there is. Throws UsageError. */
export function parseArguments([name, ...rest]: string[]): (Command | NewKeyWanted | Backup | Examination)[] {
  switch (name) {
    case 'help':
    case '--help':
    case '-h':
      return [];
    case 'import':
      if (rest.length === 0) throw new UsageError('import needs at least one file.');
      return rest.map((file) => ({ name: 'import', file }));
    case 'export':
      return [parseExport(rest)];
    case 'reindex':
      if (rest.length > 0) throw new UsageError('reindex takes nothing more.');
      return [{ name: 'reindex' }];
    case 'erase':
      return [parseErase(rest)];
    case 'keys':
      return [parseKeys(rest)];
    case 'shares': {
      const [action, ...more] = rest;
      if (action === 'list' && more.length === 0) return [{ name: 'list_shares' }];
      if (action !== 'revoke') throw new UsageError('shares needs one of list and revoke.');
      const share_id = only(more, 'shares revoke needs one id.');
      if (!isShareId(share_id)) throw new UsageError('The id of a share link is 12 hex digits.');
      return [{ name: 'revoke_share', share_id }];
    }
    case 'backup':
    case 'restore':
      return [{ name, folder: only(rest, `${name} needs one folder.`) }];
    case 'doctor': {
      const page = URL.parse(only(rest, 'doctor needs the address of one page.'));
      if (!page || !/^https?:$/.test(page.protocol) || page.username || page.password)
        throw new UsageError('doctor needs the address of a page, such as https://example.com/, without a password.');
      return [{ name: 'doctor', page }];
    }
    case 'audit': {
      const { since = '1970-01-01', ...more } = optionsOf('audit', rest, ['since']);
      if (more.rest.length > 0) throw new UsageError('audit takes nothing but --since DATE.');
      return [{ name: 'audit', since: Math.max(0, dateOf(since)) }];
    }
    default:
      throw new UsageError(name === undefined ? 'A command is missing.' : `There is no command ${name}.`);
  }
}

function parseExport(given: string[]): Command {
  const { rest, from, to } = optionsOf('export', given, ['from', 'to']);
  const session_id = idOf(only(rest, 'export needs one session id.'));
  const range = { ...(from && { from: timeOf(from) }), ...(to && { to: timeOf(to) }) };
  if (range.from !== undefined && range.to !== undefined && range.from >= range.to)
    throw new UsageError('--to must be later than --from.');
  return { name: 'export', session_id, ...range };
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

function parseKeys([action, ...given]: string[]): Command | NewKeyWanted {
  const { rest, scope, expires } = optionsOf('keys', given, action === 'create' ? ['scope', 'expires'] : []);
  if (action === 'list' && rest.length === 0) return { name: 'list_keys' };
  if (action !== 'create' && action !== 'revoke') throw new UsageError('keys needs one of create, list and revoke.');
  const key_name = only(rest, `keys ${action} needs one name.`);
  if (!isKeyName(key_name)) throw new UsageError("A key's name is 1 to 64 of A-Z a-z 0-9 _ . - and not 'owner'.");
  if (action === 'revoke') return { name: 'revoke_key', key_name };
  const expires_at = expires === undefined ? null : dateOf(expires);
  return { name: 'make_key', key_name, scopes: scopesOf(scope ?? 'read'), expires_at };
}

function scopesOf(list: string): Scope[] {
  const wanted = list.split(',');
  const scopes = SCOPES.filter((scope) => wanted.includes(scope));
  if (scopes.length !== wanted.length) throw new UsageError(`A scope is one of ${SCOPES.join(', ')}.`);
  return scopes;
}

/** `--name VALUE` and `--name=VALUE` of these names, each once, and what is left. */
function optionsOf<Name extends string>(
  command: string,
  given: string[],
  names: Name[],
): { rest: string[] } & Partial<Record<Name, string>> {
  const parts = given.flatMap((part) => /^(--\w+)=(.*)$/s.exec(part)?.slice(1) ?? [part]);
  const options: Partial<Record<string, string>> = {};
  const rest: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (!part.startsWith('--')) {
      rest.push(part);
      continue;
    }
    const name = names.find((known) => part === `--${known}`);
    const value = parts[++i];
    if (!name || options[name] !== undefined) throw new UsageError(`${command} knows no option ${part} here.`);
    if (!value) throw new UsageError(`${part} needs a value.`);
    options[name] = value;
  }
  return { ...(options as Partial<Record<Name, string>>), rest };
}

function only(rest: string[], message: string): string {
  if (rest.length !== 1) throw new UsageError(message);
  return rest[0]!;
}

function idOf(value: string): string {
  if (!isImportedId(value)) throw new UsageError('An id is 1 to 128 of A-Z a-z 0-9 _ . -');
  return value;
}

/** Of an event, as the API tells it, or as `dateOf`. */
function timeOf(value: string): number {
  return /^-?\d{1,15}$/.test(value) ? Number(value) : dateOf(value);
}

function dateOf(value: string): number {
  const time = isoTime(value);
  if (time === null) throw new UsageError('DATE is a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.');
  return time;
}
