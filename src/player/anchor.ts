// Ties a click to the element it hit, so that its pulse stays on it when the page moves. `silhouette-at.ts` calls it.
import type { Point } from './point.ts';
import type { Box, Rectangle, Scene } from './scene.ts';
import { type Shift, topmost } from './shift.ts';

/** An element, how far from its upper left corner it was hit, and how large it was then; px. */
export interface Anchor extends Rectangle {
  element: number;
}

/** px by which the box that a click told and that of the silhouette may differ. */
const CLOSE = 2;

/**
 * The element whose boxes together are the box that the click told (viewport px), else the topmost one under the point;
 * null where there is none. `scene` and `shifts` are those of the click's time.
 */
export function anchorOf(scene: Scene, shifts: readonly Shift[], point: Point, told: Rectangle | null): Anchor | null {
  const element = (told && elementLike(scene, shifts, told)) || topmost(scene, shifts, point.x, point.y)?.element;
  const box = element ? placeOf(scene, shifts, element) : null;
  if (!element || !box) return null;
  return { element, x: point.x - box.x, y: point.y - box.y, width: box.width, height: box.height };
}

/** Where the point lies now; null where the element is gone. */
export function pointOf(anchor: Anchor, scene: Scene, shifts: readonly Shift[]): Point | null {
  const box = placeOf(scene, shifts, anchor.element);
  if (!box) return null;
  const stretch = (now: number, then: number) => (Math.abs(now - then) > 1 && then > 0 ? now / then : 1);
  return {
    x: box.x + anchor.x * stretch(box.width, anchor.width),
    y: box.y + anchor.y * stretch(box.height, anchor.height),
  };
}

function elementLike(scene: Scene, shifts: readonly Shift[], told: Rectangle): number {
  let found = 0;
  // Of several the one that is painted last.
  for (const [element, boxes] of elementsOf(scene)) {
    const box = around(boxes, shifts);
    const isLike =
      Math.abs(box.x - told.x) <= CLOSE &&
      Math.abs(box.y - told.y) <= CLOSE &&
      Math.abs(box.x + box.width - told.x - told.width) <= CLOSE &&
      Math.abs(box.y + box.height - told.y - told.height) <= CLOSE;
    if (isLike) found = element;
  }
  return found;
}

function placeOf(scene: Scene, shifts: readonly Shift[], element: number): Rectangle | null {
  const boxes = elementsOf(scene).get(element);
  return boxes ? around(boxes, shifts) : null;
}

/** Only saves work: every frame asks where the elements of its clicks are. */
const elements = new WeakMap<Scene, Map<number, Box[]>>();

function elementsOf(scene: Scene): Map<number, Box[]> {
  let known = elements.get(scene);
  if (known) return known;
  known = new Map();
  for (const box of scene.boxes) {
    const others = known.get(box.element);
    if (others) others.push(box);
    else known.set(box.element, [box]);
  }
  elements.set(scene, known);
  return known;
}

/** The rectangle around the boxes of an element, viewport px, seen or not. */
function around(boxes: readonly Box[], shifts: readonly Shift[]): Rectangle {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    const shift = shifts[box.layer] as Shift;
    left = Math.min(left, box.x + shift.x);
    top = Math.min(top, box.y + shift.y);
    right = Math.max(right, box.x + shift.x + box.width);
    bottom = Math.max(bottom, box.y + shift.y + box.height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
