// Ties a click to the element it hit, so that its pulse stays on it when the page moves. `silhouette-at.ts` calls it.
import type { Rectangle, Scene } from './scene.ts';
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
export function anchorOf(
  scene: Scene,
  shifts: readonly Shift[],
  point: { x: number; y: number },
  told: Rectangle | null,
): Anchor | null {
  const element = (told && elementLike(scene, shifts, told)) || topmost(scene, shifts, point.x, point.y)?.element;
  const box = element ? placeOf(scene, shifts, element) : null;
  if (!element || !box) return null;
  return { element, x: point.x - box.x, y: point.y - box.y, width: box.width, height: box.height };
}

/** Where the point lies now; null where the element is gone. */
export function pointOf(anchor: Anchor, scene: Scene, shifts: readonly Shift[]): { x: number; y: number } | null {
  const box = placeOf(scene, shifts, anchor.element);
  if (!box) return null;
  const stretch = (now: number, then: number) => (Math.abs(now - then) > 1 && then > 0 ? now / then : 1);
  return {
    x: box.x + anchor.x * stretch(box.width, anchor.width),
    y: box.y + anchor.y * stretch(box.height, anchor.height),
  };
}

function elementLike(scene: Scene, shifts: readonly Shift[], told: Rectangle): number {
  for (const [element, box] of [...placesOf(scene, shifts)].reverse()) {
    if (
      Math.abs(box.x - told.x) <= CLOSE &&
      Math.abs(box.y - told.y) <= CLOSE &&
      Math.abs(box.x + box.width - told.x - told.width) <= CLOSE &&
      Math.abs(box.y + box.height - told.y - told.height) <= CLOSE
    ) {
      return element;
    }
  }
  return 0;
}

function placeOf(scene: Scene, shifts: readonly Shift[], element: number): Rectangle | null {
  return placesOf(scene, shifts, element).get(element) ?? null;
}

/** The rectangle around the boxes of each element (or of one), viewport px, seen or not. */
function placesOf(scene: Scene, shifts: readonly Shift[], only?: number): Map<number, Rectangle> {
  const places = new Map<number, Rectangle>();
  for (const box of scene.boxes) {
    if (only !== undefined && box.element !== only) continue;
    const shift = shifts[box.layer] as Shift;
    const x = box.x + shift.x;
    const y = box.y + shift.y;
    const before = places.get(box.element);
    if (!before) {
      places.set(box.element, { x, y, width: box.width, height: box.height });
      continue;
    }
    const right = Math.max(before.x + before.width, x + box.width);
    const bottom = Math.max(before.y + before.height, y + box.height);
    before.x = Math.min(before.x, x);
    before.y = Math.min(before.y, y);
    before.width = right - before.x;
    before.height = bottom - before.y;
  }
  return places;
}
