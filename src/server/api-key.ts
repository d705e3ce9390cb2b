// Who may read: compares the key of a request with the configured one in constant time. Called by app.ts.

/** Checks keys against one secret; only its digest is held. */
export class ApiKey {
  private readonly digest: Promise<Uint8Array>;

  constructor(key: string) {
    this.digest = sha256(key);
  }

  /**
   * `none`: the request brings no key. A key comes as `X-API-Key: KEY` or `Authorization: Bearer KEY`; where both are
   * sent, both must be right.
   */
  async check(request: Request): Promise<'right' | 'wrong' | 'none'> {
    const given: string[] = [];
    const header = request.headers.get('x-api-key');
    if (header !== null) given.push(header);
    const authorization = request.headers.get('authorization');
    if (authorization !== null) given.push(/^bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
    if (given.length === 0) return 'none';
    const expected = await this.digest;
    const right = await Promise.all(given.map(async (key) => isEqual(await sha256(key), expected)));
    return right.every(Boolean) ? 'right' : 'wrong';
  }
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** Looks at every byte, whichever differs. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) difference |= (a[i] ?? 0) ^ b[i]!;
  return difference === 0;
}
