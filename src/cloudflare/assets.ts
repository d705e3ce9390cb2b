// The built files as the app serves them. Called by app.ts.
import { DEMO } from '../generated/demo.ts';
import { TRACKER } from '../generated/tracker.ts';
import { VIEWER } from '../generated/viewer.ts';
import type { Asset } from '../server/assets.ts';
import type { AppOptions } from '../server/context.ts';

type BuiltFile = (typeof DEMO)[string];

export function builtAssets(withDemo: boolean): AppOptions['assets'] {
  return {
    tracker: assetOf(TRACKER),
    viewer: assetOf(VIEWER),
    viewerPolicy: VIEWER.policy,
    demo: withDemo ? new Map(Object.entries(DEMO).map(([path, file]) => [path, assetOf(file)])) : null,
  };
}

function assetOf({ type, etag, body, br, gzip }: BuiltFile): Asset {
  const bytes = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return { type, etag, body: bytes(body), ...(br && gzip ? { br: bytes(br), gzip: bytes(gzip) } : {}) };
}
