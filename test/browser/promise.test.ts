// The product's promise, on the real thing from end to end: a click in a page ends as a pulse on the viewer's canvas, at the right place and time.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { ROOT, startServer } from '../fixtures/server.ts';
import { CHROMIUM, launchChromium } from './harness.ts';
import { visitAndReplay } from './visit-and-replay.ts';

/** Looked at by people, and the README's picture is one of them: `npm test`, then copy it to docs/. */
const PICTURES = join(ROOT, 'test/output');

test.skipIf(!CHROMIUM)('a click in the demo is a pulse in the viewer, at its place and its time', async () => {
  const server = await startServer(temporaryFolder(), { DEMO: 'on' });
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const { visit, viewer } = await visitAndReplay(browser, server);
  mkdirSync(PICTURES, { recursive: true });
  await visit.screenshot({ path: join(PICTURES, 'visit.png') });
  await viewer.screenshot({ path: join(PICTURES, 'replay.png') });
});
