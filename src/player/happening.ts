// What happened, as facts without words. happenings.ts finds them; the transcript and the list of events tell them.
import type { Gap } from '../format/session.ts';
import type { Signal } from '../format/signal.ts';

/** ms from the start, `from` <= `to`. `finding`: place in the session's findings of what was found here; null: nothing was. */
interface Happened {
  readonly from: number;
  readonly to: number;
  readonly finding: number | null;
}

/** A page; `tab` from 1, 0 where the session had one tab only. `switched`: the one before was in another tab. */
interface Seen extends Happened {
  readonly page: string;
  readonly tab: number;
  readonly switched: boolean;
}

/** `again`: it was seen before in this session. */
export type Opened = Seen & { readonly kind: 'page'; readonly again: boolean };
export type Returned = Seen & { readonly kind: 'return' };

/** Clicks of one burst on one element; `first`, `last`: their places in the recording's clicks. */
export interface Clicked extends Happened {
  readonly kind: 'click';
  readonly element: string;
  readonly first: number;
  readonly last: number;
  /** Nothing happened after any of them. */
  readonly idle: boolean;
  /** ms until the page reacted to the last; null: it did not, or nobody measured. */
  readonly effect: number | null;
  /** ms from the last to the next page, where that came soon after; else null. */
  readonly led: number | null;
  /** Findings about the same clicks, besides the gravest. */
  readonly others: number;
}

/** The page was scrolled without a pause; shares from 0 to 1 of what can be scrolled. `nested`: a part of the page was, and nobody knows how far. */
export interface Scrolled extends Happened {
  readonly kind: 'scroll';
  readonly start: number;
  readonly furthest: number;
  readonly end: number;
  readonly nested: boolean;
}

export type Happening =
  | Opened
  | Returned
  | Clicked
  | Scrolled
  | (Happened & {
      readonly kind: 'signal';
      readonly signal: Signal;
      readonly reason: string;
      readonly element: string | null;
    })
  | (Happened & { readonly kind: 'error' | 'custom'; readonly name: string; readonly count: number })
  /** A field that was gone into otherwise than by a click. */
  | (Happened & { readonly kind: 'focus'; readonly element: string })
  | (Happened & { readonly kind: 'resize'; readonly width: number; readonly height: number })
  | (Happened & { readonly kind: 'away' })
  | (Happened & { readonly kind: 'gap'; readonly reason: Gap['reason'] });

export type HappeningKind = Happening['kind'];
