// The built tracker, viewer and demo site as the app serves them. Called by main.ts.
import { DEMO } from '../generated/demo.ts';
import { TRACKER } from '../generated/tracker.ts';
import { VIEWER } from '../generated/viewer.ts';
import type { Asset } from '../server/assets.ts';
import type { AppOptions } from '../server/context.ts';

/** A file as scripts/build.mjs writes it, bytes as base64. */
interface BuiltFile {
  type: string;
  etag: string;
  body: string;
  br?: string;
  gzip?: string;
}

export function builtAssets(withDemo: boolean): AppOptions['assets'] {
  return {
    tracker: assetOf(TRACKER),
    viewer: assetOf(VIEWER),
    viewerPolicy: VIEWER.policy,
    demo: withDemo ? new Map(Object.entries(DEMO).map(([path, file]) => [path, assetOf(file)])) : null,
  };
}

function assetOf({ type, etag, body, br, gzip }: BuiltFile): Asset {
  const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
  return { type, etag, body: bytes(body), ...(br && gzip ? { br: bytes(br), gzip: bytes(gzip) } : {}) };
}
