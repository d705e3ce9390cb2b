// What the doctor says of one thing it looked at. Made by every check, printed by cli.ts.

/** `note`: nothing is wrong, but it may be the reason why little is recorded. */
export type Level = 'ok' | 'note' | 'problem';

/** `text`: whole sentences, for the owner of a site. */
export interface Verdict {
  level: Level;
  text: string;
}

export const ok = (text: string): Verdict => ({ level: 'ok', text });
export const note = (text: string): Verdict => ({ level: 'note', text });
export const problem = (text: string): Verdict => ({ level: 'problem', text });
