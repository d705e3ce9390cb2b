// The catalogue's attacks on what is stored, against the real server on a data directory in which somebody was.
import { STORED } from './catalogue/stored.ts';
import { plantAll } from './planted.ts';
import { runAttacks } from './run.ts';

runAttacks(STORED, plantAll);
