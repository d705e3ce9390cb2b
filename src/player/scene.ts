// What a silhouette looks like at one moment: boxes in paint order, and the layers they move with. Part of every frame that has one.

/** A rectangle, px. */
export interface Clip {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Box extends Clip {
  /** Surface, text line, picture, control. */
  kind: 0 | 1 | 2 | 3;
  element: number;
  /** Place among the scene's layers. */
  layer: number;
  /** CSS colours; empty: none. Of a text line `fill` is its ink. */
  fill: string;
  line: string;
  /** The border runs all around, not only below. */
  around: boolean;
  radius: number;
}

/** What moves as one; its boxes are in px of what scrolls, or of the viewport within a fixed part. */
export interface Layer {
  kind: 'page' | 'fixed' | 'sticky' | 'scroller';
  /** Place of an earlier layer; -1: none. */
  parent: number;
  element: number;
  box: Clip;
  /** Sticky only: px from the scrolling area's upper edge at which it stays, and where it lies while it scrolls. */
  top: number;
  natural: number;
}

/** Consecutive boxes of one layer, in paint order, and the rectangle around them; at most 64, then the rest is one run a layer. */
export interface Run extends Clip {
  layer: number;
  from: number;
  to: number;
}

export interface Scene {
  boxes: readonly Box[];
  layers: readonly Layer[];
  runs: readonly Run[];
  /** An import's header told the boxes; nobody saw them. */
  outline: boolean;
  /** ms from the start. */
  at: number;
}
