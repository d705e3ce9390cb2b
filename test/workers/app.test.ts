// The app's contract on Durable Objects, R2 and D1, in workerd.
import { beforeAll } from 'vitest';
import { appSuite } from '../contract/app.suite.ts';
import { commandsSuite } from '../contract/commands.suite.ts';
import { fallbackSuite } from '../contract/fallback.suite.ts';
import { keepingSuite } from '../contract/keeping.suite.ts';
import { keysSuite } from '../contract/keys.suite.ts';
import { layoutSuite } from '../contract/layout.suite.ts';
import { sharesSuite } from '../contract/shares.suite.ts';
import { signalsSuite } from '../contract/signals.suite.ts';
import { stretchSuite } from '../contract/stretch.suite.ts';
import { triageSuite } from '../contract/triage.suite.ts';
import { emptyStores, prepareOwn } from './stores.ts';

beforeAll(prepareOwn);

for (const suite of [
  appSuite,
  layoutSuite,
  commandsSuite,
  keepingSuite,
  fallbackSuite,
  keysSuite,
  sharesSuite,
  signalsSuite,
  stretchSuite,
  triageSuite,
])
  suite('Durable Objects, R2 and D1', emptyStores);
