// One HTML file that plays a session offline: the viewer as the server gives it, the packed session beside it, and a policy that lets nothing else run or be asked. The share dialog calls it.
import { Failure } from '../failure.ts';
import { CARRIED_ID } from './guest.ts';

/** `packed`: what pack.ts made, letters, digits, `-` and `_` alone. */
export async function htmlFile(packed: string, signal: AbortSignal): Promise<string> {
  const response = await fetch('/replay', { signal, credentials: 'omit' });
  const viewer = await response.text();
  const policy = response.headers.get('content-security-policy') ?? '';
  // The hashes of the viewer's own scripts and style, as its server made them.
  const hashes = ['script-src', 'style-src'].map(
    (name) => new RegExp(`${name}(?: 'sha256-[\\w+/=]+')+`).exec(policy)?.[0],
  );
  const place = viewer.indexOf('<div id="viewer">');
  if (!response.ok || place < 0 || hashes.includes(undefined))
    throw new Failure('unreadable', 'The server does not give the viewer as it should: no file can be made of it.');
  const rules = [
    "default-src 'none'",
    ...hashes,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const meta = `<meta http-equiv="Content-Security-Policy" content="${rules}">`;
  const data = `<script type="text/plain" id="${CARRIED_ID}">${packed}</script>`;
  return viewer.slice(0, place).replace('<head>', () => `<head>${meta}`) + data + viewer.slice(place);
}
