// JSON → a command of the command line tool. Called by commands.ts for what comes over HTTP.
import { FormatError } from '../format/format-error.ts';
import { isImportedId } from '../format/key.ts';
import { parseRange } from './clip-session.ts';
import type { Command } from './command.ts';
import type { EraseReceipt } from './erase.ts';
import { isKeyName, type NewKey, SCOPES, type Scope } from './keys.ts';
import type { Rebuilding } from './ports.ts';
import { isShareId } from './shares.ts';

type Json = Record<string, unknown>;

/** Of a rebuilding that goes on. */
const PHASES = ['erasures', 'objects', 'running', 'kept', 'watched'] as const;

/** Throws FormatError, which names the field. */
export function parseCommand(value: unknown): Command {
  const command = objectOf(value, 'command');
  switch (command.name) {
    case 'import': {
      const { file, after_line } = command;
      return {
        name: 'import',
        file: typeof file === 'string' ? file : '',
        after_line: countOf(after_line ?? 0, 'after_line'),
      };
    }
    case 'export':
      return { name: 'export', session_id: idOf(command.session_id, 'session_id'), ...parseRange(command) };
    case 'reindex':
      return command.from === undefined ? { name: 'reindex' } : { name: 'reindex', from: rebuildingOf(command.from) };
    case 'erase':
      if ('session' in command) return { name: 'erase', session: idOf(command.session, 'session') };
      if ('visitor' in command) return { name: 'erase', visitor: idOf(command.visitor, 'visitor') };
      if (!Number.isFinite(command.before)) throw new FormatError('before', 'must be a time in epoch ms');
      return { name: 'erase', before: Number(command.before) };
    case 'finish_erase':
      return { name: 'finish_erase', receipt: receiptOf(command.receipt) };
    case 'create_key':
      return { name: 'create_key', key: newKeyOf(command.key) };
    case 'list_keys':
      return { name: 'list_keys' };
    case 'revoke_key':
      return { name: 'revoke_key', key_name: keyNameOf(command.key_name, 'key_name') };
    case 'list_shares':
      return { name: 'list_shares' };
    case 'revoke_share':
      if (!isShareId(command.share_id)) throw new FormatError('share_id', 'must be 12 hex digits');
      return { name: 'revoke_share', share_id: command.share_id };
    case 'audit': {
      const { since, after } = command;
      if (after !== undefined && typeof after !== 'string') throw new FormatError('after', 'must be a string');
      const from = { name: 'audit', since: countOf(since, 'since') } as const;
      return after === undefined ? from : { ...from, after };
    }
    default:
      throw new FormatError('name', 'must be the name of a command');
  }
}

function rebuildingOf(value: unknown): Rebuilding {
  const { id, phase, after, sessions, unreadable } = objectOf(value, 'from');
  const known = PHASES.find((one) => one === phase);
  if (!known) throw new FormatError('from.phase', `must be one of ${PHASES.join(', ')}`);
  if (typeof id !== 'string') throw new FormatError('from.id', 'must be a string');
  if (typeof after !== 'string') throw new FormatError('from.after', 'must be a string');
  return {
    id,
    phase: known,
    after,
    sessions: countOf(sessions, 'from.sessions'),
    unreadable: countOf(unreadable, 'from.unreadable'),
  };
}

function receiptOf(value: unknown): EraseReceipt {
  const { at, erased } = objectOf(value, 'receipt');
  const counts = objectOf(erased, 'receipt.erased');
  const count = (name: string) => countOf(counts[name], `receipt.erased.${name}`);
  return {
    erased: { sessions: count('sessions'), events: count('events'), objects: count('objects'), rows: count('rows') },
    at: countOf(at, 'receipt.at'),
  };
}

function newKeyOf(value: unknown): NewKey {
  const { id, name, scopes, digest, expires_at } = objectOf(value, 'key');
  if (typeof id !== 'string' || !/^[0-9a-f]{12}$/.test(id)) throw new FormatError('key.id', 'must be 12 hex digits');
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest))
    throw new FormatError('key.digest', 'must be a SHA-256 in hex');
  const isScope = (scope: unknown): scope is Scope => SCOPES.some((known) => known === scope);
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every(isScope))
    throw new FormatError('key.scopes', `must be a list of ${SCOPES.join(', ')}`);
  return {
    id,
    name: keyNameOf(name, 'key.name'),
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    digest,
    expires_at: expires_at === null ? null : countOf(expires_at, 'key.expires_at'),
  };
}

function keyNameOf(value: unknown, field: string): string {
  if (!isKeyName(value)) throw new FormatError(field, "must be 1 to 64 of A-Z a-z 0-9 _ . - and not 'owner'");
  return value;
}

function objectOf(value: unknown, field: string): Json {
  if (typeof value !== 'object' || value === null) throw new FormatError(field, 'must be an object');
  return value as Json;
}

function idOf(value: unknown, field: string): string {
  if (typeof value !== 'string' || !isImportedId(value)) throw new FormatError(field, 'must be an id');
  return value;
}

function countOf(value: unknown, field: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new FormatError(field, 'must be a whole number >= 0');
  return value as number;
}
