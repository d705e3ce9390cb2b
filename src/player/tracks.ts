// The columns a recording is made of: one typed array per field, so that 100,000 events cost little and search fast.
import type { PointerKind } from '../format/event.ts';
import type { Rectangle } from './scene.ts';

/** An element that was clicked; page px, viewport px where `fixed`. */
export interface KnownElement extends Rectangle {
  element: string;
  fixed: boolean;
}

/** One page in one tab. */
export interface View {
  /** ms from the start. */
  readonly at: number;
  readonly page: string;
  /** Views of one page load have one number. */
  readonly tab: number;
  /** Its stretch of the scroll track and of the size track: [from, to). */
  readonly scrollFrom: number;
  readonly scrollTo: number;
  readonly sizeFrom: number;
  readonly sizeTo: number;
  /** Boxes of all elements clicked on this page during the session. */
  readonly elements: readonly KnownElement[];
}

export interface SceneTrack {
  readonly at: Float64Array;
  readonly view: Uint32Array;
}

/** Where the pointer was; viewport px. A stroke is a run of samples between which it moved without a jump. */
export interface PointerTrack {
  readonly at: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly kind: Uint8Array;
  readonly view: Uint32Array;
  /** [from, to) of the sample's stroke; a stroke stays in one view. */
  readonly strokeFrom: Uint32Array;
  readonly strokeTo: Uint32Array;
}

export interface ClickTrack {
  readonly at: Float64Array;
  /** Viewport px, within the viewport. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The document's offset under the viewport when it happened, px. */
  readonly scrollX: Float64Array;
  readonly scrollY: Float64Array;
  readonly view: Uint32Array;
  /** 1; n for the n-th of clicks that follow each other fast in one place. */
  readonly count: Uint32Array;
  readonly fixed: Uint8Array;
  readonly element: readonly string[];
  /** As told: page px; undefined where it was not. */
  readonly box: readonly (Rectangle | undefined)[];
  /** 1: nothing happened within a second. */
  readonly idle: Uint8Array;
  /** ms until the page reacted; NaN: it did not, or nobody measured. */
  readonly effect: Float64Array;
}

export interface ScrollTrack {
  readonly at: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Places where the pointer stayed for a while; page px. */
export interface RestTrack {
  readonly at: Float64Array;
  /** ms, at most 10 s. */
  readonly length: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly view: Uint32Array;
}

/** CSS px. `documentKnown` 0: the document's size was worked out, not reported. */
export interface SizeTrack {
  readonly at: Float64Array;
  readonly width: Float64Array;
  readonly height: Float64Array;
  readonly documentWidth: Float64Array;
  readonly documentHeight: Float64Array;
  readonly documentKnown: Uint8Array;
}

export const POINTER_KINDS: readonly PointerKind[] = ['mouse', 'touch', 'pen'];
