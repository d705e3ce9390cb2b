// Types of declarations.mjs for the test that calls it.
import type { Variables } from './rename.mjs';

export interface Declarations {
  declarations: { name: string }[];
  rest: object;
}
export function declarationsOf(variables: Variables): Declarations;
export function inOrder(declarations: Declarations['declarations'], wanted: Iterable<number>): number[];
export function written(script: Declarations, order: readonly number[], names: readonly string[]): string;
