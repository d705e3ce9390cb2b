// A place on a page, a viewport or a stage.

/** px; whoever has one says from where. */
export interface Point {
  x: number;
  y: number;
}
