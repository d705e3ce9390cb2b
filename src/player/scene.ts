// What the page looked like between two captures: boxes in paint order, and the layers that move by themselves. `scene-at.ts` makes one.

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A box as it is painted; px of its layer's content. */
export interface Box extends Rectangle {
  /** 0 surface, 1 text line, 2 picture, 3 control. */
  kind: 0 | 1 | 2 | 3;
  /** The element it belongs to; one element has many text lines. */
  element: number;
  /** Place in `Scene.layers`. */
  layer: number;
  /** CSS colours; empty: none. */
  fill: string;
  line: string;
  /** The line goes all around, not along the lower edge alone. */
  around: boolean;
  radius: number;
}

/** Boxes that keep their places to each other. Layer 0 is the page. */
export interface Layer {
  kind: 'page' | 'fixed' | 'sticky' | 'scroller';
  /** The layer it lies in: always an earlier one, of the page 0. */
  parent: number;
  element: number;
  /** Of a scroller: what is seen through; of a sticky part: where it was captured. px of the parent's content. */
  box: Rectangle;
  /** Sticky: px from the scrolling area's upper edge at which it stays. */
  top: number;
  /** Sticky: its y where it does not stick. */
  natural: number;
}

/** Boxes of one layer that are painted one after the other: [from, to), and the rectangle around them. */
export interface Run extends Rectangle {
  layer: number;
  from: number;
  to: number;
}

export interface Scene {
  /** In paint order; at most LAYOUT_BOXES_MAX. */
  readonly boxes: readonly Box[];
  readonly layers: readonly Layer[];
  readonly runs: readonly Run[];
  /** What shows where nothing is painted; empty: nobody knows. */
  readonly ground: string;
  /** An import's header told the boxes: outlines, not what was seen. */
  readonly outline: boolean;
  /** ms from the start: from when on the page looked like this. */
  readonly at: number;
}

/** A box before paint order and layers are known; `place` 0 none, 1 fixed, 2 sticky, 3 scroller. */
export interface Row extends Omit<Box, 'layer'> {
  place: number;
  within: number;
  level: number;
  top: number;
  natural: number;
}

/** Further fixed, sticky and scrolling parts move with what they lie in: the work of a frame stays bounded. */
const LAYERS_MAX = 64;
/** Further boxes of a layer are painted together, above the others. */
const RUNS_MAX = 64;
/** Viewports that all runs may cover together, for each of them is laid over the others in every frame. Beyond it nothing moves by itself. */
const COVERED_MAX = 4;

interface Extent {
  width: number;
  height: number;
}

/** `rows` in any order; sizes in px. */
export function buildScene(
  rows: readonly Row[],
  document: Extent,
  viewport: Extent,
  told: { outline: boolean; at: number },
): Scene {
  // Rows of one element stay in the order in which they came.
  const painted = [...rows].sort((a, b) => a.level - b.level || a.element - b.element);
  const { layers, inside, own } = findLayers(painted);
  const boxes = painted.map((row) =>
    boxOf(row, (row.place > 0 && own.get(row.element)) || inside.get(row.within) || 0),
  );
  const { ordered, runs } = findRuns(boxes);
  if (coverage(runs, viewport) <= COVERED_MAX)
    return { boxes: ordered, layers, runs, ground: groundOf(ordered, document), ...told };
  const flat = painted.map((row) => boxOf(row, 0));
  return { boxes: flat, layers: [PAGE], runs: findRuns(flat).runs, ground: groundOf(flat, document), ...told };
}

function boxOf({ x, y, width, height, kind, element, fill, line, around, radius }: Row, layer: number): Box {
  return { x, y, width, height, kind, element, layer, fill, line, around, radius };
}

function coverage(runs: readonly Run[], viewport: Extent): number {
  let covered = 0;
  for (const run of runs)
    covered += Math.min(1, run.width / viewport.width) * Math.min(1, run.height / viewport.height);
  return covered;
}

const PAGE: Layer = {
  kind: 'page',
  parent: 0,
  element: 0,
  box: { x: 0, y: 0, width: 0, height: 0 },
  top: 0,
  natural: 0,
};

const FIXED = 1;
const STICKY = 2;
const SCROLLER = 3;

/** `own`: the layer that an element moves with; `inside`: the one that its content moves with. */
function findLayers(rows: readonly Row[]): { layers: Layer[]; own: Map<number, number>; inside: Map<number, number> } {
  const layers: Layer[] = [PAGE];
  const own = new Map<number, number>();
  const inside = new Map<number, number>();
  // A part's own id is greater than that of what it lies in: what it lies in is known by then, and rings cannot be.
  const placed = rows.filter((row) => row.place > 0).sort((a, b) => a.element - b.element || a.place - b.place);
  for (const { element, place, within, x, y, width, height, top, natural } of placed) {
    if (layers.length >= LAYERS_MAX) break;
    const kind = place === FIXED ? 'fixed' : place === STICKY ? 'sticky' : 'scroller';
    const around = within < element ? (inside.get(within) ?? 0) : 0;
    const parent = kind === 'fixed' ? 0 : (own.get(element) ?? around);
    layers.push({ kind, parent, element, box: { x, y, width, height }, top, natural });
    if (place !== SCROLLER) own.set(element, layers.length - 1);
    inside.set(element, layers.length - 1);
  }
  return { layers, own, inside };
}

/** Beyond RUNS_MAX the rest is gathered by layer, so that there are never more than twice as many. */
function findRuns(boxes: readonly Box[]): { ordered: readonly Box[]; runs: Run[] } {
  const runs: Run[] = [];
  let i = 0;
  for (; i < boxes.length; i++) {
    const { layer } = boxes[i] as Box;
    if (runs.at(-1)?.layer !== layer && runs.length === RUNS_MAX) break;
    add(runs, boxes[i] as Box, i);
  }
  if (i === boxes.length) return { ordered: boxes, runs };
  const rest = boxes.slice(i).sort((a, b) => a.layer - b.layer);
  for (const [j, box] of rest.entries()) add(runs, box, i + j);
  return { ordered: [...boxes.slice(0, i), ...rest], runs };
}

function add(runs: Run[], { layer, x, y, width, height }: Box, i: number): void {
  const run = runs.at(-1);
  if (run?.layer !== layer) {
    runs.push({ layer, from: i, to: i + 1, x, y, width, height });
    return;
  }
  const right = Math.max(run.x + run.width, x + width);
  const bottom = Math.max(run.y + run.height, y + height);
  run.x = Math.min(run.x, x);
  run.y = Math.min(run.y, y);
  run.width = right - run.x;
  run.height = bottom - run.y;
  run.to = i + 1;
}

/** The colour of the lowest surface that covers the whole document. */
function groundOf(boxes: readonly Box[], { width, height }: Extent): string {
  const covers = boxes.find(
    (box) =>
      box.kind === 0 &&
      box.layer === 0 &&
      box.fill !== '' &&
      box.x <= 0 &&
      box.y <= 0 &&
      box.x + box.width >= width &&
      box.y + box.height >= height,
  );
  return covers?.fill ?? '';
}
