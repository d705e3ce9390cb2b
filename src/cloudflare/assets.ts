// The built files as the app serves them. Called by app.ts.
import { DEMO } from '../generated/demo.ts';
import { TRACKER } from '../generated/tracker.ts';
import { VIEWER } from '../generated/viewer.ts';
import { assetsOf } from '../server/built-assets.ts';
import type { AppOptions } from '../server/context.ts';

export function builtAssets(withDemo: boolean): AppOptions['assets'] {
  const files = { tracker: TRACKER, viewer: VIEWER, demo: DEMO };
  return assetsOf(files, withDemo, (base64) => Uint8Array.fromBase64(base64));
}
