// The browsers of this machine, one after the other. For the tests of other browsers.
import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { CHROMIUM } from '../browser/harness.ts';
import { launchDrivenChromium } from './chromium.ts';
import type { Driven } from './driven.ts';
import { FIREFOX, launchFirefox } from './firefox.ts';
import { launchWebkit, missingForWebkit } from './webkit.ts';

interface Browser {
  name: string;
  launch(): Promise<Driven>;
  /** What of it is not installed. */
  missing: string[];
}

const without = (path: string) => (existsSync(path) ? [] : [path || 'Chromium']);

export const BROWSERS: Browser[] = [
  { name: 'Chromium', launch: launchDrivenChromium, missing: without(CHROMIUM) },
  { name: 'Firefox', launch: launchFirefox, missing: without(FIREFOX) },
  { name: 'WebKit', launch: launchWebkit, missing: missingForWebkit },
];

/** The same tests in each; those of a browser that is not installed are skipped, and say why. */
export function inEvery(tests: (browser: Browser) => void, browsers = BROWSERS): void {
  for (const browser of browsers) {
    const { name, missing } = browser;
    const why = missing.length > 0 ? ` (not installed: ${missing.join(', ')})` : '';
    describe.skipIf(missing.length > 0)(`in ${name}${why}`, () => tests(browser));
  }
}
