// What lies under a point of a frame, and its name; the viewer asks it for the user's mouse.
import type { Frame } from './frame.ts';
import type { Rectangle } from './scene.ts';
import { type Shift, seenOf, topmost } from './shift.ts';

/** Viewport px, as far as it is seen. */
export interface NamedBox extends Rectangle {
  name: string;
}

const KINDS = ['Surface', 'Text', 'Picture', 'Control'] as const;
/** px by which a clicked element's box and the boxes of its silhouette may differ. */
const CLOSE = 2;

/** The topmost box under the point; null where there is none. */
export function boxAt({ scene, shifts, elements }: Frame, x: number, y: number): NamedBox | null {
  const box = scene && topmost(scene, shifts, x, y);
  if (!box) return null;
  const seen = seenOf(box, shifts[box.layer] as Shift);
  let name = `${KINDS[box.kind]} · ${box.width} × ${box.height}`;
  let smallest = Number.POSITIVE_INFINITY;
  for (const known of elements) {
    const area = known.width * known.height;
    if (area >= smallest || !holds(known, seen)) continue;
    smallest = area;
    name = known.element;
  }
  return { ...seen, name };
}

function holds(outer: Rectangle, inner: Rectangle): boolean {
  return (
    inner.x >= outer.x - CLOSE &&
    inner.y >= outer.y - CLOSE &&
    inner.x + inner.width <= outer.x + outer.width + CLOSE &&
    inner.y + inner.height <= outer.y + outer.height + CLOSE
  );
}
