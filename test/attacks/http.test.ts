// The catalogue's attacks by HTTP, against the real server: each line by its number, then what must hold after every one.
import { JSON_FORM } from './catalogue/json.ts';
import { KEYS } from './catalogue/keys.ts';
import { KEYS_AND_PATHS } from './catalogue/keys-and-paths.ts';
import { LISTS } from './catalogue/lists.ts';
import { LOAD } from './catalogue/load.ts';
import { NUMBERS_AND_TIME } from './catalogue/numbers-and-time.ts';
import { PRIVACY } from './catalogue/privacy.ts';
import { PROTOCOL } from './catalogue/protocol.ts';
import { SESSIONS } from './catalogue/sessions.ts';
import { SIZE } from './catalogue/size.ts';
import { TEXTS } from './catalogue/texts.ts';
import { runAttacks } from './run.ts';

runAttacks([
  ...KEYS_AND_PATHS,
  ...JSON_FORM,
  ...SIZE,
  ...NUMBERS_AND_TIME,
  ...TEXTS,
  ...PROTOCOL,
  ...KEYS,
  ...SESSIONS,
  ...LOAD,
  ...PRIVACY,
  ...LISTS,
]);
