// Paints pictures that the next frames can show, while the browser has nothing else to do. `silhouette.ts` tells it of every frame.
import type { Rectangle, Scene } from '../../player/scene.ts';
import { paintBoxes } from './boxes.ts';
import { chooseBoxes } from './choose.ts';
import { type Part, type Square, squaresOf } from './parts.ts';
import { EDGE, hasPicture, makePicture } from './pictures.ts';

/** A run that paints no more boxes and coats than this in a frame is painted in every frame: that costs less than to keep pictures of it. */
const DIRECT_MAX = 250;
const DIRECT_COATS = 2;
/** Pictures painted between two frames, so that no frame waits for all. Only one of them on a new canvas. */
const SLICE = 3;
/** ms that the browser must have left for another one. */
const PICTURE_MS = 3;
/** ms after which one is painted in any case: a browser that is never idle needs them most. */
const BUSY_MS = 32;

/** ms for which a page must have looked as it does: of one that changes all the time no picture would be shown. */
const RESTED_MS = 100;

/** What the last frame showed. */
export interface Shown {
  scene: Scene;
  scale: number;
  /** From the back. */
  parts: readonly Part[];
}

let shown: Shown | null = null;
/** How far each run went from the frame before to the last one, device px; up is negative. */
let ways: ReadonlyMap<number, number> = new Map();
/** By performance.now(): when the scene came, or was shown larger or smaller. */
let since = 0;
let isAsked = false;

/** `paintGround` fills the whole square with what lies below all boxes. */
export type PaintGround = (context: CanvasRenderingContext2D, scene: Scene, area: Rectangle) => void;

export function paintAhead(now: Shown, paintGround: PaintGround): void {
  const isSame = shown?.scene === now.scene && shown.scale === now.scale;
  const before = isSame && shown ? shown.parts : [];
  if (!isSame) since = performance.now();
  const tops = new Map(before.map(({ index, mapping }) => [index, mapping.originY]));
  ways = new Map(
    now.parts.map(({ index, mapping }) => [index, mapping.originY - (tops.get(index) ?? mapping.originY)]),
  );
  shown = now;
  ask(paintGround);
}

function ask(paintGround: PaintGround): void {
  if (isAsked || !next()) return;
  isAsked = true;
  whenIdle((left) => {
    isAsked = false;
    if (performance.now() - since < RESTED_MS || paintSlice(paintGround, left))
      requestAnimationFrame(() => ask(paintGround));
  });
}

/** Safari has no idle time to tell of: there a timer comes after the frame. */
function whenIdle(work: (left: () => number) => void): void {
  if (typeof requestIdleCallback === 'function')
    requestIdleCallback((deadline) => work(() => deadline.timeRemaining()), { timeout: BUSY_MS });
  else setTimeout(() => work(() => 0));
}

/** False: there is nothing more to be painted, or no canvas for it. */
function paintSlice(paintGround: PaintGround, left: () => number): boolean {
  let most = SLICE;
  do {
    const found = next();
    if (!found || !shown) return false;
    const { part, square } = found;
    const { scene } = shown;
    const made = makePicture(square.key, part.isBase, (context) => {
      const whole = { x: 0, y: 0, width: EDGE, height: EDGE };
      const mapping = { ...part.mapping, originX: -square.x, originY: -square.y };
      if (part.isBase) paintGround(context, scene, whole);
      paintBoxes(context, scene.boxes, chooseBoxes(scene.boxes, part.run.from, part.run.to, mapping, whole), mapping);
    });
    if (made === 'no') return false;
    most -= made === 'new' ? SLICE : 1;
  } while (most > 0 && left() > PICTURE_MS);
  return true;
}

/** What is seen comes first, then what comes where the page is going; of a page at rest that is down. */
function next(): { part: Part; square: Square } | null {
  if (!shown) return null;
  const parts = shown.parts.filter(({ shown, rest, chosen }) => {
    if (shown.length > 0 || !chosen) return true;
    return chosen.indices.length > DIRECT_MAX || chosen.covered > DIRECT_COATS * rest.width * rest.height;
  });
  for (const part of parts) {
    const square = part.squares.find(({ key }) => !hasPicture(key));
    if (square) return { part, square };
  }
  for (const part of parts) {
    const { index, mapping, area } = part;
    const way = ways.get(index) || -1;
    const ahead = squaresOf(shown.scene, index, mapping, { ...area, y: area.y - Math.sign(way) * area.height });
    const square = ahead.find(({ key }) => !hasPicture(key));
    if (square) return { part, square };
  }
  return null;
}
