// Named keys beside the owner's: what is kept of them under keys/, and how one is made, found, listed and revoked. Used by api-key.ts, commands.ts and the CLI.
import type { Clock, ObjectStore } from './ports.ts';
import { hexOf, sha256 } from './sha256.ts';

/** What a key may be good for. */
export type Scope = 'read' | 'erase';
export const SCOPES: readonly Scope[] = ['read', 'erase'];

/** What is asked to be kept of a new key: nothing that opens anything. */
export interface NewKey {
  /** 12 hex digits that stand in the key for all to read, and find it. */
  id: string;
  /** 1 to 64 of `[A-Za-z0-9_.-]`, but not `owner`. */
  name: string;
  scopes: Scope[];
  /** SHA-256 of the whole key, in hex. */
  digest: string;
  /** Epoch ms from which on it is taken no more; null: never. */
  expires_at: number | null;
}

export interface KeptKey extends NewKey {
  /** Epoch ms. */
  created_at: number;
}

/** What a list shows of a key; times in ISO 8601. */
export interface ListedKey {
  name: string;
  scopes: Scope[];
  id: string;
  created: string;
  expires: string | null;
  /** The day (UTC) on which it was last used; null: never. */
  last_used: string | null;
  status: 'valid' | 'expired';
}

const PREFIX = 'keys/';
/** Keys at once, expired ones included: a list reads all of them in one request. */
export const KEYS_MAX = 30;
const NAME = /^(?!owner$)[A-Za-z0-9_.-]{1,64}$/;
const KEY = /^((sil|shr)_([0-9a-f]{12})_[0-9a-f]{48})([0-9a-f]{6})$/;
/** What lies below it is told by shares.ts; no key has such an id. */
const NOT_KEYS = `${PREFIX}s`;

/** How a key begins: one that a reader has, or one that a share link carries. */
export type KeyKind = 'sil' | 'shr';

type Stores = { objects: ObjectStore; clock: Clock };

export function isKeyName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

/** A key of 192 random bits, and what may be kept of it. `shr`: the token of a share link. */
export async function makeKey(kind: KeyKind = 'sil'): Promise<{ key: string; id: string; digest: string }> {
  const id = randomHex(6);
  const text = `${kind}_${id}_${randomHex(24)}`;
  const key = text + (await sha256(text)).slice(0, 6);
  return { key, id, digest: await sha256(key) };
}

/** The id that a key names; null for what was never made as one: a typing error asks no store. */
export async function idOfKey(key: string, wanted: KeyKind = 'sil'): Promise<string | null> {
  const [, text, kind, id, check] = KEY.exec(key) ?? [];
  return text && id && kind === wanted && (await sha256(text)).startsWith(check!) ? id : null;
}

/** Null: there is none, or it is revoked. Nothing is remembered between two requests, so that a revoked key is refused by the next one everywhere. */
export async function findKey(objects: ObjectStore, id: string): Promise<KeptKey | null> {
  const [body, revoked] = await Promise.all([objects.get(keyOf(id)), objects.get(revocationOf(id))]);
  return body && !revoked ? parseKept(body) : null;
}

/** The same again changes nothing. A sentence: it was not made, and why. */
export async function createKey({ objects, clock }: Stores, key: NewKey): Promise<string | null> {
  const now = clock.now();
  if (key.expires_at !== null && key.expires_at <= now) return 'The key would have expired already.';
  const others = (await readKeys(objects)).filter(({ kept }) => kept.id !== key.id);
  if (others.some(({ kept }) => kept.name === key.name)) return 'There is a key of this name: revoke it first.';
  if (others.length >= KEYS_MAX) return `There are ${KEYS_MAX} keys already: revoke one first.`;
  const kept: KeptKey = { ...key, created_at: now };
  if (await objects.putIfAbsent(keyOf(key.id), encode(kept))) return null;
  const there = await findKey(objects, key.id);
  return there?.digest === key.digest ? null : 'There is another key of this id: try again.';
}

/** How many keys of this name there were: they are refused from the next request on. */
export async function revokeKeys({ objects, clock }: Stores, name: string): Promise<number> {
  const keys = (await readKeys(objects)).filter(({ kept }) => kept.name === name);
  // A backup that is restored beside this brings the key back, but not to life.
  for (const { kept } of keys) await objects.putIfAbsent(revocationOf(kept.id), encode({ revoked_at: clock.now() }));
  return keys.length;
}

/** All that are not revoked, by name. */
export async function listKeys({ objects, clock }: Stores): Promise<ListedKey[]> {
  const now = clock.now();
  const listed = (await readKeys(objects)).map(({ kept, lastUsed }): ListedKey => {
    const { name, scopes, id, created_at, expires_at } = kept;
    return {
      name,
      scopes,
      id,
      created: new Date(created_at).toISOString(),
      expires: expires_at === null ? null : new Date(expires_at).toISOString(),
      last_used: lastUsed,
      status: isExpired(kept, now) ? 'expired' : 'valid',
    };
  });
  return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function isExpired({ expires_at }: KeptKey, now: number): boolean {
  return expires_at !== null && expires_at <= now;
}

/** Remembers that a key was used on this day (YYYY-MM-DD), and forgets earlier days. */
export async function noteUse(objects: ObjectStore, id: string, day: string): Promise<void> {
  if (!(await objects.putIfAbsent(`${usesOf(id)}${day}`, encode({})))) return;
  const earlier: string[] = [];
  for await (const key of objects.list(usesOf(id))) if (key < `${usesOf(id)}${day}`) earlier.push(key);
  if (earlier.length > 0) await objects.delete(earlier);
}

/** Those that are not revoked, and the last day each was used. */
async function readKeys(objects: ObjectStore): Promise<{ kept: KeptKey; lastUsed: string | null }[]> {
  const found = new Map<string, { revoked: boolean; lastUsed: string | null }>();
  for await (const key of objects.list(PREFIX)) {
    if (key >= NOT_KEYS) break;
    const [id, name, day] = key.slice(PREFIX.length).split('/') as [string, ...string[]];
    const one = found.get(id) ?? { revoked: false, lastUsed: null };
    if (name === 'revoked.json') one.revoked = true;
    if (name === 'used') one.lastUsed = day ?? null;
    found.set(id, one);
  }
  const keys: { kept: KeptKey; lastUsed: string | null }[] = [];
  for (const [id, { revoked, lastUsed }] of found) {
    const body = revoked ? null : await objects.get(keyOf(id));
    const kept = body && parseKept(body);
    if (kept) keys.push({ kept, lastUsed });
  }
  return keys;
}

function keyOf(id: string): string {
  return `${PREFIX}${id}/key.json`;
}

function revocationOf(id: string): string {
  return `${PREFIX}${id}/revoked.json`;
}

function usesOf(id: string): string {
  return `${PREFIX}${id}/used/`;
}

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}

/** Null for what is damaged: it opens nothing. */
function parseKept(body: Uint8Array): KeptKey | null {
  try {
    const kept = JSON.parse(new TextDecoder().decode(body)) as KeptKey;
    const scopes = SCOPES.filter((scope) => kept.scopes.includes(scope));
    const isWhole = isKeyName(kept.name) && typeof kept.digest === 'string' && kept.expires_at !== undefined;
    return isWhole ? { ...kept, scopes } : null;
  } catch {
    return null;
  }
}

function randomHex(bytes: number): string {
  return hexOf(crypto.getRandomValues(new Uint8Array(bytes)));
}
