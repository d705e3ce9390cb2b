// Types of rename.mjs for the test that calls it.
export interface Variables {
  code: string;
  variables: { name: string; number: number; top: string; rivals: Set<number> }[];
  globals: Set<string>;
}
export function variablesOf(code: string): Variables;
export function renamed(variables: Variables, names: readonly string[]): string;
