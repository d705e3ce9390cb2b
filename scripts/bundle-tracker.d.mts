// Types of bundle-tracker.mjs for the tests that call it.
export function bundleTracker(): Promise<Uint8Array>;
