// Built files (tracker, viewer, demo) as responses: type, etag, the encoding a browser takes. Called by app.ts.

export interface Asset {
  type: string;
  /** Quoted. */
  etag: string;
  body: Uint8Array;
  /** The body compressed beforehand. */
  br?: Uint8Array;
  gzip?: Uint8Array;
}

export function serveAsset(request: Request, asset: Asset, headers: Record<string, string>): Response {
  const head = new Headers({
    ...headers,
    etag: asset.etag,
    vary: headers.vary ? `accept-encoding, ${headers.vary}` : 'accept-encoding',
    'x-content-type-options': 'nosniff',
  });
  const known = request.headers.get('if-none-match');
  if (known?.trim() === '*' || known?.includes(asset.etag)) return new Response(null, { status: 304, headers: head });
  const accepted = request.headers.get('accept-encoding') ?? '';
  const encoding = (['br', 'gzip'] as const).find((name) => asset[name] && takes(accepted, name));
  const body = (encoding && asset[encoding]) || asset.body;
  head.set('content-type', asset.type);
  head.set('content-length', String(body.byteLength));
  if (encoding) head.set('content-encoding', encoding);
  return new Response(request.method === 'HEAD' ? null : (body as Uint8Array<ArrayBuffer>), { headers: head });
}

/** True where a client names the encoding and does not refuse it in the same breath. */
function takes(accepted: string, encoding: string): boolean {
  return new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`, 'i').test(accepted);
}
