// What scripts/build.mjs wrote → the files that the app serves. Called by each platform's assets.ts.
import type { Asset } from './assets.ts';
import type { AppOptions } from './context.ts';

/** A file as scripts/build.mjs writes it, bytes as base64. */
interface BuiltFile {
  type: string;
  etag: string;
  body: string;
  br?: string;
  gzip?: string;
}

export interface BuiltFiles {
  tracker: BuiltFile;
  viewer: BuiltFile & { policy: string };
  /** By the path below /demo/. */
  demo: Record<string, BuiltFile>;
}

/** `bytesOf`: the platform's own way from base64, which is faster than one that all have. */
export function assetsOf(
  { tracker, viewer, demo }: BuiltFiles,
  withDemo: boolean,
  bytesOf: (base64: string) => Uint8Array,
): AppOptions['assets'] {
  const assetOf = ({ type, etag, body, br, gzip }: BuiltFile): Asset => ({
    type,
    etag,
    body: bytesOf(body),
    ...(br && gzip ? { br: bytesOf(br), gzip: bytesOf(gzip) } : {}),
  });
  return {
    tracker: assetOf(tracker),
    viewer: assetOf(viewer),
    viewerPolicy: viewer.policy,
    demo: withDemo ? new Map(Object.entries(demo).map(([path, file]) => [path, assetOf(file)])) : null,
  };
}
