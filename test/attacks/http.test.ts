// The catalogue's attacks by HTTP, against the real server: each line by its number, then what must hold after every one.
import { KEYS_AND_PATHS } from './catalogue/keys-and-paths.ts';
import { runAttacks } from './run.ts';

runAttacks([...KEYS_AND_PATHS]);
