// Who a request comes from: compares its key with the owner's and with the named ones, by digest and in constant time. Called by app.ts.
import { findKey, idOfKey, isExpired, noteUse, type Scope } from './keys.ts';
import type { Ports } from './ports.ts';
import { Problem } from './problem.ts';
import { isSameDigest, sha256 } from './sha256.ts';
import { openShare, type Share } from './shares.ts';

/** Who asks, and what for it is good. */
export interface Access {
  /** As the audit log has it: the name of a key, `owner`, `command line`, or `share` and its id. */
  name: string;
  /** `owner`: everything. */
  scopes: readonly (Scope | 'owner')[];
  /** Id of a named key; null: none. */
  id: string | null;
  /** All that it opens, where it came with a share link. */
  share?: Share;
}

const OWNER: Access = { name: 'owner', scopes: ['owner', 'read', 'erase'], id: null };
/** Whoever reaches the data directory may do with it what the owner may. */
export const COMMAND_LINE: Access = { ...OWNER, name: 'command line' };

/** Checks keys against the owner's, of which only the digest is held, and against those that the object store keeps. */
export class ApiKey {
  private readonly digest: Promise<string>;
  private readonly stores: Pick<Ports, 'objects' | 'clock'>;
  private readonly background: (work: Promise<unknown>) => void;
  /** Ids that were noted as used on this day. */
  private noted = { day: '', ids: new Set<string>() };

  constructor(
    key: string,
    stores: Pick<Ports, 'objects' | 'clock'>,
    background: (work: Promise<unknown>) => void = (work) => void work.catch(() => undefined),
  ) {
    this.digest = sha256(key);
    this.stores = stores;
    this.background = background;
  }

  /**
   * `none`: the request brings no key. A key comes as `X-API-Key: KEY` or `Authorization: Bearer KEY`; where both are
   * sent, they must be the same. Throws StoreUnavailable where a named key cannot be looked up, and Problem for a share link that was valid once.
   */
  async check(request: Request): Promise<Access | 'wrong' | 'none'> {
    const given = new Set<string>();
    const header = request.headers.get('x-api-key');
    if (header !== null) given.add(header);
    const authorization = request.headers.get('authorization');
    if (authorization !== null) given.add(/^bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
    const [key, other] = given;
    if (key === undefined) return 'none';
    return (other === undefined ? await this.accessOf(key) : null) ?? 'wrong';
  }

  private async accessOf(key: string): Promise<Access | null> {
    const digest = await sha256(key);
    if (isSameDigest(digest, await this.digest)) return OWNER;
    const shareId = await idOfKey(key, 'shr');
    if (shareId !== null) {
      const share = await openShare(this.stores, shareId, digest);
      return share && { name: `share ${share.id}`, scopes: [], id: null, share };
    }
    const id = await idOfKey(key);
    const kept = id === null ? null : await findKey(this.stores.objects, id);
    const now = this.stores.clock.now();
    if (!kept || !isSameDigest(digest, kept.digest) || isExpired(kept, now)) return null;
    this.note(kept.id, new Date(now).toISOString().slice(0, 10));
    return { name: kept.name, scopes: kept.scopes, id: kept.id };
  }

  /** Once a day, behind the answer. */
  private note(id: string, day: string): void {
    if (this.noted.day !== day) this.noted = { day, ids: new Set() };
    if (this.noted.ids.has(id)) return;
    this.noted.ids.add(id);
    this.background(noteUse(this.stores.objects, id, day).catch(() => this.noted.ids.delete(id)));
  }
}

/** Throws Problem 403 where the key is not good for it. */
export function expectScope({ scopes }: Access, scope: Scope | 'owner'): void {
  if (scopes.includes(scope)) return;
  const needed = scope === 'owner' ? "the owner's key is needed" : `a key with the scope ${scope} is needed`;
  throw new Problem(403, 'scope', `${needed} for this`);
}
