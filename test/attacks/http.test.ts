// The catalogue's attacks by HTTP, against the real server: each line by its number, then what must hold after every one.
import { JSON_FORM } from './catalogue/json.ts';
import { KEYS_AND_PATHS } from './catalogue/keys-and-paths.ts';
import { NUMBERS_AND_TIME } from './catalogue/numbers-and-time.ts';
import { PROTOCOL } from './catalogue/protocol.ts';
import { SIZE } from './catalogue/size.ts';
import { TEXTS } from './catalogue/texts.ts';
import { runAttacks } from './run.ts';

runAttacks([...KEYS_AND_PATHS, ...JSON_FORM, ...SIZE, ...NUMBERS_AND_TIME, ...TEXTS, ...PROTOCOL]);
