// The catalogue's attacks on what is shipped: on the built server, tracker and viewer.
import { SHIPPED } from './catalogue/shipped.ts';
import { runAttacks } from './run.ts';

runAttacks(SHIPPED);
