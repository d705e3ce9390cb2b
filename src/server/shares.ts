// Share links: keys of their own kind, each of which opens one session, or a stretch of it, for some days. Used by api-key.ts, share-routes.ts, commands.ts and erase.ts.
import { findKey, isExpired, makeKey } from './keys.ts';
import type { ObjectStore, Ports } from './ports.ts';
import { Problem } from './problem.ts';
import { isSameDigest } from './sha256.ts';

/** What is kept of a share: nothing that opens anything. Its name tells the session and when it ends, so that a list reads none. */
interface KeptShare {
  /** SHA-256 of the whole token, in hex. */
  digest: string;
  /** Epoch ms; null: from the beginning, to the end. */
  from: number | null;
  to: number | null;
  created_at: number;
  /** Who made it, as the audit log names him. */
  by: string;
  /** Id of the key that made it, with which it ends; null: the owner's. */
  key_id: string | null;
}

/** A share as its name tells of it. */
export interface NamedShare {
  /** 12 hex digits that stand in the token for all to read, and find it. */
  id: string;
  session_id: string;
  /** Epoch ms from which on it opens nothing. */
  expires_at: number;
}

export type Share = NamedShare & Omit<KeptShare, 'digest'>;

/** Shares that are valid at once, of all sessions and of one: a list reads those of one in one request. */
export const SHARES_MAX = 200;
export const SHARES_OF_ONE_MAX = 20;
/** Those that were revoked before their time count here: each is remembered until then. */
const KEPT_MAX = 1000;
const DAY = 86_400_000;
/** How long one that is over is remembered, for its own sentence. */
const REMEMBERED = 30 * DAY;
/** ms for which a share may be valid; a recording that is kept for longer is shared again on purpose. */
export const SHARE_MS = { least: 60_000, usual: 7 * DAY, most: 90 * DAY };

const PREFIX = 'keys/shares/';
const NAME = /^([0-9a-f]{12})\/(?:(\d{1,16})-([A-Za-z0-9_.-]{1,128})\.json|(revoked)\.json)$/;

export function isShareId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{12}$/.test(value);
}

type Stores = Pick<Ports, 'objects' | 'clock'>;

export interface NewShare {
  session_id: string;
  from: number | null;
  to: number | null;
  expires_at: number;
  by: string;
  key_id: string | null;
}

/** The share and its token, which is kept nowhere. Throws Problem 409 where there are too many. */
export async function createShare(stores: Stores, wanted: NewShare): Promise<{ share: Share; token: string }> {
  const { objects, clock } = stores;
  const now = clock.now();
  const all = await readNames(objects);
  const kept = all.filter(({ expires_at }) => expires_at > now);
  const valid = kept.filter(({ isRevoked }) => !isRevoked);
  const ofOne = valid.filter(({ session_id }) => session_id === wanted.session_id);
  if (ofOne.length >= SHARES_OF_ONE_MAX)
    throw tooMany(`this session has ${SHARES_OF_ONE_MAX} share links already: revoke one first`);
  if (valid.length >= SHARES_MAX) throw tooMany(`there are ${SHARES_MAX} share links already: revoke one first`);
  if (kept.length >= KEPT_MAX)
    throw tooMany('too many share links were made and revoked: try again when some have expired');
  const over = all.filter(({ expires_at }) => expires_at < now - REMEMBERED);
  if (over.length > 0 && clock.isSteady?.() !== false) await objects.delete(over.flatMap(({ names }) => names));

  const { key: token, id, digest } = await makeKey('shr');
  const { session_id, expires_at, ...more } = wanted;
  const share = { id, session_id, expires_at, created_at: now, ...more };
  const { from, to, by, key_id } = wanted;
  const body: KeptShare = { digest, from, to, created_at: now, by, key_id };
  if (!(await objects.putIfAbsent(nameOf(share), encode(body)))) throw tooMany('try again');
  return { share, token };
}

/** What a token opens; null: nothing, and it never did. Throws Problem 401 for one whose time is over, by itself or by revocation. */
export async function openShare({ objects, clock }: Stores, id: string, digest: string): Promise<Share | null> {
  const [named] = await readNames(objects, id);
  const share = named && (await readShare(objects, named));
  if (!share || !isSameDigest(digest, share.digest)) return null;
  const now = clock.now();
  if (named.isRevoked || !(await hasMaker(objects, share, now))) throw over('revoked');
  if (share.expires_at <= now) throw over('expired');
  return share;
}

/** Valid ones, the newest first. */
export async function sharesOf({ objects, clock }: Stores, sessionId: string): Promise<Share[]> {
  const now = clock.now();
  const shares: Share[] = [];
  for (const named of await readNames(objects)) {
    if (named.session_id !== sessionId || named.isRevoked || named.expires_at <= now) continue;
    const share = await readShare(objects, named);
    if (share) shares.push(share);
  }
  return shares.sort((a, b) => b.created_at - a.created_at);
}

/** Valid ones of every session, those that end first first. */
export async function listShares({ objects, clock }: Stores): Promise<NamedShare[]> {
  const now = clock.now();
  return (await readNames(objects))
    .filter(({ isRevoked, expires_at }) => !isRevoked && expires_at > now)
    .map(({ id, session_id, expires_at }) => ({ id, session_id, expires_at }))
    .sort((a, b) => a.expires_at - b.expires_at);
}

/** It opens nothing from the next request on; null: there is none of this id. */
export async function revokeShare({ objects, clock }: Stores, id: string): Promise<NamedShare | null> {
  const [named] = await readNames(objects, id);
  if (!named || named.isRevoked) return null;
  // A backup that is restored beside this brings the share back, but not to life.
  await objects.putIfAbsent(`${PREFIX}${id}/revoked.json`, encode({ revoked_at: clock.now() }));
  return named;
}

/** All that is kept of the shares of erased sessions. */
export async function removeShares(objects: ObjectStore, sessionIds: readonly string[]): Promise<void> {
  const erased = new Set(sessionIds);
  const names = (await readNames(objects))
    .filter((named) => erased.has(named.session_id))
    .flatMap(({ names }) => names);
  if (names.length > 0) await objects.delete(names);
}

interface Listed extends NamedShare {
  isRevoked: boolean;
  /** Of its objects. */
  names: string[];
}

/** `id`: of this one alone. */
async function readNames(objects: ObjectStore, id = ''): Promise<Listed[]> {
  const found = new Map<string, Listed>();
  const revoked: [string, string][] = [];
  for await (const name of objects.list(id ? `${PREFIX}${id}/` : PREFIX)) {
    const [, of, expires, session_id, isRevocation] = NAME.exec(name.slice(PREFIX.length)) ?? [];
    if (isRevocation) revoked.push([of!, name]);
    else if (of && session_id)
      found.set(of, { id: of, session_id, expires_at: Number(expires), isRevoked: false, names: [name] });
  }
  for (const [of, name] of revoked) {
    const share = found.get(of);
    if (!share) continue;
    share.isRevoked = true;
    share.names.push(name);
  }
  return [...found.values()];
}

/** Null for what is damaged: it opens nothing. */
async function readShare(objects: ObjectStore, { id, session_id, expires_at }: NamedShare) {
  const body = await objects.get(nameOf({ id, session_id, expires_at }));
  try {
    const kept = JSON.parse(new TextDecoder().decode(body ?? undefined)) as KeptShare;
    const isBound = (value: unknown) => value === null || Number.isFinite(value);
    const isWhole = typeof kept.digest === 'string' && isBound(kept.from) && isBound(kept.to);
    return isWhole ? { id, session_id, expires_at, ...kept } : null;
  } catch {
    return null;
  }
}

/** What a key has opened for others ends with it. */
async function hasMaker(objects: ObjectStore, { key_id }: Share, now: number): Promise<boolean> {
  const key = key_id === null ? null : await findKey(objects, key_id);
  return key_id === null || (key !== null && !isExpired(key, now));
}

function over(share: 'revoked' | 'expired'): Problem {
  return new Problem(
    401,
    'share',
    `this share link was ${share === 'revoked' ? 'revoked' : 'valid until a time that is over'}`,
    undefined,
    {
      share,
    },
  );
}

function tooMany(detail: string): Problem {
  return new Problem(409, 'shares', detail);
}

function nameOf({ id, session_id, expires_at }: NamedShare): string {
  return `${PREFIX}${id}/${expires_at}-${session_id}.json`;
}

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}
