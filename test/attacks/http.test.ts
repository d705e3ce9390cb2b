// The catalogue's attacks by HTTP, against the real server: each line by its number, then what must hold after every one.
import { FIELDS } from './catalogue/fields.ts';
import { JSON_FORM } from './catalogue/json.ts';
import { KEYS } from './catalogue/keys.ts';
import { KEYS_AND_PATHS } from './catalogue/keys-and-paths.ts';
import { LISTS } from './catalogue/lists.ts';
import { LOAD } from './catalogue/load.ts';
import { NUMBERS } from './catalogue/numbers.ts';
import { ORDER } from './catalogue/order.ts';
import { ORIGINS } from './catalogue/origins.ts';
import { PRIVACY } from './catalogue/privacy.ts';
import { PROTOCOL } from './catalogue/protocol.ts';
import { SESSIONS } from './catalogue/sessions.ts';
import { SIZE } from './catalogue/size.ts';
import { TEXTS } from './catalogue/texts.ts';
import { TIMES } from './catalogue/times.ts';
import { runAttacks } from './run.ts';

runAttacks([
  ...KEYS_AND_PATHS,
  ...JSON_FORM,
  ...FIELDS,
  ...SIZE,
  ...NUMBERS,
  ...TIMES,
  ...TEXTS,
  ...PROTOCOL,
  ...ORIGINS,
  ...KEYS,
  ...SESSIONS,
  ...ORDER,
  ...LOAD,
  ...PRIVACY,
  ...LISTS,
]);
