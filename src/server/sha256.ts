// SHA-256 as text: what ids of sessions and digests of keys are made of. Called by session-id.ts, keys.ts and api-key.ts.

/** Of a text in UTF-8; 64 hex digits. */
export async function sha256(text: string): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Looks at every digit, whichever differs. Both are digests: how long a comparison takes tells nothing of a key. */
export function isSameDigest(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
