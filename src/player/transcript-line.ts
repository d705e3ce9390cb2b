// The lines of a transcript, as facts without words. transcript.ts makes them, the viewer's transcript-words.ts says them in English.
import type { Gap } from '../format/session.ts';
import type { Signal } from '../format/signal.ts';
import type { Rested } from './rested.ts';
import { lastOf } from './search.ts';

/** ms from the start, `at` <= `to`. `finding`: place in the session's findings of what the line tells; null: none. */
export interface Line {
  readonly at: number;
  readonly to: number;
  readonly finding: number | null;
  readonly fact: Fact;
}

export type Fact =
  | { readonly kind: 'arrived'; page: string; from: string | null; window: { width: number; height: number } | null }
  | { readonly kind: 'page' | 'return'; page: string; before: string; again: boolean; tab: number; switched: boolean }
  /** `waited`: ms for which the pointer had been on it before; 0: not worth telling. `moved`: it was seen to come onto it. */
  | {
      readonly kind: 'click';
      element: string;
      count: number;
      ms: number;
      waited: number;
      moved: boolean;
      touch: boolean;
      idle: boolean;
    }
  | { readonly kind: 'focus'; element: string }
  /** In the order in which they were gone into, each once. */
  | { readonly kind: 'fields'; elements: string[] }
  | { readonly kind: 'stay'; ms: number; moved: boolean; scroll: Scrolling | null; rest: Rested | null }
  | { readonly kind: 'idle'; ms: number }
  /** `last`: nobody came back. */
  | { readonly kind: 'away'; ms: number; last: boolean }
  | { readonly kind: 'gap'; ms: number; reason: Gap['reason'] }
  | { readonly kind: 'error' | 'custom'; name: string; count: number }
  | { readonly kind: 'resize'; width: number; height: number }
  | { readonly kind: 'signal'; signal: Signal; reason: string; element: string | null; waited: number; moved: boolean }
  | Busy
  | { readonly kind: 'end'; page: string; ms: number; live: boolean };

/** Many things told as one. */
export interface Busy {
  readonly kind: 'busy';
  ms: number;
  clicks: number;
  /** Those clicked, in order of first click, each once. */
  elements: string[];
  pages: string[];
  errors: number;
  /** Share at its end; null: nothing was scrolled. */
  scroll: number | null;
  away: number;
  missing: number;
}

/** Shares from 0 to 1 of what can be scrolled. */
export interface Scrolling {
  start: number;
  /** The share that lies furthest from `start`. */
  furthest: number;
  end: number;
  /** Only a part of the page moved. */
  nested: boolean;
}

/** The line the playhead has reached; -1 before the first. */
export function lineAt(lines: readonly Line[], position: number): number {
  return lastOf(lines, position, ({ at }) => at);
}
