// The built tracker, viewer and demo site as the app serves them. Called by main.ts.
import { DEMO } from '../generated/demo.ts';
import { TRACKER } from '../generated/tracker.ts';
import { VIEWER } from '../generated/viewer.ts';
import { assetsOf } from '../server/built-assets.ts';
import type { AppOptions } from '../server/context.ts';

export function builtAssets(withDemo: boolean): AppOptions['assets'] {
  const files = { tracker: TRACKER, viewer: VIEWER, demo: DEMO };
  return assetsOf(files, withDemo, (base64) => new Uint8Array(Buffer.from(base64, 'base64')));
}
