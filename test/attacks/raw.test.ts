// The catalogue's attacks by raw bytes, against the real server.
import { RAW } from './catalogue/raw.ts';
import { runAttacks } from './run.ts';

runAttacks(RAW);
